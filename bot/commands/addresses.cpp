// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/addresses.h"

#include <arpa/inet.h>

#include <string>

#include "bot/http/server.h"

namespace resguardo::commands {

bool stays_on_this_machine(std::string_view address) {
  if (address.starts_with("unix:/") || address.starts_with("[::1]:")) return true;
  const std::string host(address.substr(0, address.rfind(':')));
  in_addr parsed = {};
  if (inet_pton(AF_INET, host.c_str(), &parsed) != 1) return false;
  return (ntohl(parsed.s_addr) >> 24) == 127;
}

std::optional<program::Problem> proxies_problem(const config::Config& config) {
  const auto proxies = http::check_proxies(config.server.trusted_proxies);
  if (proxies.ok()) return std::nullopt;
  return program::usage_problem("[server] trusted_proxies", proxies.error().why.c_str(),
                                "write it like \"192.0.2.7\", \"2001:db8::/48\" or \"unix\"");
}

}  // namespace resguardo::commands
