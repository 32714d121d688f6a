// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/gateway/signal/config.h"
#include "bot/gateway/whatsapp/config.h"

namespace resguardo::gateway {

// One field per gateway; absent: not used by this operator.
struct GatewaySettings {
  std::optional<whatsapp::Config> whatsapp;
  std::optional<signal::Config> signal;
};

struct Registered {
  StaticText name;
  // nullptr: not configured. kMalformed: configured in a way that cannot work.
  Result<std::unique_ptr<Gateway>> (*make)(GatewaySettings& settings);
};
std::span<const Registered> registered_gateways();

// All that are configured. The first that cannot work is the error.
Result<std::vector<std::unique_ptr<Gateway>>> make_gateways(GatewaySettings settings);

}  // namespace resguardo::gateway
