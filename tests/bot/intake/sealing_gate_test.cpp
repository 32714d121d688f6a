// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/sealing_gate.h"

#include <gtest/gtest.h>

#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::intake {
namespace {

using std::chrono::hours;
using testing_support::make_roster;
using testing_support::RosterFixture;

constexpr TimePoint kNow{std::chrono::milliseconds(1'795'255'200'000)};  // 2026-11-21 10:00
const Week kWeek = week_of(kNow);
const Day kToday = day_of(kNow);

RosterFixture one_analyst(int valid_days = 365) {
  testing_support::RosterFixtureOptions options;
  options.analysts = 1;
  options.first_week = kWeek;
  options.weeks = 8;
  options.valid_days = valid_days;
  return make_roster(options);
}

SealingGate gate_of(const RosterFixture& fixture, const Epoch& epoch) {
  return {fixture.roster, epoch, hours(72)};
}

TEST(ClockStateTest, ADayBehindAndEightAheadAreBelieved) {
  const auto state = [](std::int32_t days) {
    return clock_state(kToday, start_of(Day{kToday.number + days}) + hours(12));
  };
  EXPECT_EQ(state(-2), ClockState::kBehind);
  EXPECT_EQ(state(-1), ClockState::kBelieved);
  EXPECT_EQ(state(0), ClockState::kBelieved);
  EXPECT_EQ(state(8), ClockState::kBelieved);
  EXPECT_EQ(state(9), ClockState::kAhead);
}

TEST(SealingGateTest, SealingToAClosedWeekIsImpossibleUnderAnyClock) {
  const auto fixture = one_analyst();
  testing_support::SeededRandom random(41);
  std::size_t given = 0;
  std::size_t refused = 0;
  for (int run = 0; run < 50; ++run) {
    auto gate = gate_of(fixture, {kToday, kWeek, Week{kWeek.number - 1}});
    Week closed{kWeek.number - 1};
    const auto near = [&](std::int32_t middle) {
      return middle + static_cast<std::int32_t>(random.below(9)) - 4;
    };
    for (int step = 0; step < 40; ++step) {
      const Week said{near(kWeek.number)};  // also nonsense: a week closed before it is over
      gate.set({Day{near(kToday.number)}, Week{near(kWeek.number)}, said});
      closed = std::max(closed, said);
      const auto pass = gate.enter(start_of(Day{near(kToday.number)}));
      ++(pass.ok() ? given : refused);
      if (pass.ok()) {
        ASSERT_GT(pass->recipients.week, closed);
      } else {
        ASSERT_EQ(pass.error().fault, Fault::kRefused);
      }
    }
  }
  EXPECT_GT(given, 100U);
  EXPECT_GT(refused, 100U);
}

TEST(SealingGateTest, AClockSetBackDoesNotBringAWeekBack) {
  const auto fixture = one_analyst();
  auto gate = gate_of(fixture, {kToday, kWeek, std::nullopt});
  gate.set({Day{kToday.number + 7}, Week{kWeek.number + 1}, kWeek});
  EXPECT_EQ(gate.enter(kNow)->recipients.week, Week{kWeek.number + 1});
  gate.set({kToday, kWeek, std::nullopt});
  EXPECT_EQ(gate.enter(kNow)->recipients.week, Week{kWeek.number + 1});
}

TEST(SealingGateTest, UnderAClockThatIsNotBelievedReportsGoOnAndNoneBegins) {
  const auto fixture = one_analyst();
  auto gate = gate_of(fixture, {kToday, kWeek, std::nullopt});
  EXPECT_TRUE(gate.may_begin(kNow).ok());
  for (const int days : {-5, 30}) {
    const TimePoint wrong = kNow + hours(24 * days);
    EXPECT_EQ(gate.may_begin(wrong).error().fault, Fault::kStale) << days;
    const auto pass = gate.enter(wrong);
    ASSERT_TRUE(pass.ok()) << days;
    EXPECT_EQ(pass->recipients.week, kWeek) << "a wrong clock moves no week";
  }
}

TEST(SealingGateTest, ARosterThatHasEndedCarriesRunningReportsForTheIdleTimeout) {
  const auto fixture = one_analyst(10);
  const TimePoint end = start_of(Day{fixture.roster.expires().number + 1});
  const auto last = day_of(end);
  auto gate = gate_of(fixture, {last, kWeek, std::nullopt});
  EXPECT_TRUE(gate.may_begin(end - hours(1)).ok());
  EXPECT_FALSE(gate.may_begin(end).ok());
  EXPECT_TRUE(gate.enter(end + hours(71)).ok());
  EXPECT_FALSE(gate.over(end + hours(71)));
  EXPECT_FALSE(gate.enter(end + hours(72)).ok());
  EXPECT_TRUE(gate.over(end + hours(72)));
}

TEST(SealingGateTest, WithoutARosterNothingIsSealed) {
  SealingGate gate(std::nullopt, {kToday, kWeek, std::nullopt}, hours(72));
  EXPECT_FALSE(gate.may_begin(kNow).ok());
  EXPECT_FALSE(gate.enter(kNow).ok());
  EXPECT_FALSE(gate.over(kNow)) << "nobody ever could read: there is nothing to end";
}

TEST(SealingGateTest, AWeekIsInUseWhileSomebodyHasLeaveForIt) {
  const auto fixture = one_analyst();
  auto gate = gate_of(fixture, {kToday, kWeek, std::nullopt});
  EXPECT_FALSE(gate.in_use(kWeek));
  {
    const auto pass = gate.enter(kNow);
    gate.set({kToday, Week{kWeek.number + 1}, std::nullopt});
    EXPECT_TRUE(gate.in_use(kWeek));
    EXPECT_FALSE(gate.in_use(Week{kWeek.number - 1}));
  }
  EXPECT_FALSE(gate.in_use(kWeek));
}

}  // namespace
}  // namespace resguardo::intake
