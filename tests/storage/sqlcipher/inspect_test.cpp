// SPDX-License-Identifier: AGPL-3.0-or-later
// Files that a disk has changed: what is told of them, and what goes on.
#include <gtest/gtest.h>

#include <fstream>

#include "storage/media_folder.h"
#include "storage/slot_cell.h"
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/wal_scan.h"
#include "tests/storage/script.h"
#include "tests/storage/store_kinds.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPage = 4096;

void flip(const fs::path& file, std::uint64_t at) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(out.get() ^ 0x40);
  out.seekp(static_cast<std::streamoff>(at));
  out.put(byte);
  ASSERT_TRUE(out.good());
}

class InspectTest : public testing::Test {
 protected:
  InspectTest() {
    for (std::uint32_t n = 1; n <= 40; ++n) {
      Turn turn = state_turn(n * 2, n, 0, "state");
      add_row(turn, n, n, 0, std::string(2000, 'r'));
      close(turn, n);
      EXPECT_TRUE(engine_.store().record(turn).ok());
    }
    EXPECT_EQ(engine_.store().reports().value().size(), 40U);
  }
  Store& store() { return engine_.store(); }
  fs::path reports() const { return reports_file(engine_.path()); }
  Result<std::unique_ptr<Store>> open_again() {
    return open_store({.directory = engine_.path(), .today = kDay}, engine_.keys(), random_);
  }
  static std::vector<std::uint64_t> numbers(const FilesInspected& inspected, Damage what) {
    std::vector<std::uint64_t> found;
    for (const auto& one : inspected.found)
      if (one.what == what) found.push_back(one.number);
    return found;
  }

  SqlcipherUnderTest engine_;
  SystemRandom random_;
};

TEST_F(InspectTest, AWholeStoreHasNothingToTell) {
  for (const bool every_page : {true, false}) {
    const auto inspected = store().inspect_files({.every_page = every_page});
    ASSERT_TRUE(inspected.ok()) << inspected.error().why.c_str();
    EXPECT_TRUE(inspected->found.empty());
    EXPECT_GT(inspected->pages, 40U);
    EXPECT_EQ(inspected->cells, 256U);
  }
  EXPECT_FALSE(store().health().damaged);
}

TEST_F(InspectTest, DamagedPagesAreNamedAndTheOthersAreRead) {
  engine_.shut();
  flip(reports(), 24 * kPage + 100);
  flip(reports(), 34 * kPage + 4000);
  const auto store = open_again().value();
  const auto inspected = store->inspect_files({});
  ASSERT_TRUE(inspected.ok()) << inspected.error().why.c_str();
  EXPECT_EQ(numbers(*inspected, Damage::kReportsPage), (std::vector<std::uint64_t>{25, 35}));
  EXPECT_EQ(inspected->found.size(), 2U);
  ASSERT_TRUE(store->health().damaged);
  std::size_t read = 0;
  for (std::uint32_t n = 1; n <= 40; ++n)
    if (store->rows(segment_id(n), [](std::uint64_t, ByteView) { return success(); }).ok()) ++read;
  EXPECT_GE(read, 30U);
  Turn turn = state_turn(1000, 1000, 0, "state");
  EXPECT_TRUE(store->record(turn).ok()) << "turns go on";
}

TEST_F(InspectTest, AReadInTheBackgroundSeesItTooAndCanBeStopped) {
  engine_.shut();
  flip(reports(), 20 * kPage + 100);
  const auto store = open_again().value();
  EXPECT_FALSE(store->health().damaged);
  const auto stopped = store->inspect_files({.every_page = false, .stop = [] { return true; }});
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().fault, Fault::kUnavailable);
  const auto inspected = store->inspect_files({.every_page = false});
  ASSERT_TRUE(inspected.ok()) << inspected.error().why.c_str();
  EXPECT_EQ(numbers(*inspected, Damage::kReportsTrees).size(), 1U);
  EXPECT_TRUE(store->health().damaged);
}

TEST_F(InspectTest, DamagedCellsAreCountedByNumber) {
  flip(slots_file(engine_.path()), (17 + 1) * kSlotCell + 33);
  flip(slots_file(engine_.path()), (255 + 1) * kSlotCell + 511);
  const auto inspected = store().inspect_files({});
  ASSERT_TRUE(inspected.ok()) << inspected.error().why.c_str();
  EXPECT_EQ(numbers(*inspected, Damage::kCell), (std::vector<std::uint64_t>{17, 255}));
}

// Reports 50 (open) and 51 (closed) have a file each.
class InspectMediaTest : public InspectTest {
 protected:
  InspectMediaTest() {
    for (std::uint32_t n = 50; n <= 51; ++n) {
      Turn turn = state_turn(n * 2, n, 0, "state");
      add_row(turn, n, n * 10, 0, "a file was sent");
      take_media(turn, n);
      if (n == 51) close(turn, n);
      EXPECT_TRUE(store().record(turn).ok());
      const auto file = keep_media(store(), n);
      EXPECT_TRUE(store().record(addendum(n, n, n * 10 + 5)).ok());
    }
  }
  fs::path file(std::uint32_t n) const {
    return media_folder(engine_.path()) / media_file_name(media_id(n));
  }
};

TEST_F(InspectMediaTest, WholeFilesAreCounted) {
  const auto inspected = store().inspect_files({}).value();
  EXPECT_TRUE(inspected.found.empty());
  EXPECT_EQ(inspected.media, 2U);
}

TEST_F(InspectMediaTest, AFileThatIsGoneIsTold) {
  fs::remove(file(50));
  for (const bool every_page : {true, false}) {
    const auto inspected = store().inspect_files({.every_page = every_page}).value();
    EXPECT_EQ(numbers(inspected, Damage::kMediaMissing), (std::vector<std::uint64_t>{1}));
    EXPECT_EQ(inspected.found.size(), 1U);
  }
  EXPECT_TRUE(store().health().damaged);
}

TEST_F(InspectMediaTest, AChangedFileIsSeenWhereAllIsRead) {
  flip(file(50), 69'000);
  flip(file(51), 7);
  EXPECT_TRUE(store().inspect_files({.every_page = false}).value().found.empty());
  const auto inspected = store().inspect_files({}).value();
  EXPECT_EQ(numbers(inspected, Damage::kMediaChanged), (std::vector<std::uint64_t>{2}));
}

TEST_F(InspectMediaTest, AFileThatWasCutIsSeenAtOnce) {
  fs::resize_file(file(51), 100);
  EXPECT_EQ(numbers(store().inspect_files({.every_page = false}).value(), Damage::kMediaChanged),
            (std::vector<std::uint64_t>{1}));
}

TEST_F(InspectMediaTest, WhatIsNobodysIsCounted) {
  const auto writing = store().begin_media(media_id(1), kDay).value();
  std::ofstream(file(2)) << "left over";
  std::ofstream(media_folder(engine_.path()) / "notes.txt") << "of an operator";
  const auto inspected = store().inspect_files({}).value();
  EXPECT_EQ(numbers(inspected, Damage::kMediaForeign), (std::vector<std::uint64_t>{2}));
  EXPECT_FALSE(store().health().damaged) << "nothing is lost by it";
}

TEST_F(InspectTest, AReportWhoseCellIsDamagedIsSeenAtTheStart) {
  engine_.shut();
  for (std::uint64_t cell = 0; cell < 256; ++cell)
    flip(slots_file(engine_.path()), (cell + 1) * kSlotCell + 33);
  const auto store = open_again().value();
  EXPECT_TRUE(store->health().damaged);
}

TEST_F(InspectTest, AFreshJournalPageIsSeenToo) {
  for (std::uint32_t n = 100; n < 120; ++n) {
    Turn turn = state_turn(n * 2, n, 0, std::string(3000, 's'));
    add_row(turn, n, n, 0, std::string(3000, 'r'));
    ASSERT_TRUE(store().record(turn).ok());
  }
  engine_.shut();
  flip(journal_file(engine_.path(), kDay), 12 * kPage + 9);
  const auto store = open_again();
  if (!store.ok()) return;  // it was one without which the journal cannot be read
  const auto inspected = (*store)->inspect_files({});
  ASSERT_TRUE(inspected.ok()) << inspected.error().why.c_str();
  EXPECT_EQ(numbers(*inspected, Damage::kJournalPage), (std::vector<std::uint64_t>{13}));
}

// SQLite reads a WAL up to the first frame that does not fit, and says nothing.
class WalTest : public InspectTest {
 protected:
  WalTest() {
    auto file = journal_file(engine_.path(), kDay);
    file += "-wal";
    wal_ = copies_ / "wal";
    // A quiet moment of the store may cut the WAL between any two turns, as long as something is
    // left to be overwritten in it: then ten more are written.
    for (std::uint32_t first = 100; first < 400; first += 10) {
      const std::uint64_t before = fs::file_size(file);
      for (std::uint32_t n = first; n < first + 10; ++n)
        EXPECT_TRUE(store().record(state_turn(n * 2, n, 0, std::string(2000, 's'))).ok());
      copy(file);
      size_ = fs::file_size(wal_);
      if (size_ >= before + 10 * kPage) return;
    }
    ADD_FAILURE() << "no ten turns without a cut";
  }
  // To where it ends by then: fs::copy_file() fails on a file that is cut meanwhile.
  void copy(const fs::path& file) const {
    std::ifstream in(file, std::ios::binary);
    std::ofstream out(wal_, std::ios::binary | std::ios::trunc);
    std::copy(std::istreambuf_iterator<char>(in), {}, std::ostreambuf_iterator<char>(out));
    EXPECT_TRUE(out.flush().good());
  }
  const testing_support::TemporaryDirectory folder_;
  const fs::path copies_ = folder_.path();
  fs::path wal_;
  std::uint64_t size_ = 0;
};

TEST_F(WalTest, AWholeOneHasLostNothing) {
  ASSERT_GT(size_, 10 * kPage);
  EXPECT_EQ(unreadable_commits(wal_).value(), 0U);
  EXPECT_EQ(unreadable_commits(copies_ / "none").value(), 0U);
}

TEST_F(WalTest, WhatACrashCutShortIsNoLoss) {
  const std::uint64_t frame = kPage + 24;
  flip(wal_, size_ - frame + 100);  // the last one, torn
  EXPECT_EQ(unreadable_commits(wal_).value(), 0U);
  for (std::uint64_t cut = 0; cut < size_; cut += 1000) {
    fs::resize_file(wal_, size_ - cut);
    EXPECT_EQ(unreadable_commits(wal_).value(), 0U) << cut;
  }
}

TEST_F(WalTest, AFrameThatChangedTakesTheCommitsBehindItAlong) {
  flip(wal_, 32 + 24 + 100);
  EXPECT_GE(unreadable_commits(wal_).value(), 9U);
}

TEST_F(WalTest, OfADamagedHeaderTheSameIsTold) {
  flip(wal_, 13);
  EXPECT_GE(unreadable_commits(wal_).value(), 9U);
}

TEST_F(WalTest, TheStoreSaysSoAfterItsStart) {
  const auto inspected_file = journal_file(engine_.path(), kDay);
  engine_.shut();  // which cuts the WAL: the copy is what a killed process leaves
  auto live = inspected_file;
  fs::copy_file(wal_, live += "-wal", fs::copy_options::overwrite_existing);
  flip(live, 32 + 24 + 100);
  const auto store = open_again().value();
  EXPECT_TRUE(store->health().damaged);
  const auto inspected = store->inspect_files({});
  ASSERT_TRUE(inspected.ok());
  EXPECT_EQ(numbers(*inspected, Damage::kJournalWal).size(), 1U);
}

}  // namespace
}  // namespace resguardo::storage
