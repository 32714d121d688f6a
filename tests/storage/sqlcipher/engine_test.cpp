// SPDX-License-Identifier: AGPL-3.0-or-later
// What SQLCipher's engine promises beyond the contract.
#include "storage/sqlcipher/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "storage/print.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/chain_builder.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"
#include "tests/support/sqlcipher_pages.h"

namespace resguardo::storage {
namespace {

using testing_support::occurs_in_files;
using testing_support::occurs_in_pages;

constexpr std::string_view kRow = "PLANTED-ROW-8d1f5b";
constexpr std::string_view kState = "PLANTED-STATE-77ac02";

Bytes bytes_of(const SecretBytes& key) {
  return key.read([](ByteView bytes) { return to_bytes(bytes); });
}

class EngineTest : public testing::Test {
 protected:
  Store& store() { return engine_.store(); }
  std::filesystem::path journal() const { return journal_file(engine_.path(), kDay); }
  std::filesystem::path journal_wal() const {
    auto file = journal();
    return file += "-wal";
  }
  std::filesystem::path reports() const { return reports_file(engine_.path()); }
  Bytes journal_key() { return bytes_of(engine_.keys().journal_key(kDay).value()); }
  Bytes store_key() { return bytes_of(engine_.keys().store_key().value()); }

  bool in_journal(std::string_view planted) {
    // In this order: meanwhile the one may be copied into the other.
    return (std::filesystem::exists(journal_wal()) &&
            occurs_in_pages(journal_wal(), journal_key(), planted)) ||
           occurs_in_pages(journal(), journal_key(), planted);
  }
  // Waits for something that happens soon after.
  template <class Condition>
  static bool soon(Condition condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
    return condition();
  }
  Result<std::unique_ptr<Store>> open_again() {
    return open_store({.directory = engine_.path(), .today = kDay}, engine_.keys(), random_);
  }
  void tell() {  // an open report with planted words on several turns
    for (std::uint64_t at = 0; at < 6; ++at) {
      Turn turn = state_turn(static_cast<std::uint32_t>(at), 1, at, kState);
      add_row(turn, 1, 10, at, std::string(3000, 'x') + std::string(kRow));
      ASSERT_TRUE(store().record(turn).ok());
    }
  }
  void finish(ReportChange change) {
    Turn last = state_turn(100, 1, 6, "");
    if (change == ReportChange::kErase) {
      erase(last, 1);
    } else {
      close(last, 1);
    }
    ASSERT_TRUE(store().record(last).ok());
  }

  static void expect_what_was_told_or_damage(Store& store) {
    const auto found = store.find(tag(1));
    if (found.ok()) {
      ASSERT_TRUE(found->has_value());
      EXPECT_EQ((*found)->sealed_state, text(kState));
    } else {
      EXPECT_EQ(found.error().fault, Fault::kMalformed);
    }
    const auto contents = store.open_contents(report_id(1));
    if (contents.ok()) {
      ASSERT_TRUE(contents->has_value());
      EXPECT_EQ((*contents)->rows.size(), 6U);
    } else {
      EXPECT_EQ(contents.error().fault, Fault::kMalformed);
    }
  }
  // As the journal keeps it of a message that was delivered, or of a segment.
  template <class Value>
  static std::string print_text(const Value& value) {
    Bytes print;
    append_print(print, print_of(value));
    return std::string(as_text(print));
  }

  SqlcipherUnderTest engine_{SqlcipherUnderTest::Lists::kEveryTurn};
  SystemRandom random_;
};

TEST_F(EngineTest, FilesHoldCiphertextOnly) {
  tell();
  EXPECT_TRUE(in_journal(kRow)) << "the hunt finds what is there";
  EXPECT_TRUE(in_journal(kState));
  EXPECT_FALSE(occurs_in_files(engine_.path(), kRow));
  EXPECT_FALSE(occurs_in_files(engine_.path(), kState));
  EXPECT_FALSE(occurs_in_files(engine_.path(), tag(1).str()));
  EXPECT_FALSE(occurs_in_files(engine_.path(), "SQLite format"));
  EXPECT_FALSE(occurs_in_files(engine_.path(), as_text(journal_key())));
}

TEST_F(EngineTest, ClosedReportLeavesTheJournalWithItsTagsAndStates) {
  tell();
  finish(ReportChange::kClose);
  EXPECT_TRUE(soon([&] { return std::filesystem::file_size(journal_wal()) == 0; }));
  for (const std::string& gone :
       std::vector<std::string>{std::string(kRow), std::string(kState), tag(1).str(),
                                report_id(1).str(), segment_id(10).str()})
    EXPECT_FALSE(in_journal(gone));
  EXPECT_TRUE(in_journal(print_text(dedupe(1)))) << "repeats are still recognised";
  EXPECT_FALSE(in_journal(dedupe(1).str()));
  engine_.shut();
  EXPECT_TRUE(occurs_in_pages(reports(), store_key(), kRow));
  EXPECT_FALSE(occurs_in_pages(reports(), store_key(), tag(1).str()));
  EXPECT_FALSE(occurs_in_pages(reports(), store_key(), dedupe(1).str()));
}

TEST_F(EngineTest, ErasedReportIsNowhere) {
  tell();
  ASSERT_TRUE(in_journal(print_text(segment_id(10)))) << "the hunt finds it while it is there";
  finish(ReportChange::kErase);
  EXPECT_TRUE(soon([&] { return std::filesystem::file_size(journal_wal()) == 0; }));
  engine_.shut();
  for (const std::string& gone :
       std::vector<std::string>{std::string(kRow), std::string(kState), tag(1).str(),
                                report_id(1).str(), print_text(segment_id(10))}) {
    EXPECT_FALSE(in_journal(gone));
    EXPECT_FALSE(occurs_in_pages(reports(), store_key(), gone));
  }
}

TEST_F(EngineTest, MovedConversationLeavesNoOlderTag) {
  tell();
  Turn moved = state_turn(100, 2, 6, "moved");
  moved.conversation->found_under = tag(1);
  ASSERT_TRUE(store().record(moved).ok());
  EXPECT_TRUE(soon([&] { return std::filesystem::file_size(journal_wal()) == 0; }));
  EXPECT_FALSE(in_journal(tag(1).str()));
  EXPECT_FALSE(in_journal(kState));
  EXPECT_TRUE(in_journal(kRow)) << "the report is still open";
}

TEST_F(EngineTest, RowIdsTellNoOrder) {
  for (std::uint32_t n = 1; n <= 20; ++n) {
    Turn whole = state_turn(n, n, 0, "");
    add_row(whole, n, n * 10, 0, "row " + std::to_string(n));
    close(whole, n);
    ASSERT_TRUE(store().record(whole).ok());
  }
  engine_.shut();
  auto db = sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
  auto query = db.prepare("SELECT id, sealed FROM sealed_row ORDER BY id").value();
  auto rows = query.query().value();
  std::vector<std::string> in_id_order;
  std::int64_t largest = 0;
  while (rows.next().value()) {
    largest = rows.integer(0);
    in_id_order.push_back(to_string(rows.bytes(1)));
  }
  ASSERT_EQ(in_id_order.size(), 20U);
  EXPECT_GT(largest, std::int64_t{1} << 50);
  std::vector<std::string> in_time_order;
  for (std::uint32_t n = 1; n <= 20; ++n) in_time_order.push_back("row " + std::to_string(n));
  EXPECT_NE(in_id_order, in_time_order);
}

TEST_F(EngineTest, RowsOfASegmentLieSideBySideFromADrawnPlace) {
  Turn whole = state_turn(1, 1, 0, "");
  for (std::uint32_t sequence = 0; sequence < 20; ++sequence)
    for (const std::uint32_t segment : {10U, 11U}) add_row(whole, 1, segment, sequence, "row");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  engine_.shut();
  auto db = sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
  EXPECT_EQ(db.number("SELECT count(*) FROM (SELECT 1 FROM sealed_row GROUP BY segment, id - "
                      "sequence)")
                .value(),
            2);
  EXPECT_GT(db.number("SELECT max(id) - min(id) FROM sealed_row").value(), std::int64_t{1} << 32);
}

TEST_F(EngineTest, SecondOpenerFailsAtOnce) {
  EXPECT_EQ(open_again().error().fault, Fault::kConflict);
  EXPECT_EQ(create_store(engine_.path(), engine_.keys()).error().fault, Fault::kConflict);
  engine_.shut();
  EXPECT_TRUE(open_again().ok());
}

TEST_F(EngineTest, DoesNotBeginASecondStoreWhereOneIsMissing) {
  const testing_support::TemporaryDirectory empty(testing_support::quick_parent());
  EXPECT_EQ(
      open_store({.directory = empty.path(), .today = kDay}, engine_.keys(), random_).error().fault,
      Fault::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(reports_file(empty.path())));
}

TEST_F(EngineTest, CreatesOnlyOnce) {
  engine_.shut();
  EXPECT_EQ(create_store(engine_.path(), engine_.keys()).error().fault, Fault::kConflict);
}

TEST_F(EngineTest, OtherKeysAreRefused) {
  engine_.shut();
  const testing_support::TemporaryDirectory elsewhere(testing_support::quick_parent());
  const auto others = ensure_store(elsewhere.path()).value();
  EXPECT_EQ(
      open_store({.directory = engine_.path(), .today = kDay}, *others, random_).error().fault,
      Fault::kUnauthentic);
}

TEST_F(EngineTest, StoreOfANewerVersionIsRefused) {
  engine_.shut();
  {
    auto db =
        sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
    ASSERT_TRUE(db.set_version(1000).ok());
  }
  EXPECT_EQ(open_again().error().fault, Fault::kRefused);
}

TEST_F(EngineTest, DamagedFilesAreAnErrorAndNoCrash) {
  tell();
  engine_.shut();
  for (const auto& file : {journal(), reports()}) {
    const auto size = std::filesystem::file_size(file);
    for (std::uintmax_t page = 0; page < size / 4096; ++page) {
      const auto at = static_cast<std::streamoff>(page * 4096 + 1000);
      std::fstream raw(file, std::ios::in | std::ios::out | std::ios::binary);
      raw.seekg(at);
      const char before = static_cast<char>(raw.get());
      const auto put = [&](char byte) {
        raw.seekp(at);
        raw.put(byte);
        raw.flush();
      };
      put(static_cast<char>(before ^ 0x40));
      if (auto damaged = open_again(); !damaged.ok()) {
        EXPECT_NE(damaged.error().fault, Fault::kNotFound);
      } else {  // a start reads the list; what it stands for says what it was, or that it is
                // damaged
        expect_what_was_told_or_damage(**damaged);
      }
      put(before);
    }
  }
  EXPECT_TRUE(open_again().ok());
}

TEST_F(EngineTest, JournalKeepsItsDayUntilItIsTurnedOver) {
  tell();
  engine_.shut();
  auto later = open_store({.directory = engine_.path(), .today = Day{kDay.number + 5}},
                          engine_.keys(), random_)
                   .value();
  EXPECT_TRUE(later->find(tag(1)).value().has_value());
  EXPECT_FALSE(std::filesystem::exists(journal_file(engine_.path(), Day{kDay.number + 5})));
}

TEST_F(EngineTest, AStoreOfANewerVersionIsRefusedAndNotTouched) {
  tell();
  engine_.shut();
  const std::vector<std::pair<std::filesystem::path, SecretBytes (*)(KeyRing&)>> files = {
      {reports(), [](KeyRing& keys) { return keys.store_key().value(); }},
      {journal(), [](KeyRing& keys) { return keys.journal_key(kDay).value(); }}};
  for (const auto& [file, key_of] : files) {
    const auto set = [&](std::int64_t change) {
      auto db = sqlcipher::Connection::open(file, key_of(engine_.keys()), {}).value();
      const auto version = db.number("PRAGMA user_version").value();
      EXPECT_TRUE(db.set_version(version + change).ok());
    };
    set(1);
    const auto refused = open_again();
    ASSERT_FALSE(refused.ok()) << file;
    EXPECT_EQ(refused.error().fault, Fault::kRefused) << file;
    EXPECT_THAT(refused.error().why.c_str(), testing::HasSubstr("newer version"));
    set(-1);
    EXPECT_TRUE(open_again().value()->find(tag(1)).value().has_value());
  }
}

TEST_F(EngineTest, AnEmptyNewerJournalDoesNotCostTheOlderOne) {
  tell();
  engine_.shut();
  const auto newer = journal_file(engine_.path(), Day{kDay.number + 1});
  std::ofstream(newer) << "";
  EXPECT_EQ(open_again().error().fault, Fault::kMalformed);
  std::filesystem::remove(newer);
  EXPECT_TRUE(open_again().value()->find(tag(1)).value().has_value());
}

// What was taken out is in a WAL until that is cut, and its writer may have been killed before.
TEST_F(EngineTest, AStartCutsTheWalsThatAKillLeft) {
  tell();
  const testing_support::TemporaryDirectory killed(testing_support::quick_parent());
  std::filesystem::copy(
      engine_.path(), killed.path(),
      std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  auto wal = journal_file(killed.path(), kDay);
  wal += "-wal";
  ASSERT_GT(std::filesystem::file_size(wal), 0U);
  const auto keys = ensure_store(killed.path()).value();
  const auto store = open_store({.directory = killed.path(), .today = kDay}, *keys, random_);
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE(soon([&] { return std::filesystem::file_size(wal) == 0; }));
  EXPECT_TRUE((*store)->find(tag(1)).value().has_value());
}

TEST_F(EngineTest, AMissingJournalIsNoticedAndItsKeyIsKept) {
  tell();
  engine_.shut();
  const auto away = engine_.path() / "away";
  std::filesystem::rename(journal(), away);
  EXPECT_EQ(open_again().error().fault, Fault::kMalformed);
  EXPECT_EQ(open_again().error().fault, Fault::kMalformed) << "the first try changed nothing";
  std::filesystem::rename(away, journal());
  EXPECT_TRUE(open_again().value()->find(tag(1)).value().has_value());
}

TEST_F(EngineTest, WhatWasOpenCanBeGivenUpWithItsJournal) {
  tell();
  engine_.shut();
  std::filesystem::remove(journal());
  ASSERT_TRUE(engine_.keys().destroy_journal_key(kDay).ok());
  EXPECT_FALSE(open_again().value()->find(tag(1)).value().has_value());
}

TEST_F(EngineTest, AFirstJournalThatWasCutShortIsBegunAnew) {
  const testing_support::TemporaryDirectory fresh(testing_support::quick_parent());
  const auto keys = ensure_store(fresh.path()).value();
  std::ofstream(unfinished_journal_file(fresh.path(), kDay)) << "";
  ASSERT_TRUE(keys->journal_key(kDay).ok());
  const Day next{kDay.number + 1};
  ASSERT_TRUE(open_store({.directory = fresh.path(), .today = next}, *keys, random_).ok());
  EXPECT_THAT(keys->journal_days().value(), testing::ElementsAre(next));
  EXPECT_FALSE(std::filesystem::exists(unfinished_journal_file(fresh.path(), kDay)));
}

TEST_F(EngineTest, WhereNothingCanBeWrittenEveryTurnIsToldSo) {
  const auto open_other = [&](const std::filesystem::path& file, SecretBytes key) {
    auto other = sqlcipher::Connection::open(file, key, {}).value();
    EXPECT_TRUE(other.execute("BEGIN IMMEDIATE").ok());
    return other;
  };
  Turn whole = state_turn(1, 1, 0, "");
  add_row(whole, 1, 10, 0, "row");
  close(whole, 1);
  const auto reports_lock = open_other(reports(), engine_.keys().store_key().value());
  ASSERT_TRUE(store().record(whole).ok());  // and cannot be moved
  const auto journal_lock = open_other(journal(), engine_.keys().journal_key(kDay).value());
  std::atomic<int> refused = 0;
  for (std::uint32_t n = 2; n < 5; ++n)  // one alone, then two in one batch
    store().submit(state_turn(n, n, 0, "state"), [&](const Result<Recorded>& result) {
      if (!result.ok() && result.error().fault == Fault::kUnavailable) ++refused;
    });
  EXPECT_TRUE(soon([&] { return refused == 3; }));
}

TEST_F(EngineTest, SaysThatNothingCanBeWrittenAndStoresWhatHasPatienceAfterwards) {
  EXPECT_FALSE(store().health().unwritable.has_value());
  Turn patient = state_turn(2, 2, 0, "state");
  patient.patience = std::chrono::seconds(20);
  std::atomic<bool> recorded = false;
  {
    auto lock = sqlcipher::Connection::open(journal(), engine_.keys().journal_key(kDay).value(), {})
                    .value();
    ASSERT_TRUE(lock.execute("BEGIN IMMEDIATE").ok());
    EXPECT_FALSE(store().record(state_turn(1, 1, 0, "state")).ok());
    EXPECT_TRUE(store().health().unwritable.has_value());
    EXPECT_FALSE(store().try_to_write().ok());
    EXPECT_TRUE(store().health().unwritable.has_value());
    store().submit(std::move(patient),
                   [&](const Result<Recorded>& result) { recorded = result.ok(); });
  }
  EXPECT_TRUE(soon([&] { return recorded.load(); }));
  EXPECT_FALSE(store().health().unwritable.has_value());
  EXPECT_TRUE(store().try_to_write().ok());
  EXPECT_TRUE(store().record(state_turn(1, 1, 0, "state")).ok());
}

TEST_F(EngineTest, AReportThatCannotBeReadDoesNotKeepTheOthersFromMoving) {
  const auto closing = [](std::uint32_t n, std::uint64_t expected) {
    Turn whole = state_turn(n, n, expected, "");
    add_row(whole, n, 10 * n, expected, "row");
    close(whole, n);
    return whole;
  };
  Turn damaged = state_turn(100, 1, 0, "");
  add_row(damaged, 1, 10, 0, "row");
  ASSERT_TRUE(store().record(damaged).ok());
  {
    auto other =
        sqlcipher::Connection::open(journal(), engine_.keys().journal_key(kDay).value(), {})
            .value();
    ASSERT_TRUE(other.execute("UPDATE turn SET earlier_turn = 999 WHERE position = 1").ok());
  }
  ASSERT_TRUE(store().record(closing(1, 1)).ok());  // and cannot be moved
  ASSERT_TRUE(store().record(closing(2, 0)).ok());
  const auto moved = store().reports().value();
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].report, report_id(2));
  engine_.shut();
  auto again = open_again();
  ASSERT_TRUE(again.ok()) << again.error().why.c_str();
  EXPECT_EQ((*again)->unmoved_reports().value(), 1U);
  ASSERT_TRUE((*again)->record(closing(3, 0)).ok());
  EXPECT_EQ((*again)->reports().value().size(), 2U);
}

// Whatever the report store says to one of them, also what looks like a disk that is in the way.
TEST_F(EngineTest, ReportsThatCannotBeWrittenDoNotKeepTheOthersFromMoving) {
  {
    auto other =
        sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
    // Fails at run time, and not as a constraint: failure_of() calls it unavailable.
    ASSERT_TRUE(other
                    .execute("CREATE TRIGGER no BEFORE INSERT ON segment WHEN NEW.ordinal = 7"
                             " BEGIN SELECT abs(-9223372036854775808); END")
                    .ok());
  }
  for (std::uint32_t n = 1; n <= 30; ++n) {
    Turn whole = state_turn(n, n, 0, "");
    add_row(whole, n, 10 * n, 0, "row");
    close(whole, n);
    if (n <= 20) whole.report->segments.at(0).index = 7;
    ASSERT_TRUE(store().record(whole).ok());
  }
  for (std::uint32_t n = 100; n < 116; ++n)  // some batches: no move tries all twenty
    ASSERT_TRUE(store().record(state_turn(n, n, 0, "state")).ok());
  EXPECT_EQ(store().reports().value().size(), 10U);
  EXPECT_EQ(store().unmoved_reports().value(), 20U);
  {
    auto other =
        sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
    ASSERT_TRUE(other.execute("DROP TRIGGER no").ok());
  }
  ASSERT_TRUE(store().record(state_turn(116, 116, 0, "state")).ok());
  EXPECT_EQ(store().unmoved_reports().value(), 0U);
  EXPECT_EQ(store().reports().value().size(), 30U);
}

// Else it would come days later, dated before what is in the log by then.
TEST_F(EngineTest, AReportThatCannotBeMovedIsInTheLogOfItsDayAllTheSame) {
  {
    auto other =
        sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
    ASSERT_TRUE(other
                    .execute("CREATE TRIGGER no BEFORE INSERT ON sealed_row"
                             " BEGIN SELECT abs(-9223372036854775808); END")
                    .ok());
  }
  Turn whole = state_turn(1, 1, 0, "");
  add_row(whole, 1, 10, 0, "row");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  ChainBuilder today;
  ASSERT_TRUE(store().turn_over_log(kDay, today).ok());
  EXPECT_THAT(today.appended, testing::ElementsAre("log entry of report 1"));
  EXPECT_EQ(store().unmoved_reports().value(), 1U);
  {
    auto other =
        sqlcipher::Connection::open(reports(), engine_.keys().store_key().value(), {}).value();
    ASSERT_TRUE(other.execute("DROP TRIGGER no").ok());
  }
  ChainBuilder tomorrow;
  ASSERT_TRUE(store().turn_over_log(Day{kDay.number + 1}, tomorrow).ok());
  EXPECT_THAT(tomorrow.appended, testing::IsEmpty());
  EXPECT_EQ(store().reports().value().size(), 1U);
  EXPECT_EQ(logged_entries(store()).size(), 1U);
}

// Its key is gone by then: until the rows and the log follow, no day may end without it.
TEST_F(EngineTest, AnErasureThatIsCutShortIsFinishedWithoutARestart) {
  Turn whole = state_turn(1, 1, 0, "");
  add_row(whole, 1, 10, 0, "row");
  close(whole, 1);
  ASSERT_TRUE(store().record(whole).ok());
  ASSERT_EQ(store().segments(report_id(1)).value().size(), 1U);
  const Erasure end{report_id(1), kDay, text("the end of report 1")};
  ChainBuilder early;
  {
    const auto key = engine_.keys().store_key().value();
    auto lock = sqlcipher::Connection::open(reports(), key, {}).value();
    ASSERT_TRUE(lock.execute("BEGIN IMMEDIATE").ok());
    EXPECT_EQ(store().erase({&end, 1}).error().fault, Fault::kUnavailable);
    EXPECT_EQ(store().turn_over_log(kDay, early).error().fault, Fault::kUnavailable);
    EXPECT_FALSE(store().find_receipt(receipt(1)).value())
        << "who asks is not told that it is there";
  }
  EXPECT_TRUE(store().segments(report_id(1)).value().empty()) << "the key went first";
  ChainBuilder today;
  ASSERT_TRUE(store().turn_over_log(kDay, today).ok());
  EXPECT_EQ(store().last_checkpoint().value()->size, 2U) << "its beginning and its end";
  EXPECT_TRUE(store().log_entries().value().empty());
  EXPECT_TRUE(store().reports().value().empty());
  EXPECT_EQ(store().erase({}).value(), 0U);
}

TEST_F(EngineTest, WhoComesBackWhileAnErasureIsUnfinishedBeginsAfterIt) {
  const auto tell_part = [&](std::uint32_t segment, std::string_view words) {
    Turn whole = state_turn(segment, segment, 0, "");
    add_row(whole, 1, segment, 0, words);
    close(whole, 1);
    whole.report->receipt.reset();
    EXPECT_TRUE(store().record(whole).ok());
    EXPECT_EQ(store().segments(report_id(1)).value().size(), 1U);
  };
  tell_part(10, "first");
  const Erasure end{report_id(1), kDay, text("the end of report 1")};
  {
    const auto key = engine_.keys().store_key().value();
    auto lock = sqlcipher::Connection::open(reports(), key, {}).value();
    ASSERT_TRUE(lock.execute("BEGIN IMMEDIATE").ok());
    EXPECT_FALSE(store().erase({&end, 1}).ok());
  }
  tell_part(11, "more");
  engine_.reopen();
  EXPECT_EQ(store().segments(report_id(1)).value().size(), 1U);
  EXPECT_EQ(store().erase({&end, 1}).value(), 1U);
}

TEST_F(EngineTest, FullQueueRefusesAtOnce) {
  engine_.shut();
  auto small = open_store({.directory = engine_.path(), .today = kDay, .queue_limit = 1},
                          engine_.keys(), random_)
                   .value();
  std::atomic<int> refused = 0;
  std::atomic<int> recorded = 0;
  for (std::uint32_t n = 0; n < 200; ++n)
    small->submit(state_turn(n, n, 0, "state"), [&](const Result<Recorded>& result) {
      if (result.ok()) ++recorded;
      if (!result.ok() && result.error().fault == Fault::kUnavailable) ++refused;
    });
  small.reset();  // completes what is queued
  EXPECT_EQ(refused + recorded, 200);
  EXPECT_GT(refused.load(), 0);
  EXPECT_GT(recorded.load(), 0);
}

}  // namespace
}  // namespace resguardo::storage
