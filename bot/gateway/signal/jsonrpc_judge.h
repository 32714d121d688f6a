// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "bot/gateway/gateway.h"

namespace resguardo::gateway::signal {

// What became of a call to signal-cli's daemon (gateways.md §1.2, §1.3, §1.9).
SendOutcome judge_jsonrpc(const CallAnswer& answer, std::string_view account);

}  // namespace resguardo::gateway::signal
