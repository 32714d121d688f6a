// SPDX-License-Identifier: AGPL-3.0-or-later
// The key of the report store is replaced while people write.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;

class RekeyTest : public testing::Test {
 protected:
  Store& store() { return engine_.store(); }
  void close_report(std::uint32_t n) {
    Turn turn = state_turn(n, n, 0, "");
    add_row(turn, n, 10 * n, 0, "row of " + std::to_string(n));
    close(turn, n);
    ASSERT_TRUE(store().record(turn).ok());
  }
  void expect_reports(Store& store, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t n = from; n <= to; ++n) {
      const auto segments = store.segments(report_id(n));
      ASSERT_TRUE(segments.ok());
      ASSERT_EQ(segments->size(), 1U) << n;
      EXPECT_EQ(segments->at(0).rows, 1U) << n;
    }
  }
  Result<std::unique_ptr<Store>> open_again() {
    engine_.shut();
    return open_store({.directory = engine_.path(), .today = kDay}, engine_.keys(), random_);
  }
  SqlcipherUnderTest engine_;
  SystemRandom random_;
};

TEST_F(RekeyTest, WhatWasThereIsReadUnderTheNewKeyAndTheOldOpensNothing) {
  for (std::uint32_t n = 1; n <= 5; ++n) close_report(n);
  expect_reports(store(), 1, 5);  // readers are open
  const auto before = engine_.keys().store_key().value();
  ASSERT_TRUE(store().replace_key().ok());
  const auto after = engine_.keys().store_key().value();
  expect_reports(store(), 1, 5);
  close_report(6);
  expect_reports(store(), 1, 6);
  EXPECT_FALSE(fs::exists(reports_file(engine_.path()))) << "the file of before is gone";
  const auto current = reports_next_file(engine_.path());
  const auto opened = sqlcipher::Connection::open(current, before, {.read_only = true});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().fault, Fault::kUnauthentic);
  EXPECT_TRUE(sqlcipher::Connection::open(current, after, {.read_only = true}).ok());
  for (const char* gone : {"store-old.key", "store-new.key"})
    EXPECT_FALSE(fs::exists(engine_.path() / "keys" / gone)) << gone;
}

TEST_F(RekeyTest, TheNextStartGivesTheFileItsUsualName) {
  close_report(1);
  ASSERT_TRUE(store().replace_key().ok());
  close_report(2);
  const auto again = open_again().value();
  expect_reports(*again, 1, 2);
  EXPECT_TRUE(fs::exists(reports_file(engine_.path())));
  EXPECT_FALSE(fs::exists(reports_next_file(engine_.path())));
}

TEST_F(RekeyTest, ManyTimesInOneRun) {
  for (std::uint32_t n = 1; n <= 5; ++n) {
    close_report(n);
    const Status done = store().replace_key();
    ASSERT_TRUE(done.ok()) << done.error().why.c_str();
    expect_reports(store(), 1, n);
  }
  EXPECT_TRUE(store().inspect_files({}).value().found.empty());
  expect_reports(*open_again().value(), 1, 5);
}

TEST_F(RekeyTest, PeopleCloseReportsMeanwhileAndNoneIsLost) {
  std::atomic<bool> stop = false;
  std::atomic<std::uint32_t> closed = 0;
  std::thread people([&] {
    for (std::uint32_t n = 1; !stop && n <= 2000; ++n) {
      close_report(n);
      closed = n;
    }
  });
  std::thread readers([&] {
    while (!stop) EXPECT_TRUE(store().reports().ok());
  });
  int done = 0;
  for (int i = 0; i < 6; ++i) done += store().replace_key().ok() ? 1 : 0;
  stop = true;
  people.join();
  readers.join();
  EXPECT_GE(done, 1) << "others may have been in the way of a reader of before";
  EXPECT_EQ(store().reports().value().size(), closed);
  expect_reports(store(), 1, closed);
  expect_reports(*open_again().value(), 1, closed);
}

// Facts are written to the copied file too: the copy begins anew, or the key stays for now.
TEST_F(RekeyTest, WhatIsWrittenDuringTheCopyIsNotLost) {
  for (std::uint32_t n = 1; n <= 5; ++n) close_report(n);
  std::atomic<bool> stop = false;
  std::uint8_t last = 0;
  std::thread writer([&] {
    while (!stop) {
      const Bytes value{++last};
      ASSERT_TRUE(store().set_fact("a fact", value).ok());
    }
  });
  while (!store().fact("a fact").value()) std::this_thread::yield();  // the writer has begun
  for (int i = 0; i < 3; ++i) {
    const Status done = store().replace_key();
    if (!done.ok()) {
      EXPECT_EQ(done.error().fault, Fault::kUnavailable);
    }
  }
  stop = true;
  writer.join();
  EXPECT_EQ(store().fact("a fact").value(), Bytes{last});
  expect_reports(store(), 1, 5);
  EXPECT_EQ(open_again().value()->fact("a fact").value(), Bytes{last});
}

TEST_F(RekeyTest, AFileThatWasOnlyBegunIsNotTakenForTheStore) {
  close_report(1);
  ASSERT_TRUE(store().replace_key().ok());
  engine_.shut();  // the store is reports-next.db; a second rekey had just begun
  std::ofstream(reports_file(engine_.path())).flush();
  ASSERT_TRUE(fs::exists(reports_file(engine_.path())));
  expect_reports(*open_again().value(), 1, 1);
}

TEST_F(RekeyTest, WhereNeitherFileOpensNothingIsRemoved) {
  close_report(1);
  engine_.shut();
  for (const auto& file : {reports_file(engine_.path()), reports_next_file(engine_.path())}) {
    std::ofstream out(file, std::ios::binary);
    out << std::string(8192, 'x');
  }
  EXPECT_FALSE(open_again().ok());
  EXPECT_TRUE(fs::exists(reports_file(engine_.path())));
  EXPECT_TRUE(fs::exists(reports_next_file(engine_.path())));
}

}  // namespace
}  // namespace resguardo::storage
