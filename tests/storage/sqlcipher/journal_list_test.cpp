// SPDX-License-Identifier: AGPL-3.0-or-later
// The table that a start reads says what the turns say that it stands for: docs/adr/142.
#include "storage/sqlcipher/journal_list.h"

#include <gtest/gtest.h>

#include "storage/sqlcipher/files.h"
#include "tests/storage/crowd.h"
#include "tests/storage/store_kinds.h"

namespace resguardo::storage {
namespace {

class JournalListTest : public testing::Test {
 protected:
  sqlcipher::Connection journal(Day day = kDay) {
    engine_.shut();
    return sqlcipher::Connection::open(journal_file(engine_.path(), day),
                                       engine_.keys().journal_key(day).value(), {})
        .value();
  }
  static std::vector<ListedTurn> listed(sqlcipher::Connection& connection) {
    std::vector<ListedTurn> turns;
    EXPECT_TRUE(each_listed(connection, [&](const ListedTurn& turn) {
                  turns.push_back(turn);
                  return success();
                }).ok());
    return turns;
  }
  static void expect_equal(const ListedTurn& one, const ListedTurn& other) {
    EXPECT_EQ(one.position, other.position);
    EXPECT_EQ(one.day, other.day);
    EXPECT_EQ(one.delivered, other.delivered);
    EXPECT_EQ(one.tag, other.tag);
    EXPECT_EQ(one.counter, other.counter);
    EXPECT_EQ(one.report, other.report);
    EXPECT_EQ(one.keep_partial, other.keep_partial);
    EXPECT_EQ(one.closing, other.closing);
    EXPECT_EQ(one.segments, other.segments);
    EXPECT_EQ(one.week, other.week);
  }
  // Every turn up to the last that is listed, and nothing else, and each alike.
  static std::size_t expect_it_says_what_the_turns_say(sqlcipher::Connection& connection) {
    const auto list = listed(connection);
    std::size_t at = 0;
    const std::uint64_t last = list.empty() ? 0 : list.back().position;
    EXPECT_TRUE(each_turn(connection, 0, last, [&](const ListedTurn& turn) {
                  if (at < list.size()) expect_equal(list[at], turn);
                  ++at;
                  return success();
                }).ok());
    EXPECT_EQ(at, list.size());
    return list.size();
  }

  SqlcipherUnderTest engine_{SqlcipherUnderTest::Lists::kEveryTurn};
};

TEST_F(JournalListTest, SaysWhatTheTurnsSayWhateverEndsAmongThem) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    SCOPED_TRACE(seed);
    SqlcipherUnderTest fresh(SqlcipherUnderTest::Lists::kEveryTurn);
    Crowd crowd(seed);
    for (int turn = 0; turn < 150; ++turn) {
      Turn next = crowd.next(kDay);
      if (next.report)
        for (SegmentWrite& segment : next.report->segments) segment.week = Week{2900 + turn};
      ASSERT_TRUE(fresh.store().record(next).ok());
    }
    fresh.shut();
    auto connection = sqlcipher::Connection::open(journal_file(fresh.path(), kDay),
                                                  fresh.keys().journal_key(kDay).value(), {})
                          .value();
    const auto turns = connection.number("SELECT count(*) FROM turn").value();
    EXPECT_GT(turns, 10);
    const auto listed = expect_it_says_what_the_turns_say(connection);
    EXPECT_GE(listed + 2, static_cast<std::size_t>(turns)) << "all but the last two";
  }
}

TEST_F(JournalListTest, NamesATurnsDeliveriesUntilTheyAreForgotten) {
  for (std::uint32_t n = 1; n <= 6; ++n) {
    Turn turn = state_turn(n, n, 0, "state");
    turn.day = Day{kDay.number + static_cast<std::int32_t>(n)};
    ASSERT_TRUE(engine_.store().record(turn).ok());
  }
  ASSERT_TRUE(engine_.store().forget_deliveries_before(Day{kDay.number + 3}).ok());
  auto connection = journal();
  expect_it_says_what_the_turns_say(connection);
  const auto list = listed(connection);
  ASSERT_GE(list.size(), 4U);
  EXPECT_TRUE(list[1].delivered.empty());
  EXPECT_EQ(list[2].delivered, std::vector<Print>{print_of(dedupe(3))});
}

TEST_F(JournalListTest, HoldsNothingWhileTheLastTurnsAreFew) {
  SqlcipherUnderTest fresh;
  for (std::uint32_t n = 1; n <= 20; ++n)
    ASSERT_TRUE(fresh.store().record(state_turn(n, n, 0, "state")).ok());
  fresh.shut();
  auto connection = sqlcipher::Connection::open(journal_file(fresh.path(), kDay),
                                                fresh.keys().journal_key(kDay).value(), {})
                        .value();
  EXPECT_TRUE(listed(connection).empty());
}

TEST_F(JournalListTest, HoldsAllOfANewDaysJournal) {
  constexpr Day next{kDay.number + 1};
  for (std::uint32_t n = 1; n <= 9; ++n) {
    Turn turn = state_turn(n, n, 0, "state");
    if (n % 3 != 0) add_row(turn, n, 10 * n, 0, "row");
    if (n % 3 == 2) turn.conversation.reset();
    ASSERT_TRUE(engine_.store().record(turn).ok());
  }
  ASSERT_TRUE(engine_.store().turn_over_journal(next, Day{0}).ok());
  auto connection = journal(next);
  EXPECT_EQ(expect_it_says_what_the_turns_say(connection), 9U);
}

}  // namespace
}  // namespace resguardo::storage
