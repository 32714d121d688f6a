// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/http/message.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::http {

struct TlsFiles {
  std::string certificate_chain;  // PEM paths
  std::string private_key;
};

// Of one listener; docs/adr/175.
struct PeerLimits {
  std::size_t connections = 4096;    // for one more, the oldest goes that had nothing taken yet
  std::size_t per_address = 0;       // of them; requests under way, through a proxy. 0: no limit
  unsigned refusals_per_minute = 0;  // answers of 4xx to one address; 0: no limit
};

struct ListenerConfig {
  std::string name;     // public, gateway, admin: for messages
  std::string address;  // "127.0.0.1:8080", "[::1]:8080", "unix:/path"; port 0 picks one
  std::optional<TlsFiles> tls;
  FindRoute routes;
  PeerLimits peers = {};
};

// How a proxy says for whom it asks: one header, since a client may send the other.
enum class ForwardedBy : std::uint8_t { kXForwardedFor, kForwarded };

struct ServerConfig {
  unsigned threads = 2;
  std::vector<ListenerConfig> listeners;
  std::size_t header_limit = std::size_t{16} * 1024;
  // Addresses, ranges ("192.0.2.0/24") or "unix"; nobody else is asked for whom they ask.
  std::vector<std::string> trusted_proxies;
  ForwardedBy forwarded_by = ForwardedBy::kXForwardedFor;
  std::size_t pipelined = 16;  // requests that may be sent before the first of them is answered
  // Of the bodies that are being read at a listener, all together, beyond the first `free_body` of
  // each: who finds no room is answered 503.
  std::size_t bodies = std::size_t{64} * 1024 * 1024;
  std::size_t free_body = std::size_t{16} * 1024;
  std::chrono::milliseconds idle{60'000};     // between requests of a connection
  std::chrono::milliseconds request{30'000};  // from its first byte to its last
  std::chrono::milliseconds answer{30'000};   // until respond() is called: 503 after
};

// HTTP/1.1 (RFC 9112) in coroutines: one io_context per thread, SO_REUSEPORT. Limits are on the
// parser; bodies live in wiping memory; a request that is malformed, too big or too slow is
// answered or cut without reading more of it. Nothing of a request is logged. An address is held as
// a hash under a key of this process, and used for nothing but PeerLimits.
class Server {
 public:
  // Binds all listeners or none. kUnavailable: an address cannot be bound; kMalformed: an address
  // or a TLS file is not what it should be. `failed_listener` gets the name of the one at fault.
  static Result<std::unique_ptr<Server>> start(ServerConfig config,
                                               std::string* failed_listener = nullptr);
  virtual ~Server() = default;  // stops

  virtual std::uint16_t port(std::string_view listener) const = 0;
  // Stops accepting, lets requests in flight finish within `grace`, then closes. Blocks.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  virtual Status reload_tls() = 0;  // running connections keep the old certificate
  // When the certificate that new connections are shown ends; nothing where there is none.
  virtual std::optional<TimePoint> certificate_ends() const = 0;
};

// Why an address cannot be bound: who runs this may not, or not by themselves.
inline constexpr StaticText kNoPermission = "no permission to listen at the address";

// What Server::start() would find wrong with these addresses, and which of them it is. `now`: they
// are bound too, for a moment, so what somebody else has is wrong.
Status check_listeners(const std::vector<std::string>& addresses, bool now, std::size_t& at_fault);

struct Validity {
  TimePoint from, until;
};
// Of the certificate that comes first. Errors as Server::start() has them.
Result<Validity> check_tls(const TlsFiles& files);

// kMalformed unless ServerConfig::trusted_proxies may say this.
Status check_proxies(const std::vector<std::string>& entries);

}  // namespace resguardo::http
