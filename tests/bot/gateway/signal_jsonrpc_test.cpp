// SPDX-License-Identifier: AGPL-3.0-or-later
// signal-cli's own daemon: what is sent to it, and what its answers mean (gateways.md §1).
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "bot/gateway/signal/signal.h"
#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;
namespace json = boost::json;
using enum SendVerdict;

Sender somebody() {
  return to(Channel::kSignal, "sg:4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301", "sg:+38163555010");
}

SendOutcome rpc_judged(unsigned status, std::string_view body) {
  return judge(*make_signal_daemon(), status, body);
}

std::string result_of(std::string_view result) {
  return R"({"jsonrpc":"2.0","id":"1","result":{"timestamp":1790000010000,"results":[)" +
         std::string(result) + "]}}";
}

std::string error_of(int code, std::string_view data = "null") {
  return R"({"jsonrpc":"2.0","id":"1","error":{"code":)" + std::to_string(code) +
         R"(,"message":"+15550100001 failed","data":)" + std::string(data) + "}}";
}

void expect_call(const OutboundCall& call, std::string_view method, std::string_view params) {
  EXPECT_EQ(call.method, "POST");
  EXPECT_EQ(call.path, "/api/v1/rpc");
  ASSERT_EQ(call.headers.size(), 1U);
  EXPECT_EQ(call.headers[0].value, "application/json");
  const json::value body = json::parse(body_of(call));
  EXPECT_EQ(body.at("jsonrpc"), "2.0");
  EXPECT_EQ(body.at("method").as_string(), method);
  EXPECT_EQ(body.at("params"), json::parse(params));
}

TEST(SignalJsonRpcTest, SendsNumberedChoicesAsPlainText) {
  Reply question = reply("*Safe?*");
  question.choices = {choice("q:yes", "Yes"), choice("q:no", "No")};
  expect_call(make_signal_daemon()->render(question, somebody()).value(), "send",
              R"({"account":"+15550100000","recipient":["4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"],
                  "message":"*Safe?*\n\n1) Yes\n2) No\n\nReply with the number."})");
}

TEST(SignalJsonRpcTest, SetsTheTimerAndTakesBack) {
  const auto gateway = make_signal_daemon();
  expect_call(gateway->set_timer(somebody()).value(), "updateContact",
              R"({"account":"+15550100000","recipient":["4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"],
                  "expiration":86400})");
  expect_call(gateway->unsend(somebody(), SecretText("1790000010000")).value(), "remoteDelete",
              R"({"account":"+15550100000","recipient":["4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f301"],
                  "targetTimestamp":1790000010000})");
  EXPECT_FALSE(gateway->unsend(somebody(), SecretText("now")).has_value());
}

TEST(SignalJsonRpcTest, AsksForTheEventsOfItsAccount) {
  const auto call = make_signal_daemon()->subscribe();
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->path, "/api/v1/events?account=%2B15550100000");
  EXPECT_FALSE(make_gateway("signal")->subscribe().has_value());
  EXPECT_FALSE(make_gateway("whatsapp")->subscribe().has_value());
}

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

TEST(SignalJsonRpcTest, ReadsWhatBecameOfTheRecipient) {
  const SendOutcome sent = rpc_judged(200, result_of(R"({"type":"SUCCESS"})"));
  EXPECT_EQ(sent.verdict, kSent);
  EXPECT_EQ(sent.message_id.reveal(), "1790000010000");
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"NETWORK_FAILURE"})")).verdict, kRetry);
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"UNREGISTERED_FAILURE"})")).verdict, kDrop);
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"IDENTITY_FAILURE"})")).verdict, kDrop);
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"INVALID_PRE_KEY_FAILURE"})")).verdict, kRetry);
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"OF_A_LATER_VERSION"})")).verdict, kRetry);
  EXPECT_TRUE(rpc_judged(200, result_of(R"({"type":"NETWORK_FAILURE"})")).message_id.empty());
}

TEST(SignalJsonRpcTest, TellsALimitFromACaptcha) {
  const SendOutcome wait =
      rpc_judged(200, result_of(R"({"type":"RATE_LIMIT_FAILURE","retryAfterSeconds":300})"));
  EXPECT_EQ(wait.verdict, kSlowDown);
  EXPECT_EQ(wait.wait, std::chrono::seconds(300));
  const SendOutcome endless =
      rpc_judged(200, result_of(R"({"type":"RATE_LIMIT_FAILURE","retryAfterSeconds":9000000})"));
  EXPECT_EQ(endless.wait, std::chrono::hours(24));
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"RATE_LIMIT_FAILURE"})")).wait,
            std::chrono::seconds(60));
  EXPECT_EQ(rpc_judged(200, result_of(R"({"type":"RATE_LIMIT_FAILURE","token":"t"})")).verdict,
            kStop);
  EXPECT_EQ(rpc_judged(200, error_of(-5, R"({"response":{"timestamp":1,"results":[)"
                                         R"({"type":"RATE_LIMIT_FAILURE","token":"t"}]}})"))
                .verdict,
            kStop);
}

TEST(SignalJsonRpcTest, GivesTheOperatorTheCommandForACaptcha) {
  const auto command = [](std::string_view token) {
    return rpc_judged(200, result_of(R"({"type":"RATE_LIMIT_FAILURE","token":")" +
                                     std::string(token) + R"("})"))
        .command;
  };
  EXPECT_EQ(command("abc-123"),
            "curl -H 'Content-Type: application/json' API_BASE/api/v1/rpc -d "
            R"('{"jsonrpc":"2.0","id":"1","method":"submitRateLimitChallenge","params":)"
            R"({"account":"+15550100000","challenge":"abc-123","captcha":"signalcaptcha://…"}}')");
  for (const char* hostile : {"x; reboot", "$(x)", "'", ""})
    EXPECT_NE(command(hostile).find(R"("challenge":"TOKEN")"), std::string::npos) << hostile;
  EXPECT_TRUE(rpc_judged(200, error_of(-5)).command.empty());
}

TEST(SignalJsonRpcTest, ActsOnEveryCode) {
  const std::pair<int, SendVerdict> codes[] = {{-1, kDrop},      {-3, kRetry},    {-4, kDrop},
                                               {-5, kSlowDown},  {-6, kStop},     {-32700, kDrop},
                                               {-32600, kDrop},  {-32601, kDrop}, {-32602, kDrop},
                                               {-32603, kRetry}, {-7, kRetry},    {7, kRetry}};
  for (const auto& [code, verdict] : codes)
    EXPECT_EQ(rpc_judged(200, error_of(code)).verdict, verdict) << code;
  EXPECT_EQ(rpc_judged(200, R"({"error":{"code":"-1"}})").verdict, kRetry);
  EXPECT_EQ(
      rpc_judged(200, error_of(-1, R"({"response":{"results":[{"type":"NETWORK_FAILURE"}]}})"))
          .verdict,
      kRetry);
}

TEST(SignalJsonRpcTest, FallsBackToTheStatus) {
  EXPECT_EQ(rpc_judged(0, "").verdict, kRetry);
  EXPECT_EQ(rpc_judged(500, "").verdict, kRetry);
  for (const unsigned status : {302U, 404U, 405U, 415U, 421U})
    EXPECT_EQ(rpc_judged(status, "").verdict, kStop) << status;
  EXPECT_EQ(rpc_judged(200, R"({"result":{}})").verdict, kSent);
  for (const char* body : {"", "[]", "{}", "<html>", R"({"result":7})"})
    EXPECT_EQ(rpc_judged(200, body).verdict, kRetry) << body;
}

TEST(SignalJsonRpcTest, NoReasonQuotesAnError) {
  const SendOutcome outcome = rpc_judged(200, error_of(-1));
  EXPECT_EQ(outcome.reason.view().find("1555"), std::string_view::npos);
}

TEST(SignalJsonRpcTest, NeedsNoSecretsAndAGoodAccount) {
  signal::Config config;
  config.mode = signal::Mode::kJsonRpc;
  config.account = "15550100000";
  EXPECT_FALSE(signal::Signal::create(std::move(config)).ok());
}

}  // namespace
}  // namespace resguardo::gateway
