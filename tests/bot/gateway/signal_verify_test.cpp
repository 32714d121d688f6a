// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

const std::string kPath = "/webhooks/signal/" + std::string(kWebhookToken);

std::string basic(std::string_view credentials) {
  return "Basic " + to_base64(as_bytes(credentials));
}

bool takes_at(const Gateway& gateway, std::string target, std::vector<std::string> authorizations,
              std::string method = "POST") {
  RawRequest request;
  request.method = std::move(method);
  request.target = std::move(target);
  for (std::string& value : authorizations) {
    request.headers.push_back({"authorization", std::move(value)});
  }
  return gateway.verify_and_parse(std::move(request), TimePoint()).ok();
}

TEST(SignalWebhookTest, NeedsTokenAndCredentials) {
  const auto gateway = make_gateway("signal");
  const std::string good = basic("bot:basic-secret");
  EXPECT_TRUE(takes_at(*gateway, kPath, {good}));
  EXPECT_TRUE(takes_at(*gateway, kPath, {"bAsIc " + good.substr(6)}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {good, good}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {basic("bot:other-secret")}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {basic("other:basic-secret")}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {good.substr(6)}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {"Bearer " + good.substr(6)}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {"Basic "}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {good + " "}));
  EXPECT_FALSE(takes_at(*gateway, kPath, {good}, "GET"));
}

TEST(SignalWebhookTest, WantsTheTokenExactly) {
  const auto gateway = make_gateway("signal");
  const std::string good = basic("bot:basic-secret");
  const std::string token(kWebhookToken);
  for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string flipped = token;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(takes_at(*gateway, "/webhooks/signal/" + flipped, {good}));
  }
  for (const std::string& target :
       {kPath + "/", kPath + "?x=1", kPath.substr(0, kPath.size() - 1), kPath + "a",
        std::string("/webhooks/signal/"), std::string("/webhooks/signal"), std::string(),
        "/webhooks/whatsapp/" + token, "http://host" + kPath}) {
    EXPECT_FALSE(takes_at(*gateway, target, {good})) << target;
  }
}

TEST(SignalWebhookTest, TakesTheTokenAsSecretWhereNoOtherIsGiven) {
  GatewaySettings settings;
  settings.signal = signal_config();
  settings.signal->basic_secret.reset();
  const auto gateways = make_gateways(std::move(settings)).value();
  EXPECT_TRUE(takes_at(*gateways[0], kPath, {basic("bot:" + std::string(kWebhookToken))}));
  EXPECT_FALSE(takes_at(*gateways[0], kPath, {basic("bot:")}));
}

TEST(SignalWebhookTest, HasNoHandshake) {
  RawRequest request;
  request.method = "GET";
  request.target = kPath + "?hub.mode=subscribe&hub.challenge=1";
  EXPECT_FALSE(make_gateway("signal")->handshake(request).value().accepted);
}

TEST(SignalSettingsTest, AreRefusedWhenTheyCannotWork) {
  const auto works = [](auto change) {
    GatewaySettings settings;
    settings.signal = signal_config();
    change(*settings.signal);
    return make_gateways(std::move(settings)).ok();
  };
  using signal::Config;
  EXPECT_TRUE(works([](Config&) {}));
  EXPECT_FALSE(works([](Config& config) { config.account = "15550100000"; }));
  EXPECT_FALSE(works([](Config& config) { config.account = "+1555/../x"; }));
  EXPECT_TRUE(works([](Config& config) { config.webhook_token = secret(std::string(16, 'a')); }));
  EXPECT_FALSE(works([](Config& config) { config.webhook_token = secret(std::string(15, 'a')); }));
  EXPECT_TRUE(works([](Config& config) { config.webhook_token = secret(std::string(128, 'a')); }));
  EXPECT_FALSE(works([](Config& config) { config.webhook_token = secret(std::string(129, 'a')); }));
  EXPECT_FALSE(works([](Config& config) { config.webhook_token = secret("sixteen/letters+"); }));
  EXPECT_FALSE(works([](Config& config) { config.basic_user = "bot:x"; }));
  EXPECT_FALSE(works([](Config& config) { config.basic_user = ""; }));
  EXPECT_FALSE(works([](Config& config) { config.basic_secret = secret(""); }));
}

}  // namespace
}  // namespace resguardo::gateway
