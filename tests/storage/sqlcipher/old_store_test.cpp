// SPDX-License-Identifier: AGPL-3.0-or-later
// Report stores as older versions wrote them: tests/storage/fixtures/reports-N holds one of version
// N, made by that version's storage_driver from short_script(); reports-4 has its journal too, of
// version 1, with what was open; journal-2 is one of the versions 4 and 2, reports-5 of 5 and 3,
// reports-6 of 6 and 3. None is ever changed or removed.
#include <gtest/gtest.h>

#include "storage/memory_store.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"
#include "tests/support/sqlcipher_pages.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

using testing_support::quick_parent;
using testing_support::TemporaryDirectory;

constexpr std::string_view kHeader = "header of segment";

void copy_to(const std::filesystem::path& directory, const std::string& fixture) {
  const auto from = testing_support::source_dir() / "tests" / "storage" / "fixtures" / fixture;
  std::filesystem::copy(from, directory, std::filesystem::copy_options::recursive);
}

void copy_to(const std::filesystem::path& directory, int version) {
  copy_to(directory, "reports-" + std::to_string(version));
}

std::int64_t number_in(const std::filesystem::path& file, const SecretBytes& key, StaticText sql) {
  return sqlcipher::Connection::open(file, key, {}).value().number(sql).value();
}

// The lines of a dump that the report store answers for.
std::string of_reports(Store& store) {
  std::string all;
  std::istringstream lines(dump(store, {}));
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("open ")) all += line + "\n";
  return all;
}

std::string expected() {
  const auto twin = make_memory_store();
  for (const Turn& turn : short_script()) EXPECT_TRUE(play(*twin, turn).ok());
  return of_reports(*twin);
}

Bytes store_key(const std::filesystem::path& directory) {
  const auto keys = KeyRing::open(directory, test_master_key()).value();
  return keys->store_key().value().read([](ByteView bytes) { return to_bytes(bytes); });
}

bool in_pages(const std::filesystem::path& directory, std::string_view planted) {
  auto wal = reports_file(directory);
  wal += "-wal";
  return testing_support::occurs_in_pages(reports_file(directory), store_key(directory), planted) ||
         (std::filesystem::exists(wal) &&
          testing_support::occurs_in_pages(wal, store_key(directory), planted));
}

std::unique_ptr<Store> open_in(const std::filesystem::path& directory, KeyRing& keys,
                               RandomSource& random) {
  return open_store({.directory = directory, .today = kDay}, keys, random).value();
}

TEST(OldStoreTest, ReportsThatWereStoredWithoutSlotsGetThem) {
  const TemporaryDirectory directory(quick_parent());
  copy_to(directory.path(), 2);
  ASSERT_TRUE(in_pages(directory.path(), kHeader)) << "the hunt finds what is there";
  SystemRandom random;
  const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
  for (int start = 0; start < 2; ++start) {
    auto store = open_in(directory.path(), *keys, random);
    EXPECT_EQ(of_reports(*store), expected());
    EXPECT_FALSE(in_pages(directory.path(), kHeader));
    store.reset();
    EXPECT_FALSE(in_pages(directory.path(), kHeader));
  }
  auto db =
      sqlcipher::Connection::open(reports_file(directory.path()), keys->store_key().value(), {})
          .value();
  EXPECT_EQ(db.number("PRAGMA auto_vacuum").value(), 2);
  EXPECT_EQ(db.number("SELECT count(*) FROM report WHERE slot IS NULL").value(), 0);
}

class OldJournalTest : public testing::TestWithParam<const char*> {};

TEST_P(OldJournalTest, WhatWasOpenGoesOn) {
  const TemporaryDirectory directory(quick_parent());
  copy_to(directory.path(), GetParam());
  const auto twin = make_memory_store();
  for (const Turn& turn : short_script()) EXPECT_TRUE(play(*twin, turn).ok());
  SystemRandom random;
  const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
  for (int start = 0; start < 2; ++start) {
    const auto store = open_in(directory.path(), *keys, random);
    EXPECT_EQ(dump(*store, short_script()), dump(*twin, short_script()));
  }
  const auto store = open_in(directory.path(), *keys, random);
  Turn next = state_turn(5000, 22, 3, "goes on");
  add_row(next, 2, 21, 2, "and more of the second");
  take_media(next, 1);
  EXPECT_TRUE(store->record(next).ok());
  const auto file = keep_media(*store, 1);
  EXPECT_TRUE(store->record(addendum(2, 1, 50)).ok()) << "files are stored from here on";
  const auto closed = store->reports().value();
  ASSERT_FALSE(closed.empty());
  const ReplyWrite reply{ReplyId{{1}}, closed[0].report, text("a reply"), kDay};
  EXPECT_EQ(store->deliver({&reply, 1}).value().added, 1U) << "and replies";
  EXPECT_EQ(store->replies(closed[0].report).value().size(), 1U);
  const LinkWrite link{LinkTag{{1}}, closed[0].report, kDay, text("a link")};
  EXPECT_TRUE(store->link(link, {}).value()) << "and links";
}

INSTANTIATE_TEST_SUITE_P(Versions, OldJournalTest,
                         testing::Values("reports-4", "journal-2", "reports-5", "reports-6"),
                         [](const auto& version) {
                           std::string name = version.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(OldStoreTest, AStartThatIsKilledAtAnyWriteIsMadeAgain) {
  const auto start = [](const std::filesystem::path& directory, const char* kind, long at) {
    return testing_support::run_with_faults(
        {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), "open"},
        {.kind = kind, .at = at, .under = directory});
  };
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path(), 2);
    total = start(directory.path(), "", 0).counts.at("total");
  }
  ASSERT_GT(total, 40);
  const std::string whole = expected();
  for (const char* kind : {"kill", "torn", "eio"}) {
    for (long at = 1; at <= total; ++at) {
      SCOPED_TRACE(std::string(kind) + " " + std::to_string(at));
      const TemporaryDirectory directory(quick_parent());
      copy_to(directory.path(), 2);
      static_cast<void>(start(directory.path(), kind, at));
      SystemRandom random;
      const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
      auto store = open_in(directory.path(), *keys, random);
      ASSERT_EQ(of_reports(*store), whole);
      store.reset();
      ASSERT_FALSE(in_pages(directory.path(), kHeader));
    }
  }
}

// The journal of version 1, which listed nothing: what was open in it goes on.
TEST(OldStoreTest, AJournalThatListsNothingIsReadWhole) {
  const TemporaryDirectory directory(quick_parent());
  copy_to(directory.path(), 4);
  SystemRandom random;
  const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
  const auto journal_number = [&](StaticText sql) {
    return number_in(journal_file(directory.path(), kDay), keys->journal_key(kDay).value(), sql);
  };
  ASSERT_EQ(journal_number("PRAGMA user_version"), 1);
  const auto script = short_script();
  const auto twin = make_memory_store();
  for (const Turn& turn : script) ASSERT_TRUE(play(*twin, turn).ok());
  auto store = open_in(directory.path(), *keys, random);
  EXPECT_EQ(dump(*store, script), dump(*twin, script));
  Turn more = state_turn(900, 22, 3, "after the update");
  add_row(more, 2, 21, 2, "more words");
  for (Store* one : {store.get(), twin.get()}) {
    EXPECT_EQ(one->record(script[0]).error().fault, Fault::kReplayed);
    ASSERT_TRUE(one->record(more).ok());
  }
  EXPECT_EQ(store->open_reports().value().at(0).begun, std::nullopt);
  store.reset();
  store = open_in(directory.path(), *keys, random);
  EXPECT_EQ(dump(*store, script), dump(*twin, script));
  ASSERT_TRUE(store->turn_over_journal(Day{kDay.number + 1}, Day{0}).ok());
  store.reset();
  const auto next = journal_file(directory.path(), Day{kDay.number + 1});
  const auto key = keys->journal_key(Day{kDay.number + 1}).value();
  EXPECT_EQ(number_in(next, key, "SELECT count(*) FROM listed"), 1);
  EXPECT_EQ(number_in(next, key, "SELECT count(*) FROM turn"), 1);
  store = open_in(directory.path(), *keys, random);
  EXPECT_EQ(dump(*store, script), dump(*twin, script));
}

TEST(OldStoreTest, AJournalOfANewerVersionIsRefusedAndStays) {
  const TemporaryDirectory directory(quick_parent());
  copy_to(directory.path(), 4);
  SystemRandom random;
  const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
  const auto file = journal_file(directory.path(), kDay);
  ASSERT_TRUE(sqlcipher::Connection::open(file, keys->journal_key(kDay).value(), {})
                  .value()
                  .set_version(4)
                  .ok());
  const auto refused = open_store({.directory = directory.path(), .today = kDay}, *keys, random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kRefused);
  EXPECT_TRUE(std::filesystem::exists(file));
}

// Their keys lie nowhere else: a new, empty file would lose them for good.
TEST(OldStoreTest, AMissingFileOfSlotsIsAnErrorAndNotANewOne) {
  const TemporaryDirectory directory(quick_parent());
  copy_to(directory.path(), 2);
  SystemRandom random;
  const auto keys = KeyRing::open(directory.path(), test_master_key()).value();
  static_cast<void>(open_in(directory.path(), *keys, random));
  std::filesystem::remove(slots_file(directory.path()));
  const auto refused = open_store({.directory = directory.path(), .today = kDay}, *keys, random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(slots_file(directory.path())));
}

}  // namespace
}  // namespace resguardo::storage
