// SPDX-License-Identifier: AGPL-3.0-or-later
// What who came back adds to a report that had closed, and what becomes of it where they stop: in
// every store, also when the process dies and the journal is made anew in between.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/intake/closing.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"

namespace resguardo::intake {
namespace {

using storage::kDay;
using storage::StoreContract;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::chrono::hours kSilence{72};

Bytes header_of(std::uint32_t segment) {
  return storage::text("header of segment " + std::to_string(segment));
}

// Segments 10 and up are of report 1, in the order of their last digit.
storage::Turn telling(std::uint32_t segment, std::uint32_t delivery) {
  storage::Turn turn;
  turn.delivered = {storage::dedupe(delivery)};
  turn.day = kDay;
  storage::add_row(turn, 1, segment, 0, "row " + std::to_string(segment));
  return turn;
}

Digest chain_of(std::uint32_t segment) {
  auto chain = SegmentChain::begin(header_of(segment));
  chain.add(storage::text("row " + std::to_string(segment)));
  return chain.digest();
}

class AdditionTest : public StoreContract {
 protected:
  void close_first() {
    storage::Turn turn = telling(10, 1);
    storage::close(turn, 1);
    ASSERT_TRUE(store().record(turn).ok());
    const storage::ReportAcknowledgement said{storage::report_id(1), MemberId{{1}}, false, kDay};
    ASSERT_TRUE(store().acknowledge(1, {&said, 1}).value());
  }
  void add(std::uint32_t segment, bool keep_partial) {
    storage::Turn turn = telling(segment, segment);
    turn.report->keep_partial = keep_partial;
    turn.report->only_more = true;
    ASSERT_TRUE(store().record(turn).ok());
  }
  // Of entries that parse: those of the script's own turns are words.
  std::vector<LogFact> facts() {
    std::vector<LogFact> facts;
    const auto entries = store().log_entries().value();
    for (const Bytes& entry : entries)
      if (const auto fact = parse_log_entry(entry); fact.ok()) facts.push_back(*fact);
    return facts;
  }
  SystemRandom salts_;
};

TEST_P(AdditionTest, IsKeptAsAnAddendumOverWhatIsNewWhateverHappensOnTheWay) {
  for (const bool keep_partial : {false, true}) {
    SetUp();
    close_first();
    add(11, keep_partial);
    reopen();
    ASSERT_TRUE(store().turn_over_journal(Day{kDay.number + 1}, Day{0}).ok());
    add(12, keep_partial);
    reopen();
    EXPECT_EQ(end_silent_reports(store(), kSilence, start_of(kDay), salts_).closed, 0U);
    const auto ended =
        end_silent_reports(store(), kSilence, start_of(Day{kDay.number + 9}), salts_);
    EXPECT_EQ(ended.closed, 1U);
    EXPECT_EQ(ended.erased + ended.left, 0U);
    for (int look = 0; look < 2; ++look) {
      EXPECT_THAT(store().open_reports().value(), IsEmpty());
      EXPECT_THAT(store().segments(storage::report_id(1)).value(), SizeIs(3));
      EXPECT_THAT(store().acknowledgements().value(), IsEmpty()) << "nobody has seen it like this";
      const auto found = store().find_receipt(storage::receipt(1)).value();
      ASSERT_TRUE(found);
      EXPECT_EQ(found->next_segment, 3U);
      EXPECT_FALSE(found->open);
      const auto logged = facts();
      ASSERT_THAT(logged, SizeIs(1));
      EXPECT_EQ(logged[0].kind, LogKind::kAddendum);
      EXPECT_EQ(logged[0].digest, report_digest(std::array{chain_of(11), chain_of(12)}));
      reopen();
    }
  }
}

TEST_P(AdditionTest, AFirstReportThatIsNotToBeKeptIsErasedAsEver) {
  storage::Turn turn = telling(10, 1);
  ASSERT_TRUE(store().record(turn).ok());
  const auto ended = end_silent_reports(store(), kSilence, start_of(Day{kDay.number + 9}), salts_);
  EXPECT_EQ(ended.erased, 1U);
  EXPECT_THAT(store().reports().value(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, AdditionTest, ::testing::ValuesIn(storage::store_kinds()),
                         storage::name_of_kind);

}  // namespace
}  // namespace resguardo::intake
