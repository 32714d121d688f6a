// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/store_contract.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "storage/memory_store.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultyStore;

std::vector<std::string> rows_of(Store& store, std::uint32_t segment) {
  std::vector<std::string> rows;
  const Status visited = store.rows(segment_id(segment), [&](std::uint64_t sequence, ByteView row) {
    EXPECT_EQ(sequence, rows.size());
    rows.push_back(to_string(row));
    return success();
  });
  EXPECT_TRUE(visited.ok());
  return rows;
}

Turn row_turn(std::uint32_t delivery, std::uint64_t expected, std::string_view row) {
  Turn turn = state_turn(delivery, 1, expected, "state");
  add_row(turn, 1, 10, expected, row);
  return turn;
}

}  // namespace

TEST_P(StoreContract, StartsEmpty) {
  EXPECT_EQ(store().find(tag(1)).value().has_value(), false);
  EXPECT_FALSE(store().seen(dedupe(1)).value());
  EXPECT_TRUE(store().open_reports().value().empty());
  EXPECT_TRUE(store().reports().value().empty());
  EXPECT_TRUE(store().log_entries().value().empty());
  EXPECT_TRUE(store().segments(report_id(1)).value().empty());
  EXPECT_TRUE(rows_of(store(), 10).empty());
  EXPECT_FALSE(store().fact("anchor").value().has_value());
}

TEST_P(StoreContract, RecordsAWholeTurn) {
  const auto recorded = store().record(row_turn(1, 0, "words"));
  ASSERT_TRUE(recorded.ok());
  EXPECT_EQ(recorded->counter, 1U);
  EXPECT_TRUE(store().seen(dedupe(1)).value());
  const auto found = store().find(tag(1)).value();
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->counter, 1U);
  EXPECT_EQ(found->sealed_state, text("state"));
  const auto open = store().open_reports().value();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].report, report_id(1));
  EXPECT_EQ(open[0].last_turn, kDay);
  EXPECT_TRUE(store().reports().value().empty());
}

TEST_P(StoreContract, SameDeliveryTwiceIsOneEntry) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "words")).ok());
  EXPECT_EQ(fault_of(store().record(row_turn(1, 1, "again"))), Fault::kReplayed);
  Turn ended = row_turn(2, 1, "end");
  close(ended, 1);
  ASSERT_TRUE(store().record(ended).ok());
  EXPECT_EQ(rows_of(store(), 10), (std::vector<std::string>{"words", "end"}));
}

TEST_P(StoreContract, RefusedTurnChangesNothing) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "words")).ok());
  const std::vector<Turn> turns = {row_turn(1, 0, ""), row_turn(2, 0, "")};
  const std::string before = dump(store(), turns);
  Turn stale = row_turn(2, 0, "stale");
  EXPECT_EQ(fault_of(store().record(stale)), Fault::kConflict);
  Turn ahead = row_turn(2, 5, "ahead");
  EXPECT_EQ(fault_of(store().record(ahead)), Fault::kConflict);
  EXPECT_EQ(dump(store(), turns), before);
}

TEST_P(StoreContract, RefusesSegmentsAndRowsThatDoNotFollow) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "words")).ok());
  Turn taken = state_turn(2, 2, 0, "state");
  add_row(taken, 2, 10, 0, "a segment of this name is there");
  EXPECT_EQ(fault_of(store().record(taken)), Fault::kConflict);
  Turn repeated = state_turn(2, 1, 1, "state");
  add_row(repeated, 1, 10, 2, "sequence 1 is missing");
  EXPECT_EQ(fault_of(store().record(repeated)), Fault::kConflict);
  Turn foreign = state_turn(2, 2, 0, "state");
  add_row(foreign, 2, 10, 1, "another report's segment");
  EXPECT_EQ(fault_of(store().record(foreign)), Fault::kConflict);
  EXPECT_FALSE(store().seen(dedupe(2)).value());
}

TEST_P(StoreContract, RefusesSegmentOfAClosedReport) {
  Turn whole = row_turn(1, 0, "words");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  Turn again = state_turn(2, 2, 0, "state");
  add_row(again, 2, 10, 0, "the same name");
  EXPECT_EQ(fault_of(store().record(again)), Fault::kConflict);
}

TEST_P(StoreContract, ConversationMovesToAnotherDaysTag) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "words")).ok());
  Turn moved = state_turn(2, 2, 1, "moved");
  moved.conversation->found_under = tag(1);
  ASSERT_TRUE(store().record(moved).ok());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(store().find(tag(2)).value()->counter, 2U);
  Turn late = state_turn(3, 1, 1, "late");
  EXPECT_EQ(fault_of(store().record(late)), Fault::kConflict);
}

TEST_P(StoreContract, MoveOntoATakenTagIsAConflict) {
  ASSERT_TRUE(store().record(state_turn(1, 1, 0, "one")).ok());
  ASSERT_TRUE(store().record(state_turn(2, 2, 0, "two")).ok());
  Turn moved = state_turn(3, 2, 1, "moved");
  moved.conversation->found_under = tag(1);
  EXPECT_EQ(fault_of(store().record(moved)), Fault::kConflict);
  EXPECT_EQ(store().find(tag(1)).value()->sealed_state, text("one"));
}

TEST_P(StoreContract, RemovedConversationCanBeginAgain) {
  ASSERT_TRUE(store().record(state_turn(1, 1, 0, "one")).ok());
  Turn gone = state_turn(2, 1, 1, "");
  gone.conversation->remove = true;
  ASSERT_TRUE(store().record(gone).ok());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_TRUE(store().seen(dedupe(1)).value());
  EXPECT_TRUE(store().seen(dedupe(2)).value());
  EXPECT_TRUE(store().record(state_turn(3, 1, 0, "anew")).ok());
}

TEST_P(StoreContract, CloseMovesTheReportAndItsConversation) {
  Turn first = row_turn(1, 0, "one");
  ASSERT_TRUE(store().record(first).ok());
  Turn last = state_turn(2, 1, 1, "");
  add_row(last, 1, 10, 1, "two");
  add_row(last, 1, 11, 0, "of another segment");
  close(last, 1);
  ASSERT_TRUE(store().record(last).ok());
  EXPECT_TRUE(store().open_reports().value().empty());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  const auto reports = store().reports().value();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].report, report_id(1));
  EXPECT_EQ(reports[0].closed, kDay);
  const auto segments = store().segments(report_id(1)).value();
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].index, 0U);
  EXPECT_EQ(segments[0].rows, 2U);
  EXPECT_EQ(segments[0].row_bytes, 6U);
  EXPECT_EQ(segments[1].header, text("header of segment 11"));
  EXPECT_EQ(rows_of(store(), 10), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(rows_of(store(), 11), (std::vector<std::string>{"of another segment"}));
  EXPECT_EQ(store().log_entries().value(), (std::vector<Bytes>{text("log entry of report 1")}));
}

TEST_P(StoreContract, CloseWithoutItsReporterTakesTheConversationToo) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "one")).ok());
  ASSERT_TRUE(store().record(state_turn(2, 1, 1, "only asked for help")).ok());
  Turn idle;
  idle.day = kDay;
  close(idle, 1);
  ASSERT_TRUE(store().record(idle).ok());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(rows_of(store(), 10), (std::vector<std::string>{"one"}));
  EXPECT_EQ(fault_of(store().record(idle)), Fault::kConflict) << "it is not open any more";
}

TEST_P(StoreContract, ConversationMayGoOnAfterItsReport) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "one")).ok());
  Turn last = row_turn(2, 1, "two");
  close(last, 1);
  last.conversation->remove = false;
  last.conversation->sealed_state = text("showing the receipt");
  ASSERT_TRUE(store().record(last).ok());
  EXPECT_EQ(rows_of(store(), 10).size(), 2U);
  EXPECT_EQ(store().find(tag(1)).value()->sealed_state, text("showing the receipt"));
  ASSERT_TRUE(store().record(state_turn(3, 1, 2, "on")).ok());
  reopen();
  EXPECT_EQ(store().find(tag(1)).value()->counter, 3U);
  EXPECT_TRUE(store().open_reports().value().empty());
}

TEST_P(StoreContract, ClosedReportMayGrow) {
  Turn whole = row_turn(1, 0, "words");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  Turn more = state_turn(2, 2, 0, "");
  add_row(more, 1, 12, 0, "added later");
  close(more, 1);
  more.report->receipt.reset();
  ASSERT_TRUE(store().record(more).ok());
  EXPECT_EQ(store().reports().value().size(), 1U);
  EXPECT_EQ(store().segments(report_id(1)).value().size(), 2U);
}

TEST_P(StoreContract, EraseLeavesNothingButTheDelivery) {
  ASSERT_TRUE(store().record(row_turn(1, 0, "one")).ok());
  Turn gone = state_turn(2, 1, 1, "");
  erase(gone, 1);
  ASSERT_TRUE(store().record(gone).ok());
  EXPECT_TRUE(store().open_reports().value().empty());
  EXPECT_TRUE(store().reports().value().empty());
  EXPECT_TRUE(rows_of(store(), 10).empty());
  EXPECT_FALSE(store().find(tag(1)).value().has_value());
  EXPECT_TRUE(store().seen(dedupe(1)).value());
  EXPECT_TRUE(store().record(row_turn(3, 0, "anew, under the same names")).ok());
}

TEST_P(StoreContract, ForgetsOldDeliveriesOnly) {
  Turn old = state_turn(1, 1, 0, "one");
  Turn young = state_turn(2, 2, 0, "two");
  young.day = Day{kDay.number + 3};
  ASSERT_TRUE(store().record(old).ok());
  ASSERT_TRUE(store().record(young).ok());
  ASSERT_TRUE(store().forget_deliveries_before(Day{kDay.number + 3}).ok());
  reopen();
  EXPECT_FALSE(store().seen(dedupe(1)).value());
  EXPECT_TRUE(store().seen(dedupe(2)).value());
  EXPECT_TRUE(store().find(tag(1)).value().has_value());
}

TEST_P(StoreContract, FactsAreReplaced) {
  ASSERT_TRUE(store().set_fact("anchor", as_bytes("one")).ok());
  ASSERT_TRUE(store().set_fact("anchor", as_bytes("two")).ok());
  ASSERT_TRUE(store().set_fact("empty", {}).ok());
  reopen();
  EXPECT_EQ(store().fact("anchor").value(), text("two"));
  EXPECT_EQ(store().fact("empty").value(), Bytes());
  EXPECT_FALSE(store().fact("other").value().has_value());
}

TEST_P(StoreContract, RowsVisitorCanStop) {
  Turn whole = row_turn(1, 0, "one");
  add_row(whole, 1, 10, 1, "two");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  std::size_t seen = 0;
  const Status stopped = store().rows(segment_id(10), [&](std::uint64_t, ByteView) -> Status {
    ++seen;
    return Error{Fault::kRefused, "enough"};
  });
  EXPECT_EQ(stopped.error().fault, Fault::kRefused);
  EXPECT_EQ(seen, 1U);
}

TEST_P(StoreContract, ReopensAtEveryPointOfTheScript) {
  const auto script = short_script();
  const auto twin = make_memory_store();
  for (const Turn& turn : script) {
    ASSERT_TRUE(play(store(), turn).ok());
    ASSERT_TRUE(play(*twin, turn).ok());
    EXPECT_EQ(dump(store(), script), dump(*twin, script));
    reopen();
    EXPECT_EQ(dump(store(), script), dump(*twin, script));
  }
}

TEST_P(StoreContract, FailureAtEveryCallLosesAndDoublesNothing) {
  const auto script = short_script();
  const auto twin = make_memory_store();
  for (const Turn& turn : script) ASSERT_TRUE(play(*twin, turn).ok());
  const std::string whole = dump(*twin, script);
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    for (std::size_t call = 1; call <= script.size(); ++call) {
      const auto fresh = GetParam().make();
      FaultyStore faulty(fresh->store());
      faulty.fail_at(call, fate);
      for (const Turn& turn : script) {
        const auto first = faulty.record(up_to_date(fresh->store(), turn));
        if (first.ok()) continue;
        ASSERT_EQ(fault_of(first), Fault::kUnavailable);
        const auto again = faulty.record(
            up_to_date(fresh->store(), turn));  // as a gateway delivers what we did not take
        ASSERT_TRUE(again.ok() || fault_of(again) == Fault::kReplayed);
        ASSERT_EQ(again.ok(), fate == FaultyStore::Fate::kBefore);
      }
      EXPECT_EQ(faulty.calls(), script.size() + 1);
      fresh->reopen();
      EXPECT_EQ(dump(fresh->store(), script), whole) << "failed at call " << call;
    }
  }
}

TEST_P(StoreContract, CompletesEachSubmissionOnce) {
  constexpr std::uint32_t kTurns = 200;
  std::vector<std::atomic<int>> completed(kTurns);
  std::atomic<std::uint32_t> left{2 * kTurns};
  std::promise<void> all;
  for (int copy = 0; copy < 2; ++copy) {  // every second one is a repeat
    for (std::uint32_t n = 0; n < kTurns; ++n) {
      store().submit(state_turn(n, n, 0, "state"), [&, n](const Result<Recorded>& result) {
        completed[n] += result.ok() ? 1 : 100;
        EXPECT_TRUE(result.ok() || fault_of(result) == Fault::kReplayed);
        if (--left == 0) all.set_value();
      });
    }
  }
  all.get_future().wait();
  for (const auto& count : completed) EXPECT_EQ(count, 101);
}

TEST_P(StoreContract, TurnsThatShareATransactionDoNotShareTheirFate) {
  ASSERT_TRUE(store().record(state_turn(1, 1, 0, "taken")).ok());
  std::vector<std::future<Result<Recorded>>> results;
  const auto submit = [&](Turn turn) {
    const auto promise = std::make_shared<std::promise<Result<Recorded>>>();
    results.push_back(promise->get_future());
    store().submit(std::move(turn),
                   [promise](const Result<Recorded>& result) { promise->set_value(result); });
  };
  for (std::uint32_t n = 2; n < 42; ++n) {
    submit(state_turn(n, n, 0, "good"));
    submit(state_turn(1000 + n, 1, 0, "stale"));
    submit(state_turn(n, 1000 + n, 0, "repeat"));
    submit(state_turn(2000 + n, n, 1, "next"));
  }
  for (std::size_t at = 0; at < results.size(); at += 4) {
    EXPECT_TRUE(results[at].get().ok());
    EXPECT_EQ(fault_of(results[at + 1].get()), Fault::kConflict);
    EXPECT_EQ(fault_of(results[at + 2].get()), Fault::kReplayed);
    EXPECT_EQ(results[at + 3].get()->counter, 2U);
  }
}

TEST_P(StoreContract, ManyReportersAtOnce) {
  constexpr std::uint32_t kReporters = 64;
  constexpr std::uint32_t kTurns = 5;
  std::vector<std::thread> reporters;
  for (std::uint32_t n = 1; n <= kReporters; ++n) {
    reporters.emplace_back([this, n] {
      for (std::uint32_t at = 0; at < kTurns; ++at) {
        Turn turn = state_turn(n * 100 + at, n, at, "state");
        add_row(turn, n, n * 10, at, "row " + std::to_string(at));
        if (at + 1 == kTurns) close(turn, n);
        const auto recorded = store().record(turn);
        ASSERT_TRUE(recorded.ok());
        ASSERT_EQ(store().find(tag(n)).value().has_value(), at + 1 < kTurns);
      }
    });
  }
  for (std::thread& reporter : reporters) reporter.join();
  EXPECT_EQ(store().reports().value().size(), kReporters);
  reopen();
  for (std::uint32_t n = 1; n <= kReporters; ++n)
    EXPECT_EQ(rows_of(store(), n * 10).size(), kTurns);
  EXPECT_TRUE(store().open_reports().value().empty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreContract, testing::ValuesIn(store_kinds()), name_of_kind);

}  // namespace resguardo::storage
