// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bot/http/message.h"
#include "bot/http/server.h"
#include "crypto/base/bytes.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::http {

using Address = boost::asio::ip::address;

// Who connected; nothing: over a UNIX socket. An IPv4 address in IPv6 clothes is what it is.
std::optional<Address> address_of(const boost::asio::generic::stream_protocol::endpoint& peer);

// An address as this process counts it, and nothing else may hold it: a hash under a key that is
// drawn at the start. Of IPv6 the first 64 bits count, which are one customer's.
struct PeerTagMeaning;
using PeerTag = FixedBytes<PeerTagMeaning, 16>;
class PeerNames {
 public:
  static Result<PeerNames> create();
  PeerTag of(const Address& address) const;

 private:
  explicit PeerNames(SecretBytes key) : key_(std::move(key)) {}
  SecretBytes key_;
};

// The proxies that are believed when they say for whom they ask.
class TrustedProxies {
 public:
  // "192.0.2.7", "2001:db8::/48", "unix": whoever may open a UNIX socket of ours.
  static Result<TrustedProxies> parse(const std::vector<std::string>& entries);

  bool trusts(const std::optional<Address>& peer) const;
  // For whom a trusted proxy asks: the last address in the header that is no trusted proxy's. What
  // stands before it was said by somebody who is not believed. Nothing: it does not say.
  std::optional<Address> asked_for(const std::vector<Header>& headers, ForwardedBy by) const;

 private:
  bool unix_ = false;
  std::vector<boost::asio::ip::network_v4> v4_;
  std::vector<boost::asio::ip::network_v6> v6_;
};

}  // namespace resguardo::http
