// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/addresses.h"

#include <netinet/in.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cstring>
#include <ranges>

#include "bot/http/detail/parser.h"
#include "crypto/base/hash.h"

namespace resguardo::http {
namespace {

namespace ip = boost::asio::ip;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kCustomer = 8;  // bytes of an IPv6 address

Address plain(const Address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// "192.0.2.7", "192.0.2.7:4711", "[2001:db8::1]", "[2001:db8::1]:4711", "2001:db8::1".
std::optional<Address> parse_node(std::string_view text) {
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const Address address = ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return plain(address);
}

// The node of one element of Forwarded (RFC 7239 §4): `for=192.0.2.7;proto=https`.
std::string_view node_of(std::string_view element) {
  while (!element.empty()) {
    const auto end = element.find(';');
    const std::string_view pair = trimmed(element.substr(0, end));
    const auto equals = pair.find('=');
    if (equals != pair.npos && equal_ignoring_case(pair.substr(0, equals), "for")) {
      std::string_view value = pair.substr(equals + 1);
      if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
        value = value.substr(1, value.size() - 2);
      return value;
    }
    element = end == element.npos ? std::string_view() : element.substr(end + 1);
  }
  return {};
}

// Whoever comes from there is met as IPv4, so the entry would hold for nobody.
bool is_of_v4(const ip::network_v6& network) {
  return network.address().is_v4_mapped();
}

// What several lines of one header say, in their order.
std::vector<std::string_view> elements(const std::vector<Header>& headers, std::string_view name) {
  std::vector<std::string_view> found;
  for (const Header& header : headers) {
    if (header.name != name) continue;
    std::string_view rest = header.value;
    for (;;) {
      const auto comma = rest.find(',');
      found.push_back(trimmed(rest.substr(0, comma)));
      if (comma == rest.npos) break;
      rest = rest.substr(comma + 1);
    }
  }
  return found;
}

}  // namespace

std::optional<Address> address_of(const boost::asio::generic::stream_protocol::endpoint& peer) {
  const int family = peer.protocol().family();
  if (family != AF_INET && family != AF_INET6) return std::nullopt;
  ip::tcp::endpoint endpoint;
  if (peer.size() > endpoint.capacity()) return std::nullopt;
  std::memcpy(endpoint.data(), peer.data(), peer.size());
  return plain(endpoint.address());
}

Result<PeerNames> PeerNames::create() {
  RESGUARDO_TRY(SecretBytes key, SecretBytes::random(kKeySize));
  return PeerNames(std::move(key));
}

PeerTag PeerNames::of(const Address& address) const {
  const auto tag = [this](ByteView bytes) {
    const Digest digest = key_.read([&](ByteView key) { return hmac_sha256(key, bytes); });
    return *PeerTag::from(digest.view().first(PeerTag::kSize));
  };
  if (address.is_v4()) return tag(address.to_v4().to_bytes());
  return tag(ByteView(address.to_v6().to_bytes()).first(kCustomer));
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& entries) {
  TrustedProxies result;
  for (const std::string& entry : entries) {
    if (entry == "unix") {
      result.unix_ = true;
      continue;
    }
    const bool is_range = entry.find('/') != entry.npos;
    const bool is_v6 = entry.find(':') != entry.npos;
    boost::system::error_code error;
    if (is_v6) {
      result.v6_.push_back(ip::make_network_v6(is_range ? entry : entry + "/128", error));
    } else {
      result.v4_.push_back(ip::make_network_v4(is_range ? entry : entry + "/32", error));
    }
    if (error) return Error{Fault::kMalformed, "an entry is no address and no range"};
    if (is_v6 && is_of_v4(result.v6_.back()))
      return Error{Fault::kMalformed, "an entry is an IPv4 address in IPv6: write it as IPv4"};
    const auto length =
        is_v6 ? result.v6_.back().prefix_length() : result.v4_.back().prefix_length();
    if (length == 0) return Error{Fault::kMalformed, "an entry is every address there is"};
  }
  return result;
}

bool TrustedProxies::trusts(const std::optional<Address>& peer) const {
  if (!peer) return unix_;
  const auto holds = [](const auto& network, const auto& address) {
    return network.canonical() ==
           std::remove_cvref_t<decltype(network)>(address, network.prefix_length()).canonical();
  };
  if (peer->is_v4())
    return std::ranges::any_of(v4_, [&](const auto& one) { return holds(one, peer->to_v4()); });
  return std::ranges::any_of(v6_, [&](const auto& one) { return holds(one, peer->to_v6()); });
}

std::optional<Address> TrustedProxies::asked_for(const std::vector<Header>& headers,
                                                 ForwardedBy by) const {
  const bool standard = by == ForwardedBy::kForwarded;
  const auto said = elements(headers, standard ? "forwarded" : "x-forwarded-for");
  for (const auto& one : std::views::reverse(said)) {
    auto address = parse_node(standard ? node_of(one) : one);
    if (!address) return std::nullopt;
    if (!trusts(address)) return address;
  }
  return std::nullopt;
}

Status check_proxies(const std::vector<std::string>& entries) {
  RESGUARDO_CHECK(TrustedProxies::parse(entries));
  return success();
}

}  // namespace resguardo::http
