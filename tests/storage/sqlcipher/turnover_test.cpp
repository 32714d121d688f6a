// SPDX-License-Identifier: AGPL-3.0-or-later
// What the daily turnover leaves of a journal, and what it does not: docs/adr/140.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/sqlcipher_pages.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;
using testing_support::occurs_in_files;
using testing_support::occurs_in_pages;
using testing_support::TemporaryDirectory;

constexpr Day kNext{kDay.number + 1};
constexpr std::string_view kWords = "PLANTED-WORDS-51c0aa";
constexpr std::string_view kStateOf = "PLANTED-STATE-e0b93d";

Bytes raw(const SecretBytes& key) {
  return key.read([](ByteView bytes) { return to_bytes(bytes); });
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

class TurnoverTest : public testing::Test {
 protected:
  Store& store() { return engine_.store(); }
  Status turn_over(Day day) { return store().turn_over_journal(day, Day{0}); }
  fs::path file(Day day) const { return journal_file(engine_.path(), day); }
  Bytes key(Day day) { return raw(engine_.keys().journal_key(day).value()); }

  void tell(std::uint32_t person, std::uint32_t turns) {
    for (std::uint32_t at = 0; at < turns; ++at) {
      Turn turn = state_turn(1000 * person + at, person, at, kStateOf);
      add_row(turn, person, 10 * person, at, std::string(1500, 'x').append(kWords));
      ASSERT_TRUE(store().record(turn).ok());
    }
  }
  // A conversation's tag per row of the journal, in the order of its rows.
  std::vector<std::string> tags_in_order(Day day) {
    auto db = sqlcipher::Connection::open(file(day), engine_.keys().journal_key(day).value(),
                                          {.read_only = true})
                  .value();
    auto query = db.prepare("SELECT tag FROM turn ORDER BY position").value();
    auto rows = query.query().value();
    std::vector<std::string> tags;
    while (rows.next().value()) tags.push_back(to_string(rows.bytes(0)));
    return tags;
  }

  SqlcipherUnderTest engine_;
};

TEST_F(TurnoverTest, TheOldJournalGoesWithItsKeyAndItsFiles) {
  tell(1, 4);
  ASSERT_TRUE(turn_over(kNext).ok());
  EXPECT_TRUE(fs::exists(file(kNext)));
  for (const std::string& name : names_in(engine_.path()))
    EXPECT_THAT(name, testing::Not(testing::HasSubstr(to_string(kDay)))) << name;
  EXPECT_THAT(names_in(engine_.path() / "keys"),
              testing::UnorderedElementsAre("store.key", "dedupe.key",
                                            "journal-" + to_string(kNext) + ".key"));
  EXPECT_EQ(engine_.keys().journal_days().value(), std::vector<Day>{kNext});
}

TEST_F(TurnoverTest, AConversationIsOneRowThatSaysNothingOfItsTurns) {
  for (std::uint32_t person = 1; person <= 5; ++person) tell(person, 2 + person);
  ASSERT_TRUE(turn_over(kNext).ok());
  engine_.shut();
  auto db = sqlcipher::Connection::open(file(kNext), engine_.keys().journal_key(kNext).value(),
                                        {.read_only = true})
                .value();
  EXPECT_EQ(db.number("SELECT count(*) FROM turn").value(), 5);
  EXPECT_EQ(db.number("SELECT count(*) FROM turn WHERE earlier_state IS NOT NULL"
                      " OR earlier_turn IS NOT NULL OR length(delivered) > 0")
                .value(),
            0);
  EXPECT_EQ(db.number("SELECT count(*) FROM delivered").value(), 3 + 4 + 5 + 6 + 7);
  EXPECT_EQ(db.number("SELECT count(*) FROM turn WHERE day <> 20000").value(), 0);
}

// 40! orders: what agrees with the old one, or with another turnover of the same, is no accident.
TEST_F(TurnoverTest, TheOrderOfConversationsIsDrawnAnewEveryDay) {
  constexpr std::uint32_t kPeople = 40;
  for (std::uint32_t person = 1; person <= kPeople; ++person) tell(person, 1);
  const auto told = tags_in_order(kDay);
  ASSERT_EQ(told.size(), kPeople);
  ASSERT_TRUE(turn_over(kNext).ok());
  const auto first = tags_in_order(kNext);
  ASSERT_TRUE(turn_over(Day{kNext.number + 1}).ok());
  const auto second = tags_in_order(Day{kNext.number + 1});
  EXPECT_TRUE(std::is_permutation(told.begin(), told.end(), first.begin(), first.end()));
  EXPECT_NE(told, first);
  EXPECT_NE(first, second);
  EXPECT_NE(told, second);
}

// How often, over many turnovers, whoever came first lies in the first half: a coin's share.
TEST_F(TurnoverTest, WhoCameFirstMayLieAnywhere) {
  constexpr std::int32_t kDays = 60;
  for (std::uint32_t person = 1; person <= 8; ++person) tell(person, 1);
  int in_first_half = 0;
  for (std::int32_t day = 1; day <= kDays; ++day) {
    const Day today{kDay.number + day};
    ASSERT_TRUE(turn_over(today).ok());
    const auto tags = tags_in_order(today);
    const auto at = std::ranges::find(tags, tag(1).str()) - tags.begin();
    if (at < 4) ++in_first_half;
  }
  EXPECT_GT(in_first_half, 7);  // six standard deviations
  EXPECT_LT(in_first_half, kDays - 7);
}

// With the master key and every key that is still there, somebody who kept a copy of the disk's
// blocks of yesterday opens nothing of them.
TEST_F(TurnoverTest, ACopyOfTheOldJournalOpensWithNoKeyThatIsLeft) {
  tell(1, 3);
  const TemporaryDirectory kept(testing_support::quick_parent());
  for (const char* suffix : {"", "-wal"}) {
    auto from = file(kDay);
    fs::copy_file(from += suffix, kept.path() / (std::string("copy.db") + suffix));
  }
  const auto copy = kept.path() / "copy.db";
  const Bytes old_key = key(kDay);
  auto wal = copy;
  wal += "-wal";
  ASSERT_TRUE(occurs_in_pages(wal, old_key, kWords) || occurs_in_pages(copy, old_key, kWords))
      << "with its own key the copy opens";
  ASSERT_TRUE(turn_over(kNext).ok());
  ASSERT_TRUE(engine_.keys().day_key(kDay, true).ok());
  engine_.shut();
  const auto left = KeyRing::open(engine_.path(), test_master_key()).value();
  std::vector<SecretBytes> keys;
  keys.push_back(left->store_key().value());
  keys.push_back(left->dedupe_key().value());
  for (const Day day : left->journal_days().value()) keys.push_back(left->journal_key(day).value());
  for (const Day day : left->live_days()) keys.push_back(left->day_key(day, false).value());
  keys.push_back(test_master_key());
  ASSERT_EQ(keys.size(), 5U);
  for (const SecretBytes& one : keys) {
    EXPECT_FALSE(sqlcipher::Connection::open(copy, one, {}).ok());
    EXPECT_FALSE(occurs_in_pages(copy, raw(one), kWords));
    EXPECT_FALSE(occurs_in_pages(wal, raw(one), kWords));
  }
  for (const auto& entry : fs::recursive_directory_iterator(engine_.path()))
    if (entry.is_regular_file()) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(content.find(as_text(old_key)), std::string::npos);
    }
}

TEST_F(TurnoverTest, OnlyWhatIsOpenIsInTheNewFile) {
  tell(1, 3);
  tell(2, 3);
  Turn last = state_turn(9000, 1, 3, "");
  add_row(last, 1, 10, 3, "the end");
  close(last, 1);
  ASSERT_TRUE(store().record(last).ok());
  ASSERT_TRUE(turn_over(kNext).ok());
  const Bytes now = key(kNext);
  engine_.shut();
  EXPECT_FALSE(occurs_in_pages(file(kNext), now, tag(1).str()));
  EXPECT_FALSE(occurs_in_pages(file(kNext), now, report_id(1).str()));
  EXPECT_TRUE(occurs_in_pages(file(kNext), now, tag(2).str()));
  EXPECT_TRUE(occurs_in_pages(file(kNext), now, kWords));
}

TEST_F(TurnoverTest, WhatATurnoverThatWasCutShortLeftIsRemovedAtStart) {
  tell(1, 2);
  engine_.shut();
  ASSERT_TRUE(engine_.keys().journal_key(kNext).ok());
  std::ofstream(unfinished_journal_file(engine_.path(), kNext)) << "half a journal";
  auto wal = unfinished_journal_file(engine_.path(), kNext);
  std::ofstream(wal += "-wal") << "and its log";
  engine_.reopen();
  EXPECT_TRUE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(engine_.keys().journal_days().value(), std::vector<Day>{kDay});
  for (const std::string& name : names_in(engine_.path()))
    EXPECT_THAT(name, testing::Not(testing::HasSubstr(to_string(kNext))));
  EXPECT_TRUE(turn_over(kNext).ok());
}

TEST_F(TurnoverTest, OfTwoThatAreWholeTheNewerCounts) {
  tell(1, 2);
  engine_.shut();
  const TemporaryDirectory kept(testing_support::quick_parent());
  const auto key_name = "journal-" + to_string(kDay) + ".key";
  fs::copy_file(file(kDay), kept.path() / "journal");
  fs::copy_file(engine_.path() / "keys" / key_name, kept.path() / "key");
  engine_.reopen();
  ASSERT_TRUE(turn_over(kNext).ok());
  Turn more = state_turn(7, 1, 2, "later");
  ASSERT_TRUE(store().record(more).ok());
  engine_.shut();
  fs::copy_file(kept.path() / "journal", file(kDay));  // as if it had not been removed
  fs::copy_file(kept.path() / "key", engine_.path() / "keys" / key_name);
  engine_.reopen();
  EXPECT_EQ(store().find(tag(1)).value()->counter, 3U);
  EXPECT_FALSE(fs::exists(file(kDay)));
  EXPECT_FALSE(fs::exists(engine_.path() / "keys" / key_name));
}

TEST_F(TurnoverTest, ADamagedConversationKeepsTheOldJournal) {
  tell(1, 6);
  tell(2, 6);
  engine_.shut();
  {
    auto db = sqlcipher::Connection::open(file(kDay), engine_.keys().journal_key(kDay).value(), {})
                  .value();
    ASSERT_TRUE(db.execute("UPDATE turn SET earlier_turn = 999 WHERE position = 6").ok());
  }
  engine_.reopen();
  const auto failed = turn_over(kNext);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().fault, Fault::kMalformed);
  EXPECT_TRUE(fs::exists(file(kDay)));
  EXPECT_FALSE(fs::exists(unfinished_journal_file(engine_.path(), kNext)));
  EXPECT_EQ(engine_.keys().journal_days().value(), std::vector<Day>{kDay});
  EXPECT_TRUE(store().find(tag(1)).value().has_value());
  EXPECT_EQ(store().open_contents(report_id(2)).value()->rows.size(), 6U);
}

TEST_F(TurnoverTest, AReportThatCouldNotBeMovedYetComesAlong) {
  tell(1, 2);
  {
    auto lock = sqlcipher::Connection::open(reports_file(engine_.path()),
                                            engine_.keys().store_key().value(), {})
                    .value();
    ASSERT_TRUE(lock.execute("BEGIN IMMEDIATE").ok());
    Turn last = state_turn(100, 1, 2, "");
    add_row(last, 1, 10, 2, "the end");
    close(last, 1);
    ASSERT_TRUE(store().record(last).ok());
    ASSERT_TRUE(turn_over(kNext).ok());
    EXPECT_EQ(store().unmoved_reports().value(), 1U);
  }
  engine_.reopen();
  EXPECT_EQ(store().unmoved_reports().value(), 0U);
  ASSERT_EQ(store().segments(report_id(1)).value().size(), 1U);
  EXPECT_EQ(store().segments(report_id(1)).value()[0].rows, 3U);
  EXPECT_EQ(store().log_entries().value().size(), 1U);
}

}  // namespace
}  // namespace resguardo::storage
