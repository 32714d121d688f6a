// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/http/detail/base_url.h"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace resguardo::http {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::size_t kLongestUnixPath = 107;  // sockaddr_un(7)
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

Result<BaseUrl> parse_unix(std::string_view path) {
  if (!path.starts_with('/') || path.size() > kLongestUnixPath || path.find('\0') != path.npos) {
    return Error{Fault::kMalformed, "unix: needs an absolute path of at most 107 bytes"};
  }
  BaseUrl base;
  base.unix_path = path;
  base.authority = "localhost";
  return base;
}

}  // namespace

std::string BaseUrl::origin() const {
  if (!unix_path.empty()) return std::string(kUnixPrefix) + unix_path;
  return (tls ? "https://" : "http://") + host + " " + std::to_string(port);
}

Result<BaseUrl> parse_base_url(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) return parse_unix(text.substr(kUnixPrefix.size()));
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return Error{Fault::kMalformed, "the base URL does not parse"};
  const boost::urls::url_view& url = *parsed;
  const bool tls = url.scheme_id() == boost::urls::scheme::https;
  if (!tls && url.scheme_id() != boost::urls::scheme::http) {
    return Error{Fault::kMalformed, "the base URL is neither http nor https"};
  }
  if (url.has_userinfo() || url.has_query() || url.has_fragment()) {
    return Error{Fault::kMalformed, "the base URL has credentials, a query or a fragment"};
  }
  if (url.encoded_host().empty()) return Error{Fault::kMalformed, "the base URL has no host"};
  const bool port_given = url.has_port() && !url.port().empty();
  if (port_given && url.port_number() == 0) {
    return Error{Fault::kMalformed, "the base URL's port is impossible"};
  }
  BaseUrl base;
  base.tls = tls;
  base.host = url.host_address();
  if (base.host.find('\0') != base.host.npos) {
    return Error{Fault::kMalformed, "the base URL's host is impossible"};
  }
  base.port = port_given ? url.port_number() : (tls ? kHttpsPort : kHttpPort);
  base.prefix = url.encoded_path();
  while (base.prefix.ends_with('/')) base.prefix.pop_back();
  base.authority = url.encoded_host();
  if (port_given) base.authority.append(":").append(std::to_string(base.port));
  return base;
}

}  // namespace resguardo::http
