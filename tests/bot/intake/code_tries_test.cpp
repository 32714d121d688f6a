// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/code_tries.h"

#include <gtest/gtest.h>

namespace resguardo::intake {
namespace {

using std::chrono::seconds;

constexpr TimePoint kStart{std::chrono::milliseconds(1'795'000'000'000)};

outbox::Person person(std::uint32_t number) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < 4; ++i) bytes.at(i) = static_cast<std::uint8_t>(number >> (8 * i));
  return *outbox::Person::from(bytes);
}

TEST(CodeTriesTest, OfReceiptsFiveAnHour) {
  const auto tries = CodeTries::of_receipts();
  for (int i = 0; i < CodeTries::kOwn; ++i) tries->was_wrong(person(1), kStart);
  int heard = 0;
  for (TimePoint now = kStart; now < kStart + std::chrono::hours(1);
       now += std::chrono::minutes(1)) {
    if (!tries->allows(person(1), now)) continue;
    ++heard;
    tries->was_wrong(person(1), now);
  }
  EXPECT_EQ(heard, CodeTries::kOwn - 1) << "one each twelve minutes, the first after twelve";
  for (std::uint32_t other = 2; other < 500; ++other) tries->was_wrong(person(other), kStart);
  EXPECT_TRUE(tries->allows(person(1000), kStart)) << "nobody is locked out by others";
}

TEST(CodeTriesTest, FiveInARowThenOneEachFiveMinutes) {
  CodeTries tries;
  for (int i = 0; i < CodeTries::kOwn; ++i) {
    EXPECT_TRUE(tries.allows(person(1), kStart)) << i;
    tries.was_wrong(person(1), kStart);
  }
  EXPECT_FALSE(tries.allows(person(1), kStart));
  EXPECT_FALSE(tries.allows(person(1), kStart + CodeTries::kOwnEvery - seconds(1)));
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
  tries.was_wrong(person(1), kStart + CodeTries::kOwnEvery);
  EXPECT_FALSE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
  EXPECT_TRUE(tries.allows(person(2), kStart)) << "somebody else";
}

TEST(CodeTriesTest, NobodyWaitsLongerForHavingTriedMore) {
  CodeTries tries;
  for (int i = 0; i < 1000; ++i) tries.was_wrong(person(1), kStart);
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
}

TEST(CodeTriesTest, WhateverOthersTryTheFirstThreeAreHeard) {
  CodeTries tries;
  for (std::uint32_t i = 0; i < CodeTries::kAll; ++i) tries.was_wrong(person(100 + i), kStart);
  for (int i = 0; i < CodeTries::kFree; ++i) {
    EXPECT_TRUE(tries.allows(person(1), kStart)) << i;
    tries.was_wrong(person(1), kStart);
  }
  EXPECT_FALSE(tries.allows(person(1), kStart)) << "the fourth, while all together try too much";
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
  for (int i = CodeTries::kFree; i < CodeTries::kOwn; ++i) tries.was_wrong(person(1), kStart);
  const TimePoint later = kStart + (CodeTries::kOwn - CodeTries::kFree + 1) * CodeTries::kOwnEvery;
  for (std::uint32_t i = 0; i < CodeTries::kAll; ++i) tries.was_wrong(person(100 + i), later);
  EXPECT_TRUE(tries.allows(person(1), later)) << "and after five, a quarter of an hour";
  CodeTries quiet;
  for (int i = 0; i < CodeTries::kFree; ++i) quiet.was_wrong(person(1), kStart);
  EXPECT_TRUE(quiet.allows(person(1), kStart)) << "the fourth, while it is quiet";
}

TEST(CodeTriesTest, AllTogetherAreMadeUpForOneEachTenSeconds) {
  CodeTries tries;
  for (std::uint32_t i = 0; i < CodeTries::kAll; ++i) tries.was_wrong(person(100 + i), kStart);
  for (int i = 0; i < CodeTries::kFree; ++i) tries.was_wrong(person(1), kStart);
  EXPECT_FALSE(tries.allows(person(1), kStart + CodeTries::kAllEvery - seconds(1)));
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kAllEvery));
}

TEST(CodeTriesTest, AClockThatGoesBackMakesNobodyWaitLonger) {
  CodeTries tries;
  const TimePoint late = kStart + std::chrono::hours(24 * 365);
  for (int i = 0; i < CodeTries::kOwn; ++i) tries.was_wrong(person(1), late);
  EXPECT_TRUE(tries.allows(person(1), kStart)) << "not before the clock is where it was";
  for (int i = 0; i < CodeTries::kOwn; ++i) tries.was_wrong(person(1), kStart);
  EXPECT_FALSE(tries.allows(person(1), kStart)) << "and what is tried now counts";
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
  CodeTries flooded;
  for (std::uint32_t i = 0; i < CodeTries::kAll; ++i) flooded.was_wrong(person(100 + i), late);
  for (int i = 0; i < CodeTries::kFree; ++i) flooded.was_wrong(person(1), kStart);
  EXPECT_TRUE(flooded.allows(person(1), kStart)) << "what all tried later, too";
}

TEST(CodeTriesTest, WhereOthersDoNotCountEachIsHeldBackAlone) {
  CodeTries tries(CodeTries::Others::kIgnored);
  for (std::uint32_t i = 0; i < CodeTries::kAll; ++i) tries.was_wrong(person(100 + i), kStart);
  for (int i = 0; i < CodeTries::kOwn; ++i) {
    EXPECT_TRUE(tries.allows(person(1), kStart)) << i;
    tries.was_wrong(person(1), kStart);
  }
  EXPECT_FALSE(tries.allows(person(1), kStart));
  EXPECT_TRUE(tries.allows(person(1), kStart + CodeTries::kOwnEvery));
}

TEST(CodeTriesTest, KeepsNoMoreSendersThanItMay) {
  CodeTries tries;
  for (int i = 0; i < CodeTries::kOwn; ++i) tries.was_wrong(person(0), kStart);
  for (std::uint32_t i = 1; i < CodeTries::kSenders + 50; ++i) tries.was_wrong(person(i), kStart);
  EXPECT_EQ(tries.senders(), CodeTries::kSenders);
  EXPECT_FALSE(tries.allows(person(0), kStart)) << "who has most to make up for stays";
  tries.was_wrong(person(999'999), kStart + std::chrono::hours(1));
  EXPECT_EQ(tries.senders(), 1U) << "who has nothing to make up for is forgotten";
}

}  // namespace
}  // namespace resguardo::intake
