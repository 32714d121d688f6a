// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include "tests/bot/gateway/harness.h"

namespace resguardo::gateway {
namespace {

using namespace testing_support;

SendOutcome judged(unsigned status, std::string_view body) {
  return judge(*make_gateway("whatsapp"), status, body);
}

SendVerdict by_code(int code, unsigned status = 400) {
  return judged(status, R"({"error":{"message":"(#1) x","type":"OAuthException","code":)" +
                            std::to_string(code) + R"(,"error_subcode":0}})")
      .verdict;
}

TEST(WhatsAppJudgeTest, FindsTheIdOfWhatWasSent) {
  const SendOutcome outcome = judged(
      200,
      R"({"messaging_product":"whatsapp","contacts":[{"input":"+38163555010","wa_id":"38163555010"}],
          "messages":[{"id":"wamid.X","message_status":"accepted"}]})");
  EXPECT_EQ(outcome.verdict, SendVerdict::kSent);
  EXPECT_EQ(outcome.message_id.reveal(), "wamid.X");
}

TEST(WhatsAppJudgeTest, DoesNotSendAgainWhatWasTakenWithAnOddAnswer) {
  for (const char* body : {"", "{}", "null", "<html>", R"({"messages":[]})", R"({"messages":[7]})",
                           R"({"messages":[{"id":7}]})"}) {
    EXPECT_EQ(judged(200, body).verdict, SendVerdict::kSent) << body;
    EXPECT_TRUE(judged(200, body).message_id.empty());
  }
}

TEST(WhatsAppJudgeTest, DecidesByCode) {
  using enum SendVerdict;
  for (const int code : {0, 190, 3, 10, 200, 299, 131005, 131031, 368, 131042, 131045, 133010}) {
    EXPECT_EQ(by_code(code), kStop) << code;
  }
  for (const int code : {4, 80007, 130429, 131056, 131048, 131057, 133016}) {
    EXPECT_EQ(by_code(code), kSlowDown) << code;
  }
  for (const int code : {131047, 131026, 131049, 131050, 130472, 131051, 131052, 131008, 131009,
                         100, 132000, 132999, 131060, 131062}) {
    EXPECT_EQ(by_code(code), kDrop) << code;
  }
  for (const int code : {131000, 131016, 1, 2, 131053}) EXPECT_EQ(by_code(code), kRetry) << code;
}

TEST(WhatsAppJudgeTest, DecidesByCodeWhateverTheStatus) {
  EXPECT_EQ(by_code(131047, 500), SendVerdict::kDrop);
  EXPECT_EQ(by_code(131016, 401), SendVerdict::kRetry);
  EXPECT_EQ(by_code(190, 200), SendVerdict::kStop);
}

TEST(WhatsAppJudgeTest, WaitsLongestWhereTheLimitIsForAll) {
  const auto wait = [](int code) {
    return judged(400, R"({"error":{"code":)" + std::to_string(code) + "}}").wait;
  };
  EXPECT_GE(wait(131056), std::chrono::seconds{6});  // one message in six seconds to a person
  EXPECT_GT(wait(80007), wait(131056));
}

TEST(WhatsAppJudgeTest, FallsBackToTheStatus) {
  EXPECT_EQ(judged(0, "").verdict, SendVerdict::kRetry);
  EXPECT_EQ(judged(500, "<html>").verdict, SendVerdict::kRetry);
  EXPECT_EQ(judged(503, "").verdict, SendVerdict::kRetry);
  EXPECT_EQ(judged(429, "").verdict, SendVerdict::kSlowDown);
  EXPECT_EQ(judged(401, "").verdict, SendVerdict::kStop);
  EXPECT_EQ(judged(404, "").verdict, SendVerdict::kDrop);
  EXPECT_EQ(by_code(987654, 400), SendVerdict::kDrop);
  EXPECT_EQ(by_code(987654, 500), SendVerdict::kRetry);
  EXPECT_EQ(judged(200, R"({"error":{"code":"what"}})").verdict, SendVerdict::kRetry);
}

}  // namespace
}  // namespace resguardo::gateway
