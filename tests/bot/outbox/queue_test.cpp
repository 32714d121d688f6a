// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/outbox/queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/seeded_random.h"

namespace resguardo::outbox {
namespace {

using gateway::SendVerdict;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using ::testing::ElementsAre;

Person person(std::uint32_t number) {
  Person result;
  result.bytes[0] = static_cast<std::uint8_t>(number);
  result.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return result;
}

class QueueTest : public ::testing::Test {
 protected:
  QueueTest() { remake({}); }
  void remake(const Limits& limits) { queue_ = Queue::create(limits, 2, random_).value(); }

  Status add(std::uint32_t who, const std::string& text, std::size_t gateway = 0) {
    gateway::OutboundCall call;
    call.method = "POST";
    call.path = "/x";
    call.body = SecretBuffer(as_bytes(text));
    return queue_->add(
        person(who), gateway, std::move(call),
        [this, text](bool taken, const SecretText&) {
          settled_.push_back(text + (taken ? "+" : "-"));
        },
        now_);
  }
  static gateway::SendOutcome sent() {
    gateway::SendOutcome outcome;
    outcome.verdict = SendVerdict::kSent;
    return outcome;
  }
  // Takes all that is due; their texts, in order.
  std::vector<std::string> take() {
    std::vector<std::string> texts;
    while (auto dispatch = queue_->take(now_)) {
      texts.emplace_back(as_text(dispatch->call.body.view()));
      under_way_[texts.back()] = dispatch->id;
    }
    return texts;
  }
  void settle(const std::string& text, SendVerdict verdict, milliseconds wait = milliseconds(0)) {
    gateway::SendOutcome outcome;
    outcome.verdict = verdict;
    outcome.wait = wait;
    if (verdict == SendVerdict::kStop) {
      outcome.reason = "refused";
      outcome.command = "run this";
    }
    for (const auto& call : queue_->settle(under_way_.at(text), outcome, now_)) call();
  }

  testing_support::SeededRandom random_{1};
  std::unique_ptr<Queue> queue_;
  TimePoint now_{milliseconds(1'000'000)};
  std::map<std::string, std::uint64_t> under_way_;
  std::vector<std::string> settled_;
};

TEST_F(QueueTest, SendsOnePersonsMessagesInOrderAndOneAtATime) {
  ASSERT_TRUE(add(1, "a1").ok());
  ASSERT_TRUE(add(1, "a2").ok());
  ASSERT_TRUE(add(2, "b1").ok());
  EXPECT_THAT(take(), ElementsAre("a1", "b1"));
  EXPECT_THAT(take(), ElementsAre());
  settle("a1", SendVerdict::kSent);
  EXPECT_THAT(take(), ElementsAre("a2"));
  EXPECT_THAT(settled_, ElementsAre("a1+"));
}

TEST_F(QueueTest, AFailedMessageHoldsBackTheNextOfThatPersonOnly) {
  ASSERT_TRUE(add(1, "a1").ok());
  ASSERT_TRUE(add(1, "a2").ok());
  take();
  settle("a1", SendVerdict::kRetry);
  EXPECT_THAT(take(), ElementsAre());
  ASSERT_TRUE(add(2, "b1").ok());
  EXPECT_THAT(take(), ElementsAre("b1"));
  now_ += milliseconds(1000);
  EXPECT_THAT(take(), ElementsAre("a1"));
}

TEST_F(QueueTest, WaitsGrowAndAreNeverShorterThanTheMessengerAsks) {
  ASSERT_TRUE(add(1, "a").ok());
  milliseconds last{0};
  for (int i = 0; i < 12; ++i) {
    ASSERT_THAT(take(), ElementsAre("a"));
    settle("a", SendVerdict::kRetry);
    const milliseconds wait = *queue_->next_due() - now_;
    const milliseconds whole = std::min(milliseconds(1000) * (1 << i), milliseconds(300'000));
    EXPECT_GE(wait, whole / 2) << i;
    EXPECT_LE(wait, whole + milliseconds(1)) << i;
    now_ += wait;
    last = wait;
  }
  take();
  settle("a", SendVerdict::kSlowDown, minutes(30));
  EXPECT_EQ(*queue_->next_due() - now_, minutes(30));
}

TEST_F(QueueTest, GivesUpAfterTheLifetimeAndSaysSo) {
  ASSERT_TRUE(add(1, "a").ok());
  ASSERT_TRUE(add(1, "b").ok());
  take();
  now_ += hours(24);
  settle("a", SendVerdict::kRetry);
  EXPECT_THAT(settled_, ElementsAre("a-"));
  EXPECT_THAT(take(), ElementsAre("b"));
  EXPECT_EQ(queue_->counters().expired, 1U);
}

TEST_F(QueueTest, DropsWhatCanNeverBeSent) {
  ASSERT_TRUE(add(1, "a").ok());
  take();
  settle("a", SendVerdict::kDrop);
  EXPECT_THAT(settled_, ElementsAre("a-"));
  EXPECT_EQ(queue_->waiting(), 0U);
}

TEST_F(QueueTest, AStoppedGatewayWaitsWhileTheOtherGoesOn) {
  ASSERT_TRUE(add(1, "a", 0).ok());
  ASSERT_TRUE(add(2, "b", 0).ok());
  ASSERT_TRUE(add(3, "c", 1).ok());
  take();
  settle("a", SendVerdict::kStop);
  settle("b", SendVerdict::kSent);
  settle("c", SendVerdict::kSent);
  ASSERT_TRUE(add(4, "d", 0).ok());
  ASSERT_TRUE(add(5, "e", 1).ok());
  EXPECT_TRUE(queue_->stopped(0, now_));
  EXPECT_STREQ(queue_->stop(0).why.c_str(), "refused");
  EXPECT_EQ(queue_->stop(0).command, "run this");
  EXPECT_THAT(take(), ElementsAre("e"));
  now_ += minutes(5);
  EXPECT_THAT(take(), ElementsAre("d", "a"));
}

TEST_F(QueueTest, ForgettingAPersonEmptiesTheirLineAndIgnoresWhatIsUnderWay) {
  ASSERT_TRUE(add(1, "a1").ok());
  ASSERT_TRUE(add(1, "a2").ok());
  ASSERT_TRUE(add(2, "b1").ok());
  take();
  queue_->forget(person(1));
  settle("a1", SendVerdict::kRetry);
  EXPECT_THAT(settled_, ElementsAre());
  settle("b1", SendVerdict::kSent);
  EXPECT_EQ(queue_->waiting(), 0U);
}

TEST_F(QueueTest, LimitsHoldAtNAndRefuseAtNPlusOne) {
  Limits limits;
  limits.bytes = 3 * 1024;  // each takes one KiB at least
  limits.per_person = 2;
  limits.body = 64;
  remake(limits);
  EXPECT_TRUE(add(1, std::string(64, 'x')).ok());
  EXPECT_FALSE(add(2, std::string(65, 'x')).ok());
  EXPECT_TRUE(add(1, "second").ok());
  EXPECT_FALSE(add(1, "third").ok());
  EXPECT_TRUE(add(3, "other").ok());
  EXPECT_FALSE(add(4, "one too many").ok());
  EXPECT_EQ(queue_->counters().refused, 3U);
}

TEST_F(QueueTest, RoomIsCountedInBytes) {
  Limits limits;
  limits.bytes = 8 * 1024;
  limits.body = 4 * 1024;
  remake(limits);
  const std::string body = std::string(1024, 'a') + std::string(1024, 'b') + std::string(900, 'c');
  ASSERT_TRUE(add(1, body).ok());
  ASSERT_TRUE(queue_->has_room(person(2)));
  for (std::uint32_t n = 2; n <= 3; ++n) ASSERT_TRUE(add(n, "short").ok());
  EXPECT_FALSE(queue_->has_room(person(4))) << "the longest would not fit any more";
  EXPECT_FALSE(add(4, std::string(3 * 1024 + 1, 'x')).ok());
  ASSERT_TRUE(add(4, std::string(3 * 1024, 'x')).ok());
  EXPECT_FALSE(add(5, "not even this").ok());
  const auto first = queue_->take(now_);
  ASSERT_TRUE(first);
  EXPECT_EQ(as_text(first->call.body.view()), body);
  static_cast<void>(queue_->settle(first->id, sent(), now_));  // sent: its room is free again
  EXPECT_TRUE(add(5, std::string(2 * 1024, 'y')).ok());
  EXPECT_EQ(queue_->counters().refused, 2U);
}

TEST_F(QueueTest, ThousandsThatWaitLeaveInTheirOrder) {
  Limits limits;
  remake(limits);
  constexpr std::uint32_t kPeople = 4000;
  for (std::uint32_t n = 0; n < kPeople; ++n) ASSERT_TRUE(add(n, std::to_string(n)).ok());
  for (std::uint32_t n = 0; n < kPeople; ++n) {
    const auto next = queue_->take(now_);
    ASSERT_TRUE(next);
    EXPECT_EQ(as_text(next->call.body.view()), std::to_string(n));
    if (n % 2 == 0) static_cast<void>(queue_->settle(next->id, sent(), now_));
  }
  EXPECT_FALSE(queue_->take(now_));
  EXPECT_FALSE(queue_->next_due());
  EXPECT_EQ(queue_->waiting(), kPeople / 2);
}

TEST_F(QueueTest, AnUnknownDispatchIsNobodys) {
  EXPECT_TRUE(queue_->settle(77, {}, now_).empty());
}

}  // namespace
}  // namespace resguardo::outbox
