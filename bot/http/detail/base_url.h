// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace resguardo::http {

// Where requests go: "http(s)://host[:port][/prefix]" (RFC 3986), or "unix:/path".
struct BaseUrl {
  bool tls = false;
  std::string host;  // a name or an address without brackets; empty for UNIX
  std::uint16_t port = 0;
  std::string unix_path;  // empty: TCP
  std::string prefix;     // of every path; no slash at its end
  std::string authority;  // for the Host header

  // Two requests may share a connection if this is the same.
  std::string origin() const;
};

// kMalformed: another scheme, credentials, a query or fragment, no host, an impossible port.
Result<BaseUrl> parse_base_url(std::string_view text);

}  // namespace resguardo::http
