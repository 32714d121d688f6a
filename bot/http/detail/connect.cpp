// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/connect.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <utility>
#include <vector>

#include "bot/http/detail/await.h"
#include "bot/http/detail/watchdog.h"

namespace resguardo::http {
namespace {

// An address that swallows packets must not use up the time of the next one.
constexpr std::chrono::seconds kPerAddress{5};

using Endpoints = std::vector<asio::generic::stream_protocol::endpoint>;

asio::awaitable<Endpoints> find_endpoints(const BaseUrl& base, StopSignal& stop) {
  Endpoints endpoints;
  if (!base.unix_path.empty()) {
    endpoints.emplace_back(asio::local::stream_protocol::endpoint(base.unix_path));
    co_return endpoints;
  }
  boost::system::error_code error;
  const auto address = asio::ip::make_address(base.host, error);
  if (!error) {
    endpoints.emplace_back(asio::ip::tcp::endpoint(address, base.port));
    co_return endpoints;
  }
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  stop.on_stop([&resolver] { resolver.cancel(); });
  const std::string port = std::to_string(base.port);
  const auto [failure, found] = co_await resolver.async_resolve(base.host, port, kAwait);
  stop.on_stop(nullptr);
  if (failure) co_return endpoints;
  for (const auto& entry : found) endpoints.emplace_back(entry.endpoint());
  co_return endpoints;
}

// A socket that is open and connected, or not open.
asio::awaitable<Socket> connect_one(const Endpoints::value_type& endpoint, bool is_last,
                                    StopSignal& stop) {
  const auto executor = co_await asio::this_coro::executor;
  Socket socket(executor);
  const auto close = [&socket] {
    boost::system::error_code ignored;
    socket.close(ignored);
  };
  boost::system::error_code error;
  socket.open(endpoint.protocol(), error);
  if (error) co_return socket;
  stop.on_stop(close);
  Watchdog watchdog(executor);
  if (!is_last) watchdog.watch(kPerAddress, close);
  const auto [failure] = co_await socket.async_connect(endpoint, kAwait);
  stop.on_stop(nullptr);
  if (failure || stop.stopped()) close();
  socket.set_option(asio::ip::tcp::no_delay(true), error);  // UNIX sockets have no such option
  co_return socket;
}

asio::awaitable<Connected> shake_hands(std::unique_ptr<Stream> stream, StopSignal& stop) {
  stop.on_stop([raw = stream.get()] { raw->close(); });
  const IoResult result = co_await stream->handshake();
  stop.on_stop(nullptr);
  if (result.error) {
    co_return Connected{nullptr, "TLS was refused: the certificate, its name or the version"};
  }
  co_return Connected{std::move(stream), ""};
}

}  // namespace

asio::awaitable<Connected> connect(const BaseUrl& base, const TlsContext& tls, StopSignal& stop) {
  if (stop.stopped()) co_return Connected{nullptr, "given up before it began"};
  const Endpoints endpoints = co_await find_endpoints(base, stop);
  if (endpoints.empty()) co_return Connected{nullptr, "the host's name cannot be resolved"};
  for (std::size_t i = 0; i < endpoints.size() && !stop.stopped(); ++i) {
    Socket socket = co_await connect_one(endpoints[i], i + 1 == endpoints.size(), stop);
    if (!socket.is_open()) continue;
    auto stream = base.tls ? tls_client_stream(std::move(socket), tls, base.host)
                           : plain_stream(std::move(socket));
    if (!stream) co_return Connected{nullptr, "the host's name cannot be verified"};
    co_return co_await shake_hands(std::move(stream), stop);
  }
  co_return Connected{nullptr, "no connection to the host"};
}

}  // namespace resguardo::http
