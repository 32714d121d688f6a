// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "bot/config/config.h"
#include "program/problem.h"

namespace resguardo::commands {

// True for 127.x.y.z:PORT, [::1]:PORT and unix:/PATH: what only this machine reaches.
bool stays_on_this_machine(std::string_view address);

// What is wrong with [server] trusted_proxies.
std::optional<program::Problem> proxies_problem(const config::Config& config);

}  // namespace resguardo::commands
