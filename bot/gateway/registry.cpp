// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/registry.h"

#include <array>
#include <utility>

#include "bot/gateway/signal/signal.h"
#include "bot/gateway/whatsapp/whatsapp.h"

namespace resguardo::gateway {
namespace {

template <class Messenger, auto kField>
Result<std::unique_ptr<Gateway>> make(GatewaySettings& settings) {
  auto& config = settings.*kField;
  if (!config) return std::unique_ptr<Gateway>();
  return Messenger::create(std::move(*config));
}

constexpr std::array kRegistered = {
    Registered{"whatsapp", &make<whatsapp::WhatsApp, &GatewaySettings::whatsapp>},
    Registered{"signal", &make<signal::Signal, &GatewaySettings::signal>},
};

}  // namespace

std::span<const Registered> registered_gateways() {
  return kRegistered;
}

Result<std::vector<std::unique_ptr<Gateway>>> make_gateways(GatewaySettings settings) {
  std::vector<std::unique_ptr<Gateway>> gateways;
  for (const Registered& entry : kRegistered) {
    RESGUARDO_TRY(auto gateway, entry.make(settings));
    if (gateway) gateways.push_back(std::move(gateway));
  }
  return gateways;
}

}  // namespace resguardo::gateway
