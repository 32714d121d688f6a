// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bench/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

namespace resguardo::bench {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

const sockaddr* general(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void send_at_once(int handle) {
  const int yes = 1;
  if (::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0) fail("setsockopt");
}

std::size_t length_in(std::string_view head) {
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const std::size_t at = head.find(name);
    if (at == std::string_view::npos) continue;
    std::size_t length = 0;
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(), length);
    return length;
  }
  return 0;
}

}  // namespace

Wire::~Wire() {
  ::close(handle_);
}

bool Wire::receive() {
  in_.erase(0, used_);
  used_ = 0;
  while (true) {
    const std::size_t before = in_.size();
    in_.resize(before + kChunk);
    const ssize_t got = ::recv(handle_, in_.data() + before, kChunk, MSG_DONTWAIT);
    in_.resize(before + static_cast<std::size_t>(got > 0 ? got : 0));
    if (got == static_cast<ssize_t>(kChunk)) continue;
    if (got > 0) return true;
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  }
}

std::optional<WireMessage> Wire::take() {
  const std::string_view rest = std::string_view(in_).substr(used_);
  const std::size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t line = rest.find("\r\n");
  WireMessage message{rest.substr(0, line), rest.substr(line, end - line), {}};
  const std::size_t length = length_in(rest.substr(0, end));
  if (rest.size() < end + 4 + length) return std::nullopt;
  message.body = rest.substr(end + 4, length);
  used_ += end + 4 + length;
  return message;
}

bool Wire::send(std::string_view text) {
  if (!unsent_.empty()) {
    unsent_ += text;
    return flush();
  }
  const ssize_t sent = ::send(handle_, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
  unsent_ = text.substr(static_cast<std::size_t>(sent < 0 ? 0 : sent));
  return true;
}

bool Wire::flush() {
  if (unsent_.empty()) return true;
  const std::string text = std::exchange(unsent_, {});
  return send(text);
}

int connect_to(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (handle < 0) fail("socket");
  const sockaddr_in address = loopback(port);
  if (::connect(handle, general(address), sizeof address) != 0) fail("connect");
  send_at_once(handle);
  return handle;
}

int listen_on(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (handle < 0) fail("socket");
  const int yes = 1;
  ::setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = loopback(port);
  if (::bind(handle, general(address), sizeof address) != 0) fail("bind");
  if (::listen(handle, SOMAXCONN) != 0) fail("listen");
  return handle;
}

int accept_from(int listener) {
  const int handle = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  if (handle >= 0) send_at_once(handle);
  return handle;
}

std::uint16_t port_of(int handle) {
  sockaddr_in address = {};
  socklen_t size = sizeof address;
  if (::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("getsockname");
  return ntohs(address.sin_port);
}

Poll::Poll() : handle_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (handle_ < 0) fail("epoll_create1");
}
Poll::~Poll() {
  ::close(handle_);
}

void Poll::watch(int handle, const Ready* ready) {
  epoll_event event = {};
  event.events = EPOLLIN;
  event.data.ptr = const_cast<Ready*>(ready);
  if (::epoll_ctl(handle_, EPOLL_CTL_ADD, handle, &event) != 0) fail("epoll_ctl");
}

void Poll::forget(int handle) {
  ::epoll_ctl(handle_, EPOLL_CTL_DEL, handle, nullptr);
}

void Poll::wait(std::int64_t nanoseconds) {
  constexpr std::int64_t second = 1'000'000'000;
  const timespec time = {nanoseconds / second, nanoseconds % second};
  std::array<epoll_event, 64> events{};
  const int count =
      ::epoll_pwait2(handle_, events.data(), static_cast<int>(events.size()), &time, nullptr);
  if (count < 0 && errno != EINTR) fail("epoll_pwait2");
  for (int i = 0; i < count; ++i)
    (*static_cast<const Ready*>(events[static_cast<std::size_t>(i)].data.ptr))();
}

}  // namespace resguardo::bench
