// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace resguardo::http {

using StreamProtocol = boost::asio::generic::stream_protocol;
using Acceptor = boost::asio::basic_socket_acceptor<StreamProtocol>;

// An address to listen at, read from "127.0.0.1:8080", "[::1]:8080" or "unix:/path".
struct ListenAddress {
  StreamProtocol::endpoint endpoint;
  std::string unix_path;  // empty: TCP
};
Result<ListenAddress> parse_listen_address(std::string_view text);
// One port of one address, for two: with SO_REUSEPORT each would get half of what comes.
bool is_same(const ListenAddress& one, const ListenAddress& other);

inline constexpr StaticText kTwice = "another listener has this address";

// The address, bound once for all threads: each of them opens its own acceptor on it. TCP by
// SO_REUSEPORT, after a look whether somebody else has the port (with SO_REUSEPORT alone a second
// server would quietly share it); UNIX by a duplicate of one socket, mode 0660, which replaces the
// file a dead server left and is removed again at the end.
class BoundAddress {
 public:
  static Result<BoundAddress> bind(const ListenAddress& address);
  BoundAddress(BoundAddress&& other) noexcept;
  BoundAddress& operator=(BoundAddress&&) = delete;
  ~BoundAddress();

  Result<Acceptor> open(boost::asio::io_context& context) const;
  std::uint16_t port() const;  // 0: not TCP
  const ListenAddress& address() const { return address_; }

 private:
  BoundAddress(ListenAddress address, int socket) : address_(std::move(address)), socket_(socket) {}
  ListenAddress address_;
  int socket_ = -1;  // keeps the address ours; not listening for TCP
};

}  // namespace resguardo::http
