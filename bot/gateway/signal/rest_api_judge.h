// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::signal {

// What became of a call to signal-cli-rest-api (gateways.md §2.4).
SendOutcome judge_rest_api(const CallAnswer& answer, std::string_view account);

}  // namespace resguardo::gateway::signal
