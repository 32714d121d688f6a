// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/http/raw_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace resguardo::http::testing {
namespace {

int checked(int value, const char* what) {
  if (value < 0) throw std::runtime_error(what);
  return value;
}

void limit_waiting(int socket) {
  const timeval limit{20, 0};
  checked(::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), "SO_RCVTIMEO");
  checked(::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit), "SO_SNDTIMEO");
}

template <class Address>
sockaddr* generic(Address& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t found = head.find(kName);
  if (found == head.npos) return 0;
  return std::strtoul(head.data() + found + kName.size(), nullptr, 10);
}

}  // namespace

RawPeer RawPeer::connect(std::uint16_t port) {
  RawPeer peer(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  limit_waiting(peer.socket_);
  sockaddr_in address = loopback(port);
  checked(::connect(peer.socket_, generic(address), sizeof address), "connect");
  const int on = 1;  // each send() is a packet of its own
  checked(::setsockopt(peer.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  return peer;
}

RawPeer RawPeer::connect_unix(const std::string& path) {
  RawPeer peer(checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
  limit_waiting(peer.socket_);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path);
  checked(::connect(peer.socket_, generic(address), sizeof address), "connect");
  return peer;
}

bool RawPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawPeer::shut_writing() {
  ::shutdown(socket_, SHUT_WR);
}

void RawPeer::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void RawPeer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close();
}

bool RawPeer::fill() {
  char piece[4096];
  const ssize_t got = ::recv(socket_, piece, sizeof piece, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("no answer");
  if (got <= 0) return false;
  unread_.append(piece, static_cast<std::size_t>(got));
  return true;
}

unsigned RawPeer::Message::status() const {
  if (!head.starts_with("HTTP/1.1 ")) return 0;
  return static_cast<unsigned>(std::strtoul(head.c_str() + 9, nullptr, 10));
}

RawPeer::Message RawPeer::read_message(bool has_body) {
  std::size_t end = 0;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  Message message{unread_.substr(0, end + 4), ""};
  unread_.erase(0, end + 4);
  const std::size_t length = has_body ? length_in(message.head) : 0;
  while (unread_.size() < length) {
    if (!fill()) return {};
  }
  message.body = unread_.substr(0, length);
  unread_.erase(0, length);
  return message;
}

bool RawPeer::at_end() {
  return unread_.empty() && !fill();
}

std::string RawPeer::read_all() {
  while (fill()) {
  }
  return std::exchange(unread_, {});
}

RawListener::RawListener()
    : socket_(checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  limit_waiting(socket_);
  sockaddr_in address = loopback(0);
  checked(::bind(socket_, generic(address), sizeof address), "bind");
  checked(::listen(socket_, 64), "listen");
  socklen_t size = sizeof address;
  checked(::getsockname(socket_, generic(address), &size), "getsockname");
  port_ = ntohs(address.sin_port);
}

RawListener::~RawListener() {
  close();
}

void RawListener::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

RawPeer RawListener::accept() {
  RawPeer peer(checked(::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC), "accept"));
  return peer;
}

}  // namespace resguardo::http::testing
