// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/allowances.h"

#include <gtest/gtest.h>

#include "bot/gateway/event_maker.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr TimePoint kBegun{milliseconds(1'795'000'000'000)};
constexpr int kAtOnce = 600;  // 30 a minute for twenty minutes

outbox::Person writer(std::uint32_t number) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return *outbox::Person::from(bytes);
}

// Of WhatsApp's strangers ten a second, who may be made to wait for one.
Allowances::Limits with_strangers() {
  Allowances::Limits limits;
  limits.strangers[0] = {milliseconds(100), milliseconds(1000)};
  return limits;
}

TEST(AllowancesTest, TwentyMinutesWorthAtOnceAndThenOneEachTwoSeconds) {
  Allowances all({});
  for (int i = 0; i < kAtOnce; ++i) ASSERT_TRUE(all.take(writer(1), 1, kBegun)) << i;
  EXPECT_FALSE(all.take(writer(1), 1, kBegun));
  EXPECT_TRUE(all.take(writer(2), 1, kBegun)) << "somebody else";
  EXPECT_FALSE(all.take(writer(1), 1, kBegun + milliseconds(1999)));
  EXPECT_TRUE(all.take(writer(1), 1, kBegun + seconds(2)));
  EXPECT_FALSE(all.take(writer(1), 1, kBegun + seconds(2)));
  for (int i = 0; i < kAtOnce; ++i)
    ASSERT_TRUE(all.take(writer(1), 1, kBegun + minutes(21))) << "all is made up for: " << i;
}

// What the people do for whom it is made.
TEST(AllowancesTest, NobodyWhoAnswersAtHumanSpeedIsEverRefused) {
  struct Habit {
    const char* what;
    int times;
    seconds apart;
    unsigned cost;
  };
  for (const Habit& one : {Habit{"a message each two seconds, all day", 43'200, seconds(2), 1},
                           Habit{"ten short messages at once, each minute", 600, seconds(6), 1},
                           Habit{"three albums of a hundred photos", 300, seconds(0), 2},
                           Habit{"two days' messages when the phone has a net", 500, seconds(0), 1},
                           Habit{"a photo each four seconds, all day", 21'600, seconds(4), 2}}) {
    Allowances all({});
    TimePoint now = kBegun;
    for (int i = 0; i < one.times; ++i, now += one.apart)
      ASSERT_TRUE(all.take(writer(1), one.cost, now)) << one.what << ", " << i;
  }
}

TEST(AllowancesTest, WhatWasRefusedCostsNothing) {
  Allowances all({});
  for (int i = 0; i < 100'000; ++i) static_cast<void>(all.take(writer(1), 1, kBegun));
  EXPECT_TRUE(all.take(writer(1), 1, kBegun + seconds(2))) << "silence is no ban";
}

TEST(AllowancesTest, DearThingsAreCountedAsWhatTheyCost) {
  Allowances all({});
  for (int i = 0; i < kAtOnce / 4; ++i) ASSERT_TRUE(all.take(writer(1), 4, kBegun)) << i;
  EXPECT_FALSE(all.take(writer(1), 1, kBegun));
  EXPECT_TRUE(all.take(writer(1), 0, kBegun)) << "what must be heard";
  all.give_back(writer(1), 4);
  EXPECT_TRUE(all.take(writer(1), 4, kBegun));
  EXPECT_FALSE(all.take(writer(1), 1, kBegun));
}

TEST(AllowancesTest, AStrangerHasTwoMinutesWorth) {
  Allowances all({});
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(all.take(writer(1), 1, kBegun));
    ASSERT_TRUE(all.let_in(writer(1), {Channel::kWhatsApp, 1}, kBegun)) << i;
  }
  ASSERT_TRUE(all.take(writer(1), 1, kBegun));
  EXPECT_FALSE(all.let_in(writer(1), {Channel::kWhatsApp, 1}, kBegun));
  all.give_back(writer(1), 1);
  ASSERT_TRUE(all.take(writer(1), 1, kBegun + seconds(2)));
  EXPECT_TRUE(all.let_in(writer(1), {Channel::kWhatsApp, 1}, kBegun + seconds(2)));
}

TEST(AllowancesTest, AllStrangersTogetherAreSoManyThenWaitThenAreNotHeard) {
  Allowances all(with_strangers());
  std::uint32_t who = 0;
  const auto one_more = [&](TimePoint now) {
    return all.let_in(writer(++who), {Channel::kWhatsApp, 1}, now);
  };
  for (int i = 0; i < 20; ++i) ASSERT_EQ(one_more(kBegun), milliseconds(0)) << i;
  for (int i = 1; i <= 10; ++i) ASSERT_EQ(one_more(kBegun), milliseconds(100 * i)) << i;
  EXPECT_EQ(one_more(kBegun), std::nullopt);
  EXPECT_EQ(all.let_in(writer(1), {Channel::kSignal, 1}, kBegun), milliseconds(0))
      << "another messenger";
  EXPECT_EQ(one_more(kBegun + milliseconds(100)), milliseconds(1000));
  EXPECT_EQ(one_more(kBegun + hours(1)), milliseconds(0));
}

// A thousand newcomers a second take each bit of room as it comes; whoever goes on, or comes back
// with a receipt, needs less room than they do.
TEST(AllowancesTest, InAFloodOfNewcomersTheDigitsOfAReceiptAreHeard) {
  Allowances all(with_strangers());
  std::uint32_t who = 0;
  const auto newcomer = [&](TimePoint now) {
    return all.let_in(writer(++who), {Channel::kWhatsApp, 1, true}, now).has_value();
  };
  for (int i = 0; i < 60'000; ++i) newcomer(kBegun + milliseconds(i));  // a minute
  bool heard = false;
  for (int i = 60'000; i < 60'300 && !heard; ++i) {
    newcomer(kBegun + milliseconds(i));
    heard = all.let_in(writer(0), {Channel::kWhatsApp, 4}, kBegun + milliseconds(i)).has_value();
  }
  EXPECT_TRUE(heard);
}

TEST(AllowancesTest, WhatIsDearIsChargedWhole) {
  Allowances all(with_strangers());
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(all.let_in(writer(1), {Channel::kWhatsApp, 4}, kBegun), milliseconds(0)) << i;
  EXPECT_EQ(all.let_in(writer(1), {Channel::kWhatsApp, 4}, kBegun), milliseconds(400));
  EXPECT_EQ(all.let_in(writer(1), {Channel::kWhatsApp, 2, true}, kBegun), milliseconds(800));
}

TEST(AllowancesTest, AClockThatGoesBackHoldsNobodyUp) {
  Allowances all(with_strangers());
  for (int i = 0; i < kAtOnce; ++i) all.take(writer(1), 1, kBegun + hours(24));
  for (int i = 0; i < 100; ++i) all.let_in(writer(2), {Channel::kWhatsApp, 1}, kBegun + hours(24));
  EXPECT_TRUE(all.take(writer(1), 1, kBegun));
  EXPECT_EQ(all.let_in(writer(2), {Channel::kWhatsApp, 1}, kBegun), milliseconds(0));
}

// What is judged first need not have come first.
TEST(AllowancesTest, WhoComesAMomentTooLateIsForgivenNothing) {
  Allowances all(with_strangers());
  while (all.take(writer(1), 1, kBegun)) {
  }
  while (all.let_in(writer(2), {Channel::kWhatsApp, 1}, kBegun)) {
  }
  for (const auto late : {milliseconds(1), milliseconds(50), milliseconds(20'000)}) {
    EXPECT_FALSE(all.take(writer(1), 1, kBegun - late));
    EXPECT_FALSE(all.let_in(writer(2), {Channel::kWhatsApp, 1}, kBegun - late));
  }
}

TEST(AllowancesTest, NoLimitIsNone) {
  Allowances all({.per_minute = 0, .strangers = {}});
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(all.take(writer(1), 4, kBegun));
    ASSERT_EQ(all.let_in(writer(1), {Channel::kSignal, 4}, kBegun), milliseconds(0));
  }
  EXPECT_EQ(all.senders(), 0U);
}

TEST(AllowancesTest, RemembersABoundedNumberAndOfThemWhoOwesMost) {
  Allowances all({});
  for (int i = 0; i < kAtOnce; ++i) all.take(writer(1), 1, kBegun);
  for (std::uint32_t i = 0; i < 2 * Allowances::kSenders; ++i) all.take(writer(100 + i), 1, kBegun);
  EXPECT_LE(all.senders(), Allowances::kSenders);
  EXPECT_FALSE(all.take(writer(1), 1, kBegun)) << "whoever floods is not forgotten for others";
}

gateway::InboundEvent event(gateway::Content content) {
  return gateway::EventMaker::make({}, SecretText("id"), kBegun, std::nullopt, std::move(content));
}

TEST(CostTest, FilesAndReceiptsAreDearAndWhatMustBeHeardIsFree) {
  EXPECT_EQ(cost_of(event(gateway::Text{SecretText("hola"), {}})), 1U);
  EXPECT_EQ(cost_of(event(gateway::Media{})), 2U);
  EXPECT_EQ(cost_of(event(gateway::Text{SecretText("000000-000000-000000-000000"), {}})), 4U);
  EXPECT_EQ(cost_of(event(gateway::Text{SecretText("000000-000000-000000-000001"), {}})), 1U)
      << "a check digit that does not fit is looked up by nobody";
  EXPECT_EQ(cost_of(event(gateway::Retract{SecretText("id")})), 1U);
  EXPECT_EQ(cost_of(event(gateway::IdentityChange{})), 0U);
  EXPECT_EQ(cost_of(event(gateway::TimerChange{})), 0U);
}

}  // namespace
}  // namespace resguardo::intake
