// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "bot/commands/sources.h"
#include "program/problem.h"

namespace resguardo::commands {

// True for an http:// address of another machine: whoever is between reads along.
bool goes_in_the_clear(std::string_view api_base);

// Asks each messenger's program how it is set up, all at once, and waits some seconds at most.
// Writes to nobody. What keeps people from being heard or answered is a problem, what may pass by
// itself (nothing answers yet) a warning.
struct MessengerFindings {
  std::vector<program::Problem> problems;
  std::vector<program::Problem> warnings;
};
MessengerFindings ask_messengers(const std::vector<ConfiguredGateway>& gateways);

}  // namespace resguardo::commands
