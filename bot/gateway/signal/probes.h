// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::signal {

// What a signal-cli says of itself, in either of the ways in which it is spoken to.
// Of GET /v1/about: signal-cli-rest-api posts what comes in only in its json-rpc modes.
std::optional<ProbeFinding> judge_rest_probe(const CallAnswer& answer);
// Of listAccounts: a daemon that serves several must serve ours.
std::optional<ProbeFinding> judge_rpc_probe(const CallAnswer& answer, std::string_view account);

}  // namespace resguardo::gateway::signal
