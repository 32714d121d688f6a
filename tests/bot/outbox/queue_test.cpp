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
using ::testing::IsEmpty;

Person person(std::uint32_t number) {
  Person result;
  result.bytes[0] = static_cast<std::uint8_t>(number);
  result.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return result;
}

class QueueTest : public ::testing::Test {
 protected:
  QueueTest() { remake({}); }
  void remake(const Limits& limits) {
    queue_ = Queue::create(limits, {pace_, {}}, random_).value();
  }

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
  void add_until_arrival(const std::string& text, const std::string& our_id) {
    gateway::OutboundCall call;
    call.body = SecretBuffer(as_bytes(text));
    ASSERT_TRUE(queue_
                    ->add(
                        person(1), 0, std::move(call),
                        [this, text](bool taken, const SecretText&) {
                          settled_.push_back(text + (taken ? "+" : "-"));
                        },
                        now_, SettledWhen::kArrived)
                    .ok());
    auto outcome = sent();
    outcome.message_id = SecretText(our_id);
    for (const auto& call_back : queue_->settle(queue_->take(now_)->id, outcome, now_)) call_back();
  }
  void tell(const std::string& our_id, bool arrived) {
    std::vector<gateway::SentStatus> statuses;
    statuses.push_back({SecretText(our_id), arrived});
    for (const auto& call : queue_->told(statuses)) call();
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
  gateway::Pace pace_;
  std::unique_ptr<Queue> queue_;
  TimePoint now_{milliseconds(1'000'000)};
  std::map<std::string, std::uint64_t> under_way_;
  std::vector<std::string> settled_;
};

TEST_F(QueueTest, WhatSaysTheSameAsWhatStillWaitsGoesWithIt) {
  ASSERT_TRUE(add(1, "photo?").ok());
  EXPECT_THAT(take(), ElementsAre("photo?"));
  for (int photo = 0; photo < 20; ++photo) ASSERT_TRUE(add(1, "photo?").ok()) << "of one album";
  ASSERT_TRUE(add(1, "other").ok());
  ASSERT_TRUE(add(1, "photo?").ok()) << "not the last that waits";
  ASSERT_TRUE(add(2, "photo?").ok()) << "another person's";
  EXPECT_EQ(queue_->waiting(), 5U);
  settle("photo?", SendVerdict::kSent);
  EXPECT_THAT(settled_, ElementsAre("photo?+"));
  EXPECT_THAT(take(), ElementsAre("photo?", "photo?")) << "one of each";
  settle("photo?", SendVerdict::kSent);
}

TEST_F(QueueTest, EachOfThoseThatGoTogetherIsToldOnce) {
  ASSERT_TRUE(add(1, "one").ok());
  ASSERT_TRUE(add(1, "same").ok());
  ASSERT_TRUE(add(1, "same").ok());
  take();
  settle("one", SendVerdict::kSent);
  EXPECT_THAT(take(), ElementsAre("same"));
  settle("same", SendVerdict::kDrop);
  EXPECT_THAT(settled_, ElementsAre("one+", "same-", "same-"));
  EXPECT_EQ(queue_->waiting(), 0U);
}

TEST_F(QueueTest, WhatMustArriveGoesByItself) {
  ASSERT_TRUE(add(1, "one").ok());
  ASSERT_TRUE(add(1, "same").ok());
  gateway::OutboundCall call;
  call.method = "POST";
  call.path = "/x";
  call.body = SecretBuffer(as_bytes("same"));
  ASSERT_TRUE(queue_->add(person(1), 0, std::move(call), {}, now_, SettledWhen::kArrived).ok());
  EXPECT_EQ(queue_->waiting(), 3U);
}

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

TEST_F(QueueTest, WhatAnOperatorCouldMendIsToldForADay) {
  ASSERT_TRUE(add(1, "a", 1).ok());
  take();
  EXPECT_FALSE(queue_->unheeded(1, now_));
  gateway::SendOutcome outcome;
  outcome.verdict = SendVerdict::kDrop;
  outcome.reason = "keys";
  outcome.mendable = true;
  for (const auto& call : queue_->settle(under_way_.at("a"), outcome, now_)) call();
  EXPECT_EQ(queue_->unheeded(1, now_ + hours(24) - milliseconds(1)), StaticText("keys"));
  EXPECT_FALSE(queue_->unheeded(1, now_ + hours(24)));
  EXPECT_FALSE(queue_->unheeded(0, now_));
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

TEST_F(QueueTest, AnErrandTakesNoRepliesPlace) {
  Limits limits;
  limits.per_person = 2;
  remake(limits);
  ASSERT_TRUE(add(1, "a").ok());
  ASSERT_TRUE(queue_->add_errand(person(1), 0, {}, {}, now_).ok());
  EXPECT_TRUE(queue_->has_room(person(1)));
  ASSERT_TRUE(add(1, "b").ok());
  EXPECT_FALSE(queue_->has_room(person(1)));
  EXPECT_FALSE(add(1, "c").ok());
}

TEST_F(QueueTest, AGatewayIsNotGivenMoreThanItsPace) {
  pace_.interval = milliseconds(100);
  pace_.burst = 2;
  remake({});
  for (std::uint32_t who = 1; who <= 4; ++who)
    ASSERT_TRUE(add(who, "to " + std::to_string(who)).ok());
  ASSERT_TRUE(add(9, "elsewhere", 1).ok());
  EXPECT_THAT(take(), ElementsAre("to 1", "to 2", "elsewhere"));
  EXPECT_EQ(queue_->next_due(), now_ + milliseconds(100));
  EXPECT_EQ(queue_->next_due(now_ + milliseconds(30)), now_ + milliseconds(100));
  now_ += milliseconds(99);
  EXPECT_THAT(take(), IsEmpty());
  now_ += milliseconds(1);
  EXPECT_THAT(take(), ElementsAre("to 3"));
  now_ += milliseconds(100);
  EXPECT_THAT(take(), ElementsAre("to 4"));
}

TEST_F(QueueTest, OnePersonIsNotGivenMoreThanThePairLimitAndKeepsNobodyWaiting) {
  pace_.per_person = milliseconds(6000);
  pace_.person_burst = 2;
  remake({});
  for (const char* text : {"1", "2", "3"}) ASSERT_TRUE(add(1, text).ok());
  for (const char* text : {"1", "2"}) {
    EXPECT_THAT(take(), ElementsAre(text));
    settle(text, SendVerdict::kSent);
  }
  ASSERT_TRUE(add(2, "other").ok());
  EXPECT_THAT(take(), ElementsAre("other"));
  EXPECT_EQ(queue_->next_due(), now_ + milliseconds(6000));
  now_ += milliseconds(6000);
  EXPECT_THAT(take(), ElementsAre("3"));
  settle("3", SendVerdict::kSent);
  ASSERT_TRUE(add(1, "4").ok());
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(QueueTest, ArrivalIsToldWhenTheMessengerTellsIt) {
  add_until_arrival("a", "wamid.1");
  EXPECT_THAT(settled_, IsEmpty());
  tell("wamid.2", true);
  EXPECT_THAT(settled_, IsEmpty());
  tell("wamid.1", true);
  EXPECT_THAT(settled_, ElementsAre("a+"));
  tell("wamid.1", true);  // read, after delivered
  EXPECT_THAT(settled_, ElementsAre("a+"));
}

TEST_F(QueueTest, AMessageThatFailedLaterWasNotTaken) {
  add_until_arrival("a", "wamid.1");
  tell("wamid.1", false);
  EXPECT_THAT(settled_, ElementsAre("a-"));
  EXPECT_EQ(queue_->counters().undelivered, 1U);
}

TEST_F(QueueTest, OfWhoseArrivalNobodyTellsIsTakenAfterAWhile) {
  add_until_arrival("a", "wamid.1");
  now_ += minutes(10) - milliseconds(1);
  for (const auto& call : queue_->give_up_waiting(now_)) call();
  EXPECT_THAT(settled_, IsEmpty());
  now_ += milliseconds(1);
  for (const auto& call : queue_->give_up_waiting(now_)) call();
  EXPECT_THAT(settled_, ElementsAre("a+"));
}

TEST_F(QueueTest, WhoIsForgottenIsNotWaitedFor) {
  add_until_arrival("a", "wamid.1");
  queue_->forget(person(1));
  tell("wamid.1", true);
  EXPECT_THAT(settled_, IsEmpty());
}

TEST_F(QueueTest, WithoutAnIdThereIsNothingToWaitFor) {
  add_until_arrival("a", "");
  EXPECT_THAT(settled_, ElementsAre("a+"));
}

}  // namespace
}  // namespace resguardo::outbox
