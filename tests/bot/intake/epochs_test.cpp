// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/epochs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "crypto/log/log_entry.h"
#include "storage/memory_store.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/faulty_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::hours;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::FaultyStore;
using testing_support::give_consent;
using testing_support::walk_to_consent;
using testing_support::World;
using testing_support::WorldOptions;

constexpr hours kDayLong{24};

std::vector<Week> closed_weeks(const std::vector<Bytes>& leaves) {
  std::vector<Week> weeks;
  for (const Bytes& leaf : leaves) {
    const auto fact = parse_log_entry(leaf).value();
    EXPECT_EQ(fact.kind, LogKind::kEpochClosed);
    weeks.push_back(fact.week.value());
  }
  std::ranges::sort(weeks);
  return weeks;
}

// The world begins on a Saturday; a week ends on Sunday at midnight.
TEST(EpochsTest, AWeekClosesOnceADayAfterItsEnd) {
  World world;
  const Week first = week_of(world.now());
  world.advance(hours(62));  // Tuesday 00:00
  EXPECT_THAT(closed_weeks(world.epoch_leaves()), ElementsAre(first));
  world.advance(hours(10));
  world.restart();
  world.upkeep();
  EXPECT_THAT(closed_weeks(world.epoch_leaves()), ElementsAre(first));
  world.advance(kDayLong * 14);
  EXPECT_THAT(closed_weeks(world.epoch_leaves()),
              ElementsAre(first, Week{first.number + 1}, Week{first.number + 2}));
}

TEST(EpochsTest, NotBeforeItsDay) {
  World world;
  world.advance(hours(61) + std::chrono::minutes(59));
  EXPECT_THAT(world.epoch_leaves(), IsEmpty());
}

TEST(EpochsTest, AWeekStaysOpenWhileAReportOfItIsOpen) {
  World world;
  const Week first = week_of(world.now());
  give_consent(world, kAna);
  for (int day = 0; day < 9; ++day) {  // somebody who writes a word a day
    world.advance(kDayLong);
    world.upkeep();
    say(world, kAna, "hola");
  }
  EXPECT_THAT(world.epoch_leaves(), IsEmpty());
  world.restart();
  world.advance(kDayLong * 5);
  world.upkeep();  // the report ends
  world.upkeep();
  ASSERT_THAT(world.open(0), SizeIs(1));
  EXPECT_THAT(closed_weeks(world.epoch_leaves()), ElementsAre(first, Week{first.number + 1}));
}

TEST(EpochsTest, AfterAClosedWeekAClockSetBackSealsToTheNewOne) {
  World world;
  const TimePoint start = world.now();
  const Week first = week_of(start);
  world.advance(kDayLong * 4);
  EXPECT_THAT(closed_weeks(world.epoch_leaves()), ElementsAre(first));
  world.set_clock(start);
  world.restart();
  world.upkeep();
  const auto pass = world.gate().enter(start);
  ASSERT_TRUE(pass.ok());
  EXPECT_EQ(pass->recipients.week, Week{first.number + 1});
  walk_to_consent(world, kAna);
  ASSERT_EQ(world.tap(kAna, "consent:all"), 200U);
  EXPECT_THAT(world.replies(kAna).back().text, HasSubstr("no podemos recibir"));
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty()) << "more than a day behind";
}

TEST(EpochsTest, AfterThreeWeeksInADrawerNothingBeginsOrEndsUntilSomebodyLooked) {
  World world;
  give_consent(world, kAna);
  const auto days = [&] { return world.now() + kDayLong * 21; };
  world.set_clock(days());
  world.restart();
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1)) << "nothing ends";
  EXPECT_TRUE(world.remembers("wa:" + std::string(kAna))) << "no key is destroyed";
  say(world, kAna, "hola");  // the running report goes on
  world.replies(kAna);
  EXPECT_EQ(world.gate().may_begin(world.now()).error().fault, Fault::kStale);
  ASSERT_TRUE(accept_clock(world.store(), world.now()).ok());
  world.restart();
  EXPECT_TRUE(world.gate().may_begin(world.now()).ok());
  EXPECT_EQ(world.gate().enter(world.now())->recipients.week, week_of(world.now()));
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1)) << "they have just written";
}

TEST(EpochsTest, AcceptingAClockNeverOpensAClosedWeek) {
  const auto store = storage::make_memory_store();
  const TimePoint now{std::chrono::milliseconds(1'795'255'200'000)};
  auto record = read_epochs(*store, now).value();
  const Week closed{week_of(now).number + 3};
  SealingGate gate(std::nullopt, record.epoch, hours(72));
  testing_support::SeededRandom salts(3);
  Epochs epochs(*store, gate, record, salts, [](Day, ByteView) { return success(); });
  for (int day = 0; day < 31; ++day) ASSERT_TRUE(epochs.run(now + kDayLong * day).ok());
  ASSERT_EQ(read_epochs(*store, now)->epoch.closed, closed);
  ASSERT_TRUE(accept_clock(*store, now).ok());
  const auto after = read_epochs(*store, now).value().epoch;
  EXPECT_EQ(after.day, day_of(now));
  EXPECT_EQ(after.week, Week{closed.number + 1});
  EXPECT_EQ(after.closed, closed);
}

TEST(EpochsTest, AFailureAtAnyCallClosesEveryWeekOnce) {
  const TimePoint now{std::chrono::milliseconds(1'795'255'200'000)};
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    bool reached = true;
    for (std::size_t call = 1; reached; ++call) {
      const auto store = storage::make_memory_store();
      FaultyStore faulty(*store);
      faulty.fail_at(call, fate);
      std::set<Bytes> log;
      testing_support::SeededRandom salts(call);
      for (int day = 0; day < 20; ++day) {
        const TimePoint at = now + kDayLong * day;
        auto record = read_epochs(faulty, at);  // a crash every day, right after the failure
        if (!record.ok()) continue;
        SealingGate gate(std::nullopt, record->epoch, hours(72));
        Epochs epochs(faulty, gate, *record, salts, [&](Day, ByteView entry) -> Status {
          if (day % 3 == 0) return Error{Fault::kUnavailable, "the log is full today"};
          log.insert(to_bytes(entry));
          return success();
        });
        static_cast<void>(epochs.run(at));
        static_cast<void>(epochs.run(at));
      }
      reached = faulty.calls() >= call;
      const Week first = week_of(now);
      EXPECT_THAT(closed_weeks({log.begin(), log.end()}),
                  ElementsAre(first, Week{first.number + 1}, Week{first.number + 2}))
          << "call " << call;
    }
  }
}

TEST(EpochsTest, AWeekThatClosedAndDidNotReachTheLogIsLoggedBeforeACheckpoint) {
  const TimePoint now{std::chrono::milliseconds(1'795'255'200'000)};
  const auto store = storage::make_memory_store();
  EXPECT_TRUE(log_closed_week(*store).ok());
  EXPECT_THAT(store->log_entries().value(), IsEmpty());
  testing_support::SeededRandom salts(1);
  auto record = read_epochs(*store, now);
  SealingGate gate(std::nullopt, record->epoch, hours(72));
  Epochs epochs(*store, gate, *record, salts, [](Day, ByteView) -> Status {
    return Error{Fault::kUnavailable, "the process ends here"};
  });
  EXPECT_FALSE(epochs.run(now + kDayLong * 4).ok());
  EXPECT_THAT(store->log_entries().value(), IsEmpty());
  for (int time = 0; time < 2; ++time) {
    EXPECT_TRUE(log_closed_week(*store).ok());
    EXPECT_THAT(closed_weeks(store->log_entries().value()), ElementsAre(week_of(now)));
  }
}

}  // namespace
}  // namespace resguardo::intake
