// SPDX-License-Identifier: AGPL-3.0-or-later
// What every engine must do for reports that end without their reporter (bot/intake/closing.h).
#include "storage/memory_store.h"
#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultyStore;

Turn segment_turn(std::uint32_t delivery, std::uint64_t expected, std::uint32_t segment,
                  std::uint64_t sequence, std::string_view row) {
  Turn turn = state_turn(delivery, 1, expected, "state");
  add_row(turn, 1, segment, sequence, row);
  return turn;
}

Turn ending(ReportChange change, std::uint64_t version) {
  Turn turn;
  turn.day = Day{kDay.number + 4};
  turn.report.emplace();
  turn.report->report = report_id(1);
  turn.report->day = turn.day;
  turn.report->change = change;
  turn.report->if_version = version;
  if (change == ReportChange::kClose) turn.report->log_entries.push_back(text("INCOMPLETE"));
  return turn;
}

std::uint64_t version_in(Store& store) {
  const auto open = store.open_reports().value();
  EXPECT_EQ(open.size(), 1U);
  return open.empty() ? 0 : open[0].version;
}

std::string contents_of(Store& store) {
  const auto contents = store.open_contents(report_id(1)).value();
  if (!contents) return "not open";
  std::string all;
  for (const auto& segment : contents->segments)
    all += std::to_string(segment.index) + ":" + to_string(segment.header) + ";";
  for (const auto& row : contents->rows)
    all += std::to_string(row.sequence) + ":" + to_string(row.row) + ";";
  return all;
}

}  // namespace

TEST_P(StoreContract, OpenReportShowsWhatWasSealedOfIt) {
  EXPECT_EQ(contents_of(store()), "not open");
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  ASSERT_TRUE(store().record(segment_turn(2, 1, 10, 1, "two")).ok());
  ASSERT_TRUE(store().record(segment_turn(3, 2, 21, 0, "three")).ok());
  const std::string all = "0:header of segment 10;1:header of segment 21;0:one;1:two;0:three;";
  EXPECT_EQ(contents_of(store()), all);
  EXPECT_EQ(store().open_contents(report_id(1)).value()->version, version_in(store()));
  reopen();
  EXPECT_EQ(contents_of(store()), all);
  EXPECT_EQ(store().open_contents(report_id(1)).value()->version, version_in(store()));
  Turn last = state_turn(4, 1, 3, "");
  close(last, 1);
  ASSERT_TRUE(store().record(last).ok());
  EXPECT_EQ(contents_of(store()), "not open");
}

TEST_P(StoreContract, OpenReportTellsTheEarliestWeekItIsSealedTo) {
  const auto begun = [this] { return store().open_reports().value().at(0).begun; };
  const auto tell = [this](std::uint64_t at, std::uint32_t segment, std::optional<Week> week) {
    Turn turn = segment_turn(static_cast<std::uint32_t>(at + 1), at, segment, 0, "words");
    turn.report->segments.at(0).week = week;
    return store().record(turn).ok();
  };
  ASSERT_TRUE(tell(0, 10, Week{2900}));
  EXPECT_EQ(begun(), Week{2900});
  ASSERT_TRUE(tell(1, 20, Week{2901}));
  EXPECT_EQ(begun(), Week{2900});
  ASSERT_TRUE(tell(2, 30, Week{2899}));
  for (int day = 1; day < 3; ++day) {
    EXPECT_EQ(begun(), Week{2899});
    reopen();
    EXPECT_EQ(begun(), Week{2899});
    ASSERT_TRUE(store().turn_over_journal(Day{kDay.number + day}, Day{0}).ok());
  }
  ASSERT_TRUE(tell(3, 40, std::nullopt));
  for (int start = 0; start < 2; ++start) {
    EXPECT_EQ(begun(), std::nullopt) << "of one segment it is not known";
    reopen();
  }
  ASSERT_TRUE(tell(4, 50, Week{2902}));
  EXPECT_EQ(begun(), std::nullopt);
}

// After a start, and after a turn between that went on with another, only the journal knows.
TEST_P(StoreContract, RowsGoOnWithAnySegmentOfTheirReport) {
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  ASSERT_TRUE(store().record(segment_turn(2, 1, 10, 1, "two")).ok());
  ASSERT_TRUE(store().record(segment_turn(3, 2, 20, 0, "another segment")).ok());
  ASSERT_TRUE(store().record(state_turn(4, 1, 3, "adds nothing")).ok());
  for (const bool again : {false, true}) {
    for (const auto& [segment, sequence] : {std::pair(10U, 1U), {10U, 3U}, {20U, 2U}, {30U, 1U}})
      EXPECT_EQ(fault_of(store().record(segment_turn(9, 4, segment, sequence, "wrong"))),
                Fault::kConflict);
    if (!again) reopen();
  }
  ASSERT_TRUE(store().record(segment_turn(5, 4, 10, 2, "three")).ok());
  ASSERT_TRUE(store().record(segment_turn(6, 5, 20, 1, "more of the other")).ok());
  ASSERT_TRUE(store().record(segment_turn(7, 6, 20, 2, "and more")).ok());
  EXPECT_EQ(fault_of(store().record(segment_turn(8, 7, 10, 0, "a name that is taken"))),
            Fault::kConflict);
}

TEST_P(StoreContract, EveryTurnOfTheConversationIsASignOfLife) {
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  const auto first = version_in(store());
  Turn silent = state_turn(2, 1, 1, "asked for help");  // adds nothing
  silent.day = Day{kDay.number + 2};
  ASSERT_TRUE(store().record(silent).ok());
  EXPECT_NE(version_in(store()), first);
  EXPECT_EQ(store().open_reports().value()[0].last_turn, silent.day);
  Turn other = state_turn(3, 2, 0, "somebody else");
  other.day = Day{kDay.number + 3};
  const auto second = version_in(store());
  ASSERT_TRUE(store().record(other).ok());
  EXPECT_EQ(version_in(store()), second);
  reopen();
  EXPECT_EQ(version_in(store()), second);
  EXPECT_EQ(store().open_reports().value()[0].last_turn, silent.day);
}

TEST_P(StoreContract, AReportClosesWithoutItsReporter) {
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  ASSERT_TRUE(store().record(ending(ReportChange::kClose, version_in(store()))).ok());
  reopen();
  EXPECT_TRUE(store().open_reports().value().empty());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(store().log_entries().value(), std::vector<Bytes>{text("INCOMPLETE")});
  const auto reports = store().reports().value();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].closed, Day{kDay.number + 4});
  EXPECT_EQ(store().segments(report_id(1)).value().at(0).rows, 1U);
  EXPECT_TRUE(store().seen(dedupe(1)).value()) << "a repeat of an old delivery stays a repeat";
}

TEST_P(StoreContract, AnEndThatIsNotUpToDateChangesNothing) {
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  const auto old = version_in(store());
  ASSERT_TRUE(store().record(segment_turn(2, 1, 10, 1, "two")).ok());
  const std::vector<Turn> turns = {segment_turn(1, 0, 10, 0, ""), segment_turn(2, 1, 10, 1, "")};
  const std::string before = dump(store(), turns);
  for (const auto change : {ReportChange::kClose, ReportChange::kErase})
    EXPECT_EQ(fault_of(store().record(ending(change, old))), Fault::kConflict);
  EXPECT_EQ(dump(store(), turns), before);
}

TEST_P(StoreContract, AReportEndsOnce) {
  for (const auto change : {ReportChange::kClose, ReportChange::kErase}) {
    const auto fresh = GetParam().make();
    ASSERT_TRUE(fresh->store().record(segment_turn(1, 0, 10, 0, "one")).ok());
    const auto version = version_in(fresh->store());
    ASSERT_TRUE(fresh->store().record(ending(change, version)).ok());
    for (const auto again : {ReportChange::kClose, ReportChange::kErase})
      EXPECT_EQ(fault_of(fresh->store().record(ending(again, version))), Fault::kConflict);
    const std::size_t kept = change == ReportChange::kClose ? 1 : 0;
    EXPECT_EQ(fresh->store().reports().value().size(), kept);
    EXPECT_EQ(fresh->store().log_entries().value().size(), kept);
  }
}

TEST_P(StoreContract, WhoWritesToAReportThatHasEndedIsRefused) {
  ASSERT_TRUE(store().record(segment_turn(1, 0, 10, 0, "one")).ok());
  ASSERT_TRUE(store().record(ending(ReportChange::kClose, version_in(store()))).ok());
  EXPECT_EQ(fault_of(store().record(segment_turn(2, 1, 10, 1, "two"))), Fault::kConflict);
  EXPECT_EQ(store().segments(report_id(1)).value().at(0).rows, 1U);
}

TEST_P(StoreContract, FailureAtEveryCallOfAnEndEndsItOnce) {
  for (const auto change : {ReportChange::kClose, ReportChange::kErase}) {
    for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
      for (std::size_t call = 2; call <= 4; ++call) {
        const auto fresh = GetParam().make();
        FaultyStore faulty(fresh->store());
        faulty.fail_at(call, fate);
        ASSERT_TRUE(faulty.record(segment_turn(1, 0, 10, 0, "one")).ok());
        for (int tries = 0; tries < 2; ++tries) {
          const auto open = faulty.open_reports();
          if (!open.ok() || open->empty()) continue;
          const auto contents = faulty.open_contents(report_id(1));
          if (!contents.ok() || !*contents) continue;
          static_cast<void>(faulty.record(ending(change, (*contents)->version)));
        }
        fresh->reopen();
        const std::size_t kept = change == ReportChange::kClose ? 1 : 0;
        EXPECT_TRUE(fresh->store().open_reports().value().empty());
        EXPECT_EQ(fresh->store().reports().value().size(), kept);
        EXPECT_EQ(fresh->store().log_entries().value().size(), kept);
      }
    }
  }
}

}  // namespace resguardo::storage
