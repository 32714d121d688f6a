// SPDX-License-Identifier: AGPL-3.0-or-later
// The index knows tags and reports by prints of eight bytes. Whoever has the print of another is
// told apart all the same: docs/adr/149.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <map>
#include <memory>

#include "storage/memory_store.h"
#include "storage/print.h"
#include "tests/storage/crowd.h"
#include "tests/storage/store_kinds.h"

namespace resguardo::storage {
namespace {

// Another id with the print of `like`.
template <class Id>
Id forged(const Id& like, std::uint64_t second) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
  const std::uint64_t first = print_of(like) ^ second * kOdd;
  Id id = like;
  std::memcpy(id.bytes.data(), &first, sizeof first);
  std::memcpy(id.bytes.data() + sizeof first, &second, sizeof second);
  EXPECT_EQ(print_of(id), print_of(like));
  return id;
}

// Gives every id the print that up to two before it have.
template <class Id>
class Forger {
 public:
  Id operator()(const Id& id) {
    const auto known = forged_.find(id);
    if (known != forged_.end()) return known->second;
    if (forged_.size() % 3 == 0) like_ = id;
    const Id made = forged_.size() % 3 == 0 ? id : forged(like_, forged_.size());
    forged_.emplace(id, made);
    return made;
  }

 private:
  std::map<Id, Id> forged_;
  Id like_{};
};

class ClashTest : public testing::TestWithParam<SqlcipherUnderTest::Lists> {
 protected:
  Turn clashing(Turn turn) {
    if (turn.conversation) {
      auto& write = *turn.conversation;
      if (write.found_under) write.found_under = tags_(*write.found_under);
      write.tag = tags_(write.tag);
    }
    if (turn.report) turn.report->report = reports_(turn.report->report);
    return turn;
  }
  void tell(Turn turn) {
    turn = clashing(std::move(turn));
    const auto recorded = engine_->store().record(turn);
    ASSERT_TRUE(recorded.ok());
    ASSERT_TRUE(twin_->record(turn).ok());
    told_.push_back(std::move(turn));
  }
  void expect_same() { ASSERT_EQ(dump_all(engine_->store(), told_), dump_all(*twin_, told_)); }
  void turn_over(Day day) {
    ASSERT_TRUE(engine_->store().turn_over_journal(day, Day{0}).ok());
    ASSERT_TRUE(twin_->turn_over_journal(day, Day{0}).ok());
  }

  std::unique_ptr<SqlcipherUnderTest> engine_ = std::make_unique<SqlcipherUnderTest>(GetParam());
  std::unique_ptr<Store> twin_ = make_memory_store();
  Forger<ConversationTag> tags_;
  Forger<ReportId> reports_;
  std::vector<Turn> told_;
};

TEST_P(ClashTest, ACrowdWithEqualPrintsIsAnyOtherCrowd) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    told_.clear();
    engine_ = std::make_unique<SqlcipherUnderTest>(GetParam());
    twin_ = make_memory_store();
    Crowd crowd(seed);
    Day day = kDay;
    for (int at = 1; at <= 120; ++at) {
      ASSERT_NO_FATAL_FAILURE(tell(crowd.next(day))) << "turn " << at;
      if (at % 40 == 0) turn_over(Day{++day.number});
      if (at % 30 == 0) engine_->reopen();
      if (at % 10 != 0) continue;
      ASSERT_NO_FATAL_FAILURE(expect_same()) << "after turn " << at;
    }
  }
}

TEST_P(ClashTest, WhoIsNotThereIsNotFoundUnderTheirPrint) {
  Turn turn = state_turn(1, 1, 0, "state");
  add_row(turn, 1, 10, 0, "row");
  tell(turn);
  const auto other = forged(tag(1), 77);
  const auto report = forged(report_id(1), 78);
  EXPECT_FALSE(engine_->store().find(other).value());
  EXPECT_FALSE(engine_->store().open_contents(report).value());
  Turn foreign = state_turn(2, 2, 1, "state");
  foreign.conversation->tag = other;
  EXPECT_EQ(engine_->store().record(foreign).error().fault, Fault::kConflict) << "not there yet";
  foreign.conversation->expected = 0;
  EXPECT_TRUE(engine_->store().record(foreign).ok());
  EXPECT_EQ(engine_->store().find(tag(1)).value()->counter, 1U);
  EXPECT_EQ(engine_->store().find(other).value()->counter, 1U);
}

// One batch: who comes second has not been committed when the third comes.
TEST_P(ClashTest, InOneTransactionToo) {
  std::vector<ConversationTag> tags = {tag(1), forged(tag(1), 5), forged(tag(1), 6)};
  std::vector<ReportId> reports = {report_id(1), forged(report_id(1), 5), forged(report_id(1), 6)};
  std::atomic<int> recorded = 0;
  constexpr std::uint32_t kTurns = 4;
  for (std::uint32_t at = 0; at < kTurns; ++at)
    for (std::uint32_t n = 0; n < 3; ++n) {
      Turn turn = state_turn(10 * at + n, 1, at, "state");
      add_row(turn, 1, 10 + n, at, "row");
      turn.conversation->tag = tags[n];
      turn.report->report = reports[n];
      engine_->store().submit(turn, [&](const auto& result) { recorded += result.ok(); });
    }
  ASSERT_TRUE(engine_->store().try_to_write().ok());
  EXPECT_EQ(recorded, 12);
  for (std::uint32_t n = 0; n < 3; ++n) {
    EXPECT_EQ(engine_->store().find(tags[n]).value()->counter, kTurns);
    EXPECT_EQ(engine_->store().open_contents(reports[n]).value()->rows.size(), kTurns);
  }
}

// A closed report is erased although an open one has its print.
TEST_P(ClashTest, AClosedReportIsErasedBesideAnOpenOne) {
  Turn closed = state_turn(1, 1, 0, "state");
  add_row(closed, 1, 10, 0, "row");
  close(closed, 1);
  ASSERT_TRUE(engine_->store().record(closed).ok());
  Turn open = state_turn(2, 2, 0, "state");
  add_row(open, 1, 20, 0, "row");
  open.report->report = forged(report_id(1), 9);
  ASSERT_TRUE(engine_->store().record(open).ok());
  const Erasure erasure{report_id(1), kDay, text("entry")};
  EXPECT_EQ(engine_->store().erase({&erasure, 1}).value(), 1U);
  EXPECT_EQ(engine_->store().open_reports().value().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Lists, ClashTest,
                         testing::Values(SqlcipherUnderTest::Lists::kAsTheBot,
                                         SqlcipherUnderTest::Lists::kEveryTurn));

}  // namespace
}  // namespace resguardo::storage
