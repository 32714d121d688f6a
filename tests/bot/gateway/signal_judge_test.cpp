// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;
using enum SendVerdict;

SendOutcome signal_judged(unsigned status, std::string_view body) {
  return judge(*make_gateway("signal"), status, body);
}

std::string failed(std::string_view reason) {
  return R"([{"timestamp":"1790000010000","errors":{"recipients":[{"number":"+1555","reason":")" +
         std::string(reason) + R"("}]}}])";
}

TEST(SignalJudgeTest, ReadsBothShapesOfSuccess) {
  for (const char* body : {R"({"timestamp":"1790000010000"})", R"([{"timestamp":"1790000010000"}])",
                           R"([{"timestamp":1790000010000,"errors":{"recipients":[]}}])",
                           R"([{"timestamp":"1790000010000","errors":null}])"}) {
    const SendOutcome outcome = signal_judged(201, body);
    EXPECT_EQ(outcome.verdict, kSent) << body;
    EXPECT_EQ(outcome.message_id.reveal(), "1790000010000") << body;
  }
}

TEST(SignalJudgeTest, DoesNotSendAgainWhatWasTakenWithAnOddAnswer) {
  for (const char* body : {"", "[]", "[7]", "{}", "nothing", R"({"timestamp":"now"})"}) {
    EXPECT_EQ(signal_judged(201, body).verdict, kSent) << body;
    EXPECT_TRUE(signal_judged(201, body).message_id.empty()) << body;
  }
}

TEST(SignalJudgeTest, ReadsWhyARecipientFailed) {
  EXPECT_EQ(signal_judged(201, failed("UNREGISTERED_FAILURE")).verdict, kDrop);
  EXPECT_EQ(signal_judged(201, failed("IDENTITY_FAILURE")).verdict, kDrop);
  EXPECT_EQ(signal_judged(201, failed("RATE_LIMIT_FAILURE")).verdict, kSlowDown);
  EXPECT_EQ(signal_judged(201, failed("NETWORK_FAILURE")).verdict, kRetry);
  EXPECT_EQ(signal_judged(201, failed("")).verdict, kRetry);
}

TEST(SignalJudgeTest, ReadsTheWordsOfA400) {
  EXPECT_EQ(signal_judged(
                400, R"({"error":"Unable to complete request due to untrusted recipient keys"})")
                .verdict,
            kDrop);
  EXPECT_EQ(signal_judged(400, R"({"error":"Unregistered user \"+15550100001\""})").verdict, kDrop);
  EXPECT_EQ(signal_judged(400, R"({"error":"User +15550100000 is not registered."})").verdict,
            kStop);
  EXPECT_EQ(signal_judged(400, R"({"error":"Specified account does not exist"})").verdict, kStop);
  EXPECT_EQ(signal_judged(400, R"({"error":"connection reset"})").verdict, kRetry);
  EXPECT_EQ(signal_judged(400, "").verdict, kRetry);
}

TEST(SignalJudgeTest, StopsWhenACaptchaIsWanted) {
  EXPECT_EQ(signal_judged(429, R"({"error":"x","challenge_tokens":["t"],"account":"+15550100000"})")
                .verdict,
            kStop);
  EXPECT_EQ(signal_judged(429, R"({"error":"x","challenge_tokens":[]})").verdict, kSlowDown);
  EXPECT_EQ(signal_judged(429, "").verdict, kSlowDown);
}

TEST(SignalJudgeTest, GivesTheOperatorTheCommandForACaptcha) {
  EXPECT_EQ(signal_judged(429, R"({"error":"x","challenge_tokens":["t-1"]})").command,
            "curl -H 'Content-Type: application/json' "
            "API_BASE/v1/accounts/+15550100000/rate-limit-challenge -d "
            R"('{"challenge_token":"t-1","captcha":"signalcaptcha://…"}')");
  EXPECT_NE(signal_judged(429, R"({"error":"x","challenge_tokens":["'; reboot"]})")
                .command.find(R"("TOKEN")"),
            std::string::npos);
}

TEST(SignalJudgeTest, FallsBackToTheStatus) {
  EXPECT_EQ(signal_judged(0, "").verdict, kRetry);
  EXPECT_EQ(signal_judged(500, "").verdict, kRetry);
  EXPECT_EQ(signal_judged(502, "<html>").verdict, kRetry);
  EXPECT_EQ(signal_judged(404, "").verdict, kStop);
  EXPECT_EQ(signal_judged(302, "").verdict, kStop);
}

}  // namespace
}  // namespace resguardo::gateway
