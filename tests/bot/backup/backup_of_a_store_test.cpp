// SPDX-License-Identifier: AGPL-3.0-or-later
// What a backup holds opens again as a store, with the keys that are in it and the master key.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "crypto/base/sha256.h"
#include "storage/media_folder.h"
#include "storage/sqlcipher/engine.h"
#include "tests/bot/backup/file_tree.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;

// One store, its backup, and the store that is made of the backup.
class BackupOfAStoreTest : public ::testing::Test {
 protected:
  BackupOfAStoreTest() : keys_(ensure_store(source_.path()).value()) {
    store_ = open_store({.directory = source_.path(), .today = kDay}, *keys_, random_).value();
  }
  void close_report(std::uint32_t n) {
    Turn turn = state_turn(n * 2, n, 0, "state");
    add_row(turn, n, n, 0, "row of " + std::to_string(n));
    close(turn, n);
    ASSERT_TRUE(store_->record(std::move(turn)).ok());
  }
  // A report of one file, which is fetched before or after it closes.
  void close_report_with_file(std::uint32_t n, bool before) {
    Turn turn = state_turn(n * 2, n, 0, "state");
    add_row(turn, n, n, 0, "row of " + std::to_string(n));
    take_media(turn, n);
    if (!before) close(turn, n);
    ASSERT_TRUE(store_->record(turn).ok());
    const auto file = keep_media(*store_, n);
    ASSERT_TRUE(store_->record(addendum(n, n, 1000 + n)).ok());
    if (!before) return;
    Turn last = state_turn(n * 2 + 1, n, 1, "");
    close(last, n);
    ASSERT_TRUE(store_->record(last).ok());
  }
  void back_up() {
    tree_ = {};
    ASSERT_TRUE(store_->copy_reports(tree_).ok());
    ASSERT_TRUE(store_->copy_slots(tree_).ok());
  }
  // Reports, and of each its segments' headers and rows; what cannot be opened is named.
  static std::vector<std::string> contents(Store& store) {
    std::vector<std::string> all;
    for (const auto& report : store.reports().value()) {
      std::string line = to_hex(report.report.view().first(4));
      const auto segments = store.segments(report.report);
      if (!segments.ok()) {
        all.push_back(line + " has no key");
        continue;
      }
      for (const auto& segment : *segments) {
        line += " " + to_string(segment.header);
        EXPECT_TRUE(store
                        .rows(segment.segment,
                              [&](std::uint64_t, ByteView row) {
                                line += "|" + std::string(as_text(row));
                                return success();
                              })
                        .ok());
      }
      for (const StoredMedia& file : store.media(report.report).value()) {
        Sha256 hash;
        const Status read = store.media_chunks(file.media, [&](std::uint64_t, ByteView sealed) {
          hash.add(sealed);
          return success();
        });
        const bool whole = read.ok() && hash.finish() == file.ciphertext;
        line += whole ? " with a file" : " with a file that is gone";
      }
      all.push_back(line);
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  std::vector<std::string> restored() {
    const testing_support::TemporaryDirectory target;
    const fs::path folder = target.path();
    EXPECT_TRUE(KeyRing::create(folder, test_master_key()).ok());
    fs::copy_file(source_.path() / "keys/store.key", folder / "keys/store.key",
                  fs::copy_options::overwrite_existing);
    fs::create_directory(folder / "media");
    for (const auto& [name, bytes] : tree_.files)
      std::ofstream(folder / name, std::ios::binary) << bytes;
    const auto keys = KeyRing::open(folder, test_master_key());
    auto store = open_store({.directory = folder, .today = kDay}, **keys, random_);
    if (!store.ok()) return {store.error().why.c_str()};
    return contents(**store);
  }

  SystemRandom random_;
  testing_support::TemporaryDirectory source_;
  std::unique_ptr<KeyRing> keys_;
  std::unique_ptr<Store> store_;
  backup::FileTree tree_;
};

TEST_F(BackupOfAStoreTest, OpensAgainWithAllThatWasClosed) {
  for (std::uint32_t n = 1; n <= 20; ++n) close_report(n);
  back_up();
  EXPECT_EQ(contents(*store_).size(), 20U);
  EXPECT_EQ(restored(), contents(*store_));
}

TEST_F(BackupOfAStoreTest, FilesOfReportersComeBack) {
  close_report_with_file(1, true);
  close_report_with_file(2, false);
  close_report(3);
  Turn open = state_turn(8, 4, 0, "state");
  add_row(open, 4, 4, 0, "of an open report");
  take_media(open, 4);
  ASSERT_TRUE(store_->record(open).ok());
  const auto file = keep_media(*store_, 4);
  ASSERT_TRUE(store_->record(addendum(4, 4, 1004)).ok());
  back_up();
  const auto all = restored();
  EXPECT_EQ(all, contents(*store_));
  EXPECT_EQ(
      std::ranges::count_if(all, [](const auto& line) { return line.ends_with(" with a file"); }),
      2);
  EXPECT_EQ(std::ranges::count_if(tree_.files,
                                  [](const auto& one) { return one.first.starts_with("media/"); }),
            2)
      << "of conversations that are open a backup knows nothing";
}

TEST_F(BackupOfAStoreTest, AFileThatTheDiskLostDoesNotKeepTheRestFromBeingKept) {
  close_report_with_file(1, true);
  close_report_with_file(2, false);
  fs::remove(media_folder(source_.path()) / media_file_name(media_id(1)));
  back_up();
  EXPECT_EQ(restored(), contents(*store_));
}

TEST_F(BackupOfAStoreTest, TellsHowManyFilesTheDiskLostOrChanged) {
  for (const std::uint32_t n : {1U, 2U, 3U, 4U}) close_report_with_file(n, true);
  const auto file = [&](std::uint32_t n) {
    return media_folder(source_.path()) / media_file_name(media_id(n));
  };
  back_up();
  EXPECT_EQ(tree_.missing_media, 0);
  EXPECT_EQ(tree_.changed_media, 0);
  fs::remove(file(1));
  std::fstream flipped(file(2), std::ios::in | std::ios::out | std::ios::binary);
  const int first = flipped.get();
  flipped.seekp(0).put(static_cast<char>(first ^ 1));
  flipped.close();
  fs::resize_file(file(3), 0);
  back_up();
  EXPECT_EQ(tree_.missing_media, 1);
  EXPECT_EQ(tree_.changed_media, 2) << "one bit of one, and another that is empty";
}

TEST_F(BackupOfAStoreTest, NoFileOfItIsLeftBesideTheStore) {
  close_report(1);
  back_up();
  for (const auto& file : fs::directory_iterator(source_.path()))
    EXPECT_EQ(file.path().filename().string().find("copy"), std::string::npos) << file.path();
}

TEST_F(BackupOfAStoreTest, WhatAKilledBackupLeftGoesAtTheNextStart) {
  std::ofstream(source_.path() / "reports-copy.db") << "half a copy";
  store_.reset();
  store_ = open_store({.directory = source_.path(), .today = kDay}, *keys_, random_).value();
  EXPECT_FALSE(fs::exists(source_.path() / "reports-copy.db"));
}

// Protocol §7: the slots replace their predecessors, and so withdrawal reaches older backups.
TEST_F(BackupOfAStoreTest, WhatWasErasedSinceDoesNotOpenFromAnOlderBackup) {
  for (std::uint32_t n = 1; n <= 3; ++n) close_report(n);
  back_up();
  const auto older = tree_.files.at("reports.db");
  const std::vector<Erasure> erasures = {{report_id(2), kDay, text("an entry of the log")}};
  ASSERT_EQ(store_->erase(erasures).value(), 1U);
  back_up();
  EXPECT_EQ(restored(), contents(*store_));
  tree_.files["reports.db"] = older;
  const auto opened = restored();
  ASSERT_EQ(opened.size(), 3U);
  EXPECT_EQ(std::count_if(opened.begin(), opened.end(),
                          [](const auto& line) { return line.ends_with("has no key"); }),
            1);
}

// The bad disk of one night would else take the good copy of all nights before.
TEST_F(BackupOfAStoreTest, DamagedSlotsAreNotCopied) {
  close_report(1);
  back_up();
  {
    std::fstream slots(source_.path() / "slots", std::ios::in | std::ios::out | std::ios::binary);
    slots.seekp(512);
    slots << std::string(fs::file_size(source_.path() / "slots") - 512, '\0');
  }
  tree_ = {};
  const auto copied = store_->copy_slots(tree_);
  ASSERT_FALSE(copied.ok());
  EXPECT_EQ(copied.error().fault, Fault::kMalformed);
  EXPECT_TRUE(tree_.files.empty());
}

TEST_F(BackupOfAStoreTest, IsOfOneMomentWhileReportsClose) {
  for (std::uint32_t n = 1; n <= 5; ++n) close_report(n);
  std::atomic<bool> stop = false;
  std::atomic<std::uint32_t> closed = 5;
  std::thread people([&] {
    for (std::uint32_t n = 6; !stop && n < 500; ++n) {
      close_report(n);
      closed = n;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const std::size_t before = closed;
    back_up();
    const auto all = restored();
    EXPECT_GE(all.size(), before) << "what was closed before the call is in it";
    for (const auto& line : all)
      EXPECT_NE(line.find("|row of "), std::string::npos) << line;  // whole, and with its key
  }
  stop = true;
  people.join();
}

TEST_F(BackupOfAStoreTest, ASinkThatFailsLeavesNothingBehind) {
  class Full final : public BackupSink {
    Status begin(std::string_view) override { return success(); }
    Status write(ByteView) override { return Error{Fault::kUnavailable, "full"}; }
  } full;
  close_report(1);
  EXPECT_FALSE(store_->copy_reports(full).ok());
  EXPECT_FALSE(store_->copy_slots(full).ok());
  EXPECT_FALSE(fs::exists(source_.path() / "reports-copy.db"));
  back_up();
  EXPECT_EQ(restored(), contents(*store_));
}

}  // namespace
}  // namespace resguardo::storage
