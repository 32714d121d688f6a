// SPDX-License-Identifier: AGPL-3.0-or-later
// What every engine must do when the journal of a new day begins.
#include <atomic>
#include <thread>

#include "storage/memory_store.h"
#include "tests/storage/crowd.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultyStore;

constexpr Day kNone{0};  // nothing is too old

Day after(std::int32_t days) {
  return Day{kDay.number + days};
}

Turn told(std::uint32_t delivery, std::uint32_t person, std::uint64_t expected) {
  Turn turn = state_turn(delivery, person, expected, "state");
  add_row(turn, person, 10 * person, expected, "row " + std::to_string(expected));
  return turn;
}

}  // namespace

TEST_P(StoreContract, WhatIsOpenIsTheSameAfterATurnover) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(seed);
    const auto fresh = GetParam().make();
    const auto twin = make_memory_store();
    Crowd crowd(seed);
    for (int day = 0; day < 5; ++day) {
      for (int at = 0; at < 40; ++at) {
        const Turn turn = crowd.next(after(day));
        const auto recorded = fresh->store().record(turn);
        ASSERT_TRUE(recorded.ok()) << recorded.error().why.c_str();
        ASSERT_TRUE(twin->record(turn).ok());
      }
      const std::string expected = dump_all(*twin, crowd.told());
      ASSERT_EQ(dump_all(fresh->store(), crowd.told()), expected);
      ASSERT_TRUE(fresh->store().turn_over_journal(after(day + 1), kNone).ok());
      ASSERT_EQ(dump_all(fresh->store(), crowd.told()), expected);
      if (day % 2 == 0) fresh->reopen();
      ASSERT_EQ(dump_all(fresh->store(), crowd.told()), expected);
    }
  }
}

TEST_P(StoreContract, AReportGoesOnAfterATurnover) {
  ASSERT_TRUE(store().record(told(1, 1, 0)).ok());
  ASSERT_TRUE(store().record(told(2, 2, 0)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(1), kNone).ok());
  EXPECT_EQ(fault_of(store().record(told(1, 1, 1))), Fault::kReplayed);
  EXPECT_EQ(fault_of(store().record(told(3, 1, 0))), Fault::kConflict);
  EXPECT_EQ(fault_of(store().record(told(3, 1, 2))), Fault::kConflict);
  ASSERT_TRUE(store().record(told(3, 1, 1)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(2), kNone).ok());
  Turn last = told(4, 1, 2);
  close(last, 1);
  ASSERT_TRUE(store().record(last).ok());
  const auto segments = store().segments(report_id(1)).value();
  ASSERT_EQ(segments.size(), 1U);
  EXPECT_EQ(segments[0].rows, 3U);
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_TRUE(store().find(tag(2)).value().has_value());
}

TEST_P(StoreContract, AReportMayBeErasedAfterATurnover) {
  ASSERT_TRUE(store().record(told(1, 1, 0)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(1), kNone).ok());
  Turn last = state_turn(2, 1, 1, "");
  erase(last, 1);
  ASSERT_TRUE(store().record(last).ok());
  EXPECT_TRUE(store().open_reports().value().empty());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  ASSERT_TRUE(store().turn_over_journal(after(2), kNone).ok());
  EXPECT_TRUE(store().open_reports().value().empty());
}

TEST_P(StoreContract, ThereIsNoJournalForADayThatHasOneOrIsPast) {
  ASSERT_TRUE(store().record(told(1, 1, 0)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(7), kNone).ok());  // a clock that is a week ahead
  const auto version = store().open_reports().value()[0].version;
  EXPECT_TRUE(store().turn_over_journal(after(7), kNone).ok());
  EXPECT_TRUE(store().turn_over_journal(after(1), kNone).ok());  // and was set right
  EXPECT_EQ(store().open_reports().value()[0].version, version);
  EXPECT_TRUE(store().record(told(2, 1, 1)).ok());
  EXPECT_TRUE(store().turn_over_journal(after(8), kNone).ok());
  EXPECT_TRUE(store().record(told(3, 1, 2)).ok());
}

TEST_P(StoreContract, ATurnoverForgetsWhoWroteLongAgoAndHasNoReport) {
  Turn silent = state_turn(1, 1, 0, "no report");
  Turn later = state_turn(2, 2, 0, "no report either");
  later.day = after(1);
  ASSERT_TRUE(store().record(silent).ok());
  ASSERT_TRUE(store().record(later).ok());
  ASSERT_TRUE(store().record(told(3, 3, 0)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(4), after(1)).ok());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_TRUE(store().find(tag(2)).value().has_value());
  EXPECT_TRUE(store().find(tag(3)).value().has_value()) << "its report is open";
  EXPECT_TRUE(store().seen(dedupe(1)).value()) << "repeats have a time of their own";
  reopen();
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_TRUE(store().record(state_turn(4, 1, 0, "begins anew")).ok());
}

TEST_P(StoreContract, AVersionFromBeforeATurnoverEndsNothingThatWasWrittenSince) {
  ASSERT_TRUE(store().record(told(1, 1, 0)).ok());
  const auto version = store().open_reports().value()[0].version;
  for (std::int32_t day = 1; day < 4; ++day) {
    ASSERT_TRUE(store().turn_over_journal(after(day), kNone).ok());
    ASSERT_TRUE(
        store()
            .record(told(10 + static_cast<std::uint32_t>(day), 1, static_cast<std::uint64_t>(day)))
            .ok());
    Turn end;
    end.day = after(day);
    close(end, 1);
    end.report->if_version = version;
    EXPECT_EQ(fault_of(store().record(end)), Fault::kConflict);
  }
}

TEST_P(StoreContract, DeliveriesAreForgottenAfterATurnoverToo) {
  ASSERT_TRUE(store().record(told(1, 1, 0)).ok());
  ASSERT_TRUE(store().turn_over_journal(after(1), kNone).ok());
  EXPECT_TRUE(store().seen(dedupe(1)).value());
  ASSERT_TRUE(store().forget_deliveries_before(after(1)).ok());
  EXPECT_FALSE(store().seen(dedupe(1)).value());
  reopen();
  EXPECT_FALSE(store().seen(dedupe(1)).value());
}

TEST_P(StoreContract, TurnsAreRecordedAndPeopleFoundWhileTheJournalIsTurnedOver) {
  constexpr std::uint32_t kPeople = 8;
  constexpr std::uint32_t kTurns = 60;
  for (std::uint32_t n = 100; n < 300; ++n) ASSERT_TRUE(store().record(told(n, n, 0)).ok());
  std::atomic<bool> over = false;
  std::atomic<int> lost = 0;
  std::thread turning([&] {
    for (std::int32_t day = 1; !over; ++day)
      if (!store().turn_over_journal(after(day), kNone).ok()) ++lost;
  });
  std::vector<std::thread> people;
  for (std::uint32_t n = 1; n <= kPeople; ++n)
    people.emplace_back([&, n] {
      for (std::uint32_t at = 0; at < kTurns; ++at) {
        Turn turn = told(1000 * n + at, n, at);
        if (at + 1 == kTurns && n % 2 == 0) close(turn, n);
        if (!store().record(turn).ok()) ++lost;
        const bool ended = turn.conversation->remove;
        const auto found = store().find(tag(n));
        if (!found.ok() || found->has_value() == ended) ++lost;
        if (!ended && found.ok() && found->has_value() && (*found)->counter != at + 1) ++lost;
        if (!store().find(tag(100 + at)).value()) ++lost;
      }
    });
  for (std::thread& person : people) person.join();
  over = true;
  turning.join();
  EXPECT_EQ(lost, 0);
  reopen();
  EXPECT_EQ(store().open_reports().value().size(), 200 + kPeople / 2);
  for (std::uint32_t n = 1; n <= kPeople; n += 2)
    EXPECT_EQ(store().open_contents(report_id(n)).value()->rows.size(), kTurns);
  for (std::uint32_t n = 2; n <= kPeople; n += 2)
    EXPECT_EQ(store().segments(report_id(n)).value()[0].rows, kTurns);
}

// A turnover that fails, or seems to, costs nothing, and the next one does it.
TEST_P(StoreContract, ATurnoverThatFailsIsMadeAgain) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    const auto fresh = GetParam().make();
    FaultyStore faulty(fresh->store());
    ASSERT_TRUE(faulty.record(told(1, 1, 0)).ok());
    faulty.fail_at(faulty.calls() + 1, fate);
    EXPECT_FALSE(faulty.turn_over_journal(after(1), kNone).ok());
    ASSERT_TRUE(faulty.record(told(2, 1, 1)).ok());
    EXPECT_TRUE(faulty.turn_over_journal(after(1), kNone).ok());
    fresh->reopen();
    EXPECT_EQ(fresh->store().open_contents(report_id(1)).value()->rows.size(), 2U);
  }
}

}  // namespace resguardo::storage
