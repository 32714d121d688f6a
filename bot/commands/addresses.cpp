// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/addresses.h"

#include <arpa/inet.h>

#include <string>

namespace resguardo::commands {

bool stays_on_this_machine(std::string_view address) {
  if (address.starts_with("unix:/") || address.starts_with("[::1]:")) return true;
  const std::string host(address.substr(0, address.rfind(':')));
  in_addr parsed = {};
  if (inet_pton(AF_INET, host.c_str(), &parsed) != 1) return false;
  return (ntohl(parsed.s_addr) >> 24) == 127;
}

}  // namespace resguardo::commands
