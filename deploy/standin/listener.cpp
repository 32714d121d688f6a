// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/listener.h"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/ostream.hpp>
#include <boost/beast/http/chunk_encode.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

namespace resguardo::standin {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint64_t kLongestBody = 8UL * 1024 * 1024;

http::Request plain(const bhttp::request<bhttp::string_body>& from) {
  http::Request request;
  request.method = std::string(from.method_string());
  request.target = std::string(from.target());
  for (const auto& field : from) {
    std::string name(field.name_string());
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    request.headers.push_back({std::move(name), std::string(field.value())});
  }
  request.body = SecretBuffer(as_bytes(from.body()));
  return request;
}

class SocketCaller final : public Caller {
 public:
  SocketCaller(Tcp::socket& socket, bool keep) : socket_(socket), keep_(keep) {}

  void answer(const http::Response& response, std::size_t cut_after) override {
    bhttp::response<bhttp::string_body> out(static_cast<bhttp::status>(response.status), 11);
    if (!response.content_type.empty()) out.set(bhttp::field::content_type, response.content_type);
    out.body() = response.body;
    out.prepare_payload();
    out.keep_alive(keep_);
    error_code failed;
    if (cut_after < response.body.size()) {
      out.body().resize(cut_after);  // less than its head says
      bhttp::write(socket_, out, failed);
      keep_ = false;
      return;
    }
    bhttp::write(socket_, out, failed);
    if (failed) keep_ = false;
  }

  void cut() override { keep_ = false; }

  bool begin_stream(const std::string& content_type) override {
    keep_ = false;
    bhttp::response<bhttp::empty_body> head(bhttp::status::ok, 11);
    head.set(bhttp::field::content_type, content_type);
    head.chunked(true);
    bhttp::response_serializer<bhttp::empty_body> serializer(head);
    error_code failed;
    bhttp::write_header(socket_, serializer, failed);
    return !failed;
  }

  bool send_piece(std::string_view piece) override {
    error_code failed;
    asio::write(socket_, bhttp::make_chunk(asio::const_buffer(piece.data(), piece.size())), failed);
    return !failed;
  }

  // Nothing more comes from a caller of a stream but its end.
  bool gone() override {
    char byte = 0;
    const auto read = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return read == 0 || (read < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
  }

  bool keeps() const { return keep_; }

 private:
  Tcp::socket& socket_;
  bool keep_;
};

class ThreadedListener final : public Listener {
 public:
  ThreadedListener(Handler handler) : handler_(std::move(handler)), acceptor_(context_) {}
  ThreadedListener(const ThreadedListener&) = delete;
  ThreadedListener& operator=(const ThreadedListener&) = delete;
  ~ThreadedListener() override {
    stopping_ = true;
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    if (accepting_.joinable()) accepting_.join();
    std::unique_lock lock(mutex_);
    for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    ended_.wait(lock, [&] { return running_ == 0; });
  }

  Status open(const std::string& address) {
    constexpr Error kBad{Fault::kMalformed, "an address to listen on is not HOST:PORT"};
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return kBad;
    std::uint16_t port = 0;
    const char* const end = address.data() + address.size();
    if (std::from_chars(address.data() + colon + 1, end, port).ptr != end) return kBad;
    error_code failed;
    const auto host = asio::ip::make_address(address.substr(0, colon), failed);
    if (failed) return kBad;
    const Tcp::endpoint at(host, port);
    acceptor_.open(at.protocol(), failed);
    if (!failed) acceptor_.set_option(Tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(at, failed);
    if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return Error{Fault::kUnavailable, "cannot listen on an address"};
    accepting_ = std::thread([this] { accept(); });
    return success();
  }

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

 private:
  void accept() {
    while (!stopping_) {
      error_code failed;
      Tcp::socket socket = acceptor_.accept(failed);
      if (failed) continue;
      socket.set_option(Tcp::no_delay(true), failed);
      {
        const std::lock_guard lock(mutex_);
        open_.insert(socket.native_handle());
        ++running_;
      }
      std::thread([this, socket = std::move(socket)]() mutable { serve(socket); }).detach();
    }
  }

  void serve(Tcp::socket& socket) {
    beast::flat_buffer buffer;
    while (!stopping_) {
      bhttp::request_parser<bhttp::string_body> parser;
      parser.body_limit(kLongestBody);
      error_code failed;
      bhttp::read(socket, buffer, parser, failed);
      if (failed) break;
      SocketCaller caller(socket, parser.get().keep_alive());
      handler_(plain(parser.get()), caller);
      if (!caller.keeps()) break;
    }
    const std::lock_guard lock(mutex_);
    open_.erase(socket.native_handle());
    error_code ignored;
    socket.shutdown(Tcp::socket::shutdown_both, ignored);
    socket.close(ignored);
    --running_;
    ended_.notify_all();
  }

  Handler handler_;
  asio::io_context context_;
  Tcp::acceptor acceptor_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::set<int> open_;
  std::size_t running_ = 0;
  std::thread accepting_;
};

}  // namespace

Result<std::unique_ptr<Listener>> Listener::start(const std::string& address, Handler handler) {
  auto listener = std::make_unique<ThreadedListener>(std::move(handler));
  RESGUARDO_CHECK(listener->open(address));
  return std::unique_ptr<Listener>(std::move(listener));
}

}  // namespace resguardo::standin
