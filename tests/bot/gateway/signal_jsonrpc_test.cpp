// SPDX-License-Identifier: AGPL-3.0-or-later
// signal-cli's own daemon, beside what the cases show.
#include <gtest/gtest.h>

#include "bot/gateway/signal/signal.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

// It has no webhook, so nobody can post to it; who posts has no stream.
TEST(SignalJsonRpcTest, IsToldNothingByWebhookAndTheOthersNothingByStream) {
  const auto now = TimePoint(std::chrono::seconds(1'790'000'200));
  const auto posted =
      make_signal_daemon()->verify_and_parse(signed_request("signal", "{}", Auth::kGood), now);
  ASSERT_FALSE(posted.ok());
  EXPECT_EQ(posted.error().fault, Fault::kUnauthentic);
  for (const char* name : {"signal", "whatsapp"})
    EXPECT_EQ(make_gateway(name)->take_streamed(SecretBuffer(as_bytes("{}")), now).refused, 1U);
}

TEST(SignalJsonRpcTest, NeedsNoSecretsAndAGoodAccount) {
  signal::Config config;
  config.mode = signal::Mode::kJsonRpc;
  config.account = "15550100000";
  EXPECT_FALSE(signal::Signal::create(std::move(config)).ok());
}

}  // namespace
}  // namespace resguardo::gateway
