// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "bot/gateway/signal/limits.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

Sender someone() {
  return to(Channel::kSignal, "sg:4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301", "sg:+38163555010");
}

TEST(SignalRenderTest, RefusesATextOverItsLimit) {
  const auto gateway = make_gateway("signal");
  const std::string full(signal::kMaxMessageBytes, 'x');
  EXPECT_TRUE(gateway->render(reply(full), someone()).ok());
  EXPECT_FALSE(gateway->render(reply(full + 'x'), someone()).ok());
}

TEST(SignalTimerTest, IsLeftAloneWhereNoneIsWanted) {
  GatewaySettings settings;
  settings.signal = signal_config();
  settings.signal->expire_seconds = 0;
  const auto gateways = make_gateways(std::move(settings)).value();
  EXPECT_FALSE(gateways[0]->set_timer(someone()).has_value());
}

}  // namespace
}  // namespace resguardo::gateway
