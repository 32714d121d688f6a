// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include "bot/gateway/signal/limits.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;
namespace json = boost::json;

constexpr std::string_view kSomeone = "sg:4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301";

Sender someone() {
  return to(Channel::kSignal, kSomeone, "sg:+38163555010");
}

TEST(SignalRenderTest, SendsNumberedChoicesAsPlainText) {
  Reply question = reply("*Safe?*");
  question.choices = {choice("q:yes", "Yes"), choice("q:no", "No")};
  const auto call = make_gateway("signal")->render(question, someone());
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->path, "/v2/send");
  ASSERT_EQ(call->headers.size(), 1U);
  EXPECT_EQ(call->headers[0].value, "application/json");
  EXPECT_EQ(json::parse(body_of(*call)), json::parse(R"({"number":"+15550100000",
      "recipients":["4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"],"text_mode":"normal",
      "message":"*Safe?*\n\n1) Yes\n2) No\n\nReply with the number."})"));
}

TEST(SignalRenderTest, FallsBackToTheNumber) {
  const auto gateway = make_gateway("signal");
  const auto call = gateway->render(reply("x"), to(Channel::kSignal, "sg:+38163555010"));
  EXPECT_EQ(json::parse(body_of(call.value())).at("recipients"),
            json::parse(R"(["+38163555010"])"));
  for (const char* address :
       {"sg:", "wa:38163555010", "sg:group.YWJj", "sg:someone.01",
        "sg:00000000-0000-0000-0000-000000000000", "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"}) {
    EXPECT_FALSE(gateway->render(reply("x"), to(Channel::kSignal, address)).ok()) << address;
  }
}

TEST(SignalRenderTest, RefusesATextOverItsLimit) {
  const auto gateway = make_gateway("signal");
  const std::string full(signal::kMaxMessageBytes, 'x');
  EXPECT_TRUE(gateway->render(reply(full), someone()).ok());
  EXPECT_FALSE(gateway->render(reply(full + 'x'), someone()).ok());
}

TEST(SignalTimerTest, IsSetAsTheOperatorWants) {
  const auto call = make_gateway("signal")->set_timer(someone());
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->method, "PUT");
  EXPECT_EQ(call->path, "/v1/contacts/%2B15550100000");
  EXPECT_EQ(json::parse(body_of(*call)),
            json::parse(R"({"recipient":"4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301",
                            "expiration_in_seconds":86400})"));
}

TEST(SignalTimerTest, IsLeftAloneWhereNoneIsWanted) {
  GatewaySettings settings;
  settings.signal = signal_config();
  settings.signal->expire_seconds = 0;
  const auto gateways = make_gateways(std::move(settings)).value();
  EXPECT_FALSE(gateways[0]->set_timer(someone()).has_value());
  EXPECT_FALSE(make_gateway("whatsapp")->set_timer(to(Channel::kWhatsApp, "wa:38163555010")));
}

TEST(SignalUnsendTest, DeletesOurOwnMessage) {
  const auto gateway = make_gateway("signal");
  const auto call = gateway->unsend(someone(), SecretText("1790000010000"));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->method, "DELETE");
  EXPECT_EQ(call->path, "/v1/remote-delete/%2B15550100000");
  EXPECT_EQ(json::parse(body_of(*call)),
            json::parse(R"({"recipient":"4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301",
                            "timestamp":1790000010000})"));
  for (const char* id : {"", "wamid.X", "-1", "99999999999999999"}) {
    EXPECT_FALSE(gateway->unsend(someone(), SecretText(id)).has_value()) << id;
  }
}

}  // namespace
}  // namespace resguardo::gateway
