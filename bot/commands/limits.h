// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>

#include "bot/config/config.h"
#include "bot/http/server.h"
#include "bot/intake/allowances.h"
#include "program/problem.h"

namespace resguardo::commands {

// What of a server's limits is the configuration's: docs/adr/175. Listeners are added.
http::ServerConfig server_settings(const config::Config& config);
// Raises the process's descriptors to what so many connections of each listener need, or to what
// the system allows: before the sandbox, which forbids it.
void raise_descriptors(std::size_t connections);
// How many of them each listener may have then: the store and the messengers need some whoever
// comes.
std::size_t connections_of_each(std::size_t wanted);
// For `check`: that they will be fewer for whoever runs this.
std::optional<program::Problem> too_few_descriptors(const config::Config& config);
// Strangers get half of what a messenger may be sent: the rest is for people whom the store knows
// (docs/adr/176).
intake::Allowances::Limits allowances(const config::Config& config);

}  // namespace resguardo::commands
