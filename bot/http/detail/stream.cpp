// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/stream.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "bot/http/detail/await.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::http {
namespace {

constexpr std::size_t kLingerAtMost = std::size_t{1024} * 1024;

asio::awaitable<void> discard(Socket& socket) {
  std::array<std::uint8_t, 4096> scrap;  // wiped below; filled before it is read
  std::size_t seen = 0;
  while (seen < kLingerAtMost) {
    const auto [error, count] = co_await socket.async_read_some(asio::buffer(scrap), kAwait);
    if (error) break;
    seen += count;
  }
  wipe(scrap);
}

void shut(Socket& socket, Socket::shutdown_type side) noexcept {
  boost::system::error_code ignored;  // not connected any more: what we wanted
  socket.shutdown(side, ignored);
}

void close_socket(Socket& socket) noexcept {
  boost::system::error_code ignored;
  socket.close(ignored);
}

bool has_nothing_to_read(Socket& socket) noexcept {
  if (!socket.is_open()) return false;
  char byte = 0;
  const ssize_t got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {}

  asio::awaitable<IoResult> handshake() override { co_return IoResult{}; }
  asio::awaitable<IoResult> read_some(std::span<std::uint8_t> out) override {
    const auto [error, count] =
        co_await socket_.async_read_some(asio::buffer(out.data(), out.size()), kAwait);
    co_return IoResult{error, count};
  }
  asio::awaitable<IoResult> write(ByteView first, ByteView second) override {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(first.data(), first.size()),
                                                  asio::buffer(second.data(), second.size())};
    const auto [error, count] = co_await asio::async_write(socket_, parts, kAwait);
    co_return IoResult{error, count};
  }
  asio::awaitable<void> finish(bool linger) override {
    shut(socket_, Socket::shutdown_send);
    if (linger) co_await discard(socket_);
  }
  void stop_reading() noexcept override { shut(socket_, Socket::shutdown_receive); }
  void close() noexcept override { close_socket(socket_); }
  bool is_quiet() noexcept override { return has_nothing_to_read(socket_); }

 private:
  Socket socket_;
};

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, TlsContext context, asio::ssl::stream_base::handshake_type side)
      : context_(std::move(context)), stream_(std::move(socket), *context_), side_(side) {}

  // False: OpenSSL refuses the name.
  bool expect_peer(const std::string& host) {
    boost::system::error_code error;
    asio::ip::make_address(host, error);
    const bool is_name = error.failed();  // an address has no server name (RFC 6066 §3)
    if (is_name && !ask_for_name(host)) return false;
    stream_.set_verify_mode(asio::ssl::verify_peer, error);
    if (error) return false;
    stream_.set_verify_callback(asio::ssl::host_name_verification(host), error);
    return !error;
  }

  asio::awaitable<IoResult> handshake() override {
    const auto [error] = co_await stream_.async_handshake(side_, kAwait);
    co_return IoResult{error, 0};
  }
  asio::awaitable<IoResult> read_some(std::span<std::uint8_t> out) override {
    const auto [error, count] =
        co_await stream_.async_read_some(asio::buffer(out.data(), out.size()), kAwait);
    co_return IoResult{error, count};
  }
  asio::awaitable<IoResult> write(ByteView first, ByteView second) override {
    const std::array<asio::const_buffer, 2> parts{asio::buffer(first.data(), first.size()),
                                                  asio::buffer(second.data(), second.size())};
    const auto [error, count] = co_await asio::async_write(stream_, parts, kAwait);
    co_return IoResult{error, count};
  }
  asio::awaitable<void> finish(bool linger) override {
    co_await stream_.async_shutdown(kAwait);  // fails when the peer cuts without a word: fine
    shut(stream_.next_layer(), Socket::shutdown_send);
    if (linger) co_await discard(stream_.next_layer());
  }
  void stop_reading() noexcept override { shut(stream_.next_layer(), Socket::shutdown_receive); }
  void close() noexcept override { close_socket(stream_.next_layer()); }
  bool is_quiet() noexcept override { return has_nothing_to_read(stream_.next_layer()); }

 private:
  // What the macro SSL_set_tlsext_host_name does, without its C cast.
  bool ask_for_name(const std::string& host) {
    std::string copy = host;
    return SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                    TLSEXT_NAMETYPE_host_name, copy.data()) == 1;
  }

  TlsContext context_;
  asio::ssl::stream<Socket> stream_;
  asio::ssl::stream_base::handshake_type side_;
};

}  // namespace

std::unique_ptr<Stream> plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<Stream> tls_server_stream(Socket socket, TlsContext context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context),
                                     asio::ssl::stream_base::server);
}

std::unique_ptr<Stream> tls_client_stream(Socket socket, TlsContext context,
                                          const std::string& host) {
  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(context),
                                            asio::ssl::stream_base::client);
  if (!stream->expect_peer(host)) return nullptr;
  return stream;
}

}  // namespace resguardo::http
