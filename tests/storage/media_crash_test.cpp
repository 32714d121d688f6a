// SPDX-License-Identifier: AGPL-3.0-or-later
// A store whose process is killed at every write while files of reporters are taken, fetched, moved
// and erased: each waits or is there, whole and once, with its report; and none lies in the folder
// that nobody names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "storage/media_folder.h"
#include "storage/sqlcipher/engine.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultRun;
using testing_support::quick_parent;
using testing_support::TemporaryDirectory;

constexpr std::uint32_t kFiles = 5;  // as store_driver has them

std::uint32_t report_of(std::uint32_t media) {
  return media <= 2 ? 1 : media - 1;
}

FaultRun drive_media(const std::filesystem::path& directory, const std::string& kind, long at) {
  return testing_support::run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), "media"},
      {.kind = kind, .at = at, .under = directory});
}

std::set<std::uint32_t> said(const FaultRun& run, std::string_view what) {
  std::set<std::uint32_t> numbers;
  std::istringstream lines(run.output);
  std::string word;
  for (std::uint32_t number = 0; lines >> word >> number;)
    if (word == what) numbers.insert(number);
  return numbers;
}

// One file's fate, as the store tells it.
struct Fate {
  bool waits = false;
  std::size_t addenda = 0;
  bool report = false;  // is there, open or closed
};

class Look {
 public:
  explicit Look(Store& store) : store_(store) {
    const auto pending = store_.pending_media().value();
    for (const PendingMedia& one : pending) waiting_.insert(one.media);
    const auto open = store_.open_reports().value();
    for (const OpenReport& one : open) open_.insert(one.report);
  }

  Fate fate_of(std::uint32_t n) {
    Fate fate;
    fate.waits = waiting_.contains(media_id(n));
    const ReportId report = report_id(report_of(n));
    const auto count = [&](const auto& segments) {
      fate.report = true;
      fate.addenda += static_cast<std::size_t>(std::ranges::count_if(
          segments, [&](const auto& one) { return one.index == addendum_index(media_id(n)); }));
    };
    if (open_.contains(report)) count(store_.open_contents(report).value()->segments);
    const auto closed = store_.segments(report).value();
    if (!closed.empty()) count(closed);
    return fate;
  }

  // Closed reports name files that are there, whole; what is in the folder is named, or its
  // report is open.
  void expect_whole_files(const std::filesystem::path& directory) {
    std::set<MediaId> named;
    for (std::uint32_t report = 1; report <= 4; ++report) {
      const auto all = store_.media(report_id(report)).value();
      for (const StoredMedia& one : all) {
        const MediaFolder folder(media_folder(directory));
        const auto content = folder.content(one.media);
        ASSERT_TRUE(content.ok());
        EXPECT_EQ(content->bytes, one.bytes);
        EXPECT_EQ(content->sha256, one.ciphertext);
        named.insert(one.media);
      }
    }
    for (std::uint32_t n = 1; n < kFiles; ++n)
      if (open_.contains(report_id(report_of(n))) && fate_of(n).addenda == 1)
        named.insert(media_id(n));
    const auto there = MediaFolder(media_folder(directory)).list().value();
    EXPECT_TRUE(there.unfinished.empty());
    EXPECT_EQ(there.foreign, 0U);
    EXPECT_EQ(std::set<MediaId>(there.files.begin(), there.files.end()), named);
  }

 private:
  Store& store_;
  std::set<MediaId> waiting_;
  std::set<ReportId> open_;
};

std::set<std::uint32_t> expect_nothing_half(const std::filesystem::path& directory,
                                            const FaultRun& run) {
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  Look look(*store);
  look.expect_whole_files(directory);
  const auto taken = said(run, "taken");
  const auto settled = said(run, "settled");
  std::set<std::uint32_t> brought;
  for (std::uint32_t n = 1; n <= kFiles; ++n) {
    SCOPED_TRACE("file " + std::to_string(n));
    const Fate fate = look.fate_of(n);
    const std::size_t there = fate.addenda + (fate.waits ? 1 : 0);
    EXPECT_LE(there, 1U) << "it waits, or has come, once";
    EXPECT_TRUE(fate.report || !fate.waits);
    EXPECT_TRUE(fate.report || !taken.contains(n) || n == 3 || n == 4);
    EXPECT_TRUE(!fate.report || !taken.contains(n) || there == 1);
    EXPECT_TRUE(!fate.report || !settled.contains(n) || fate.addenda == 1);
    if (fate.addenda == 1) brought.insert(n);
  }
  return brought;
}

class MediaCrashTest : public testing::TestWithParam<const char*> {};

TEST_P(MediaCrashTest, AtEveryWriteAFileWaitsOrIsThereOnce) {
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    const FaultRun whole = drive_media(directory.path(), "", 0);
    ASSERT_EQ(whole.status, 0) << whole.errors;
    total = whole.counts.at("total");
  }
  ASSERT_GT(total, 500);
  // A kill is tried everywhere; the others go the same ways, and are tried at every third write.
  const long step = GetParam() == std::string_view("kill") ? 1 : 3;
  long tried = 0;
  for (long at = 1; at <= total; at += step, ++tried) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    const FaultRun run = drive_media(directory.path(), GetParam(), at);
    ASSERT_TRUE(run.status == -9 || run.status == 0 || run.status == 4) << run.errors;
    expect_nothing_half(directory.path(), run);
    const FaultRun again = drive_media(directory.path(), "", 0);
    ASSERT_EQ(again.status, 0) << again.errors;
    EXPECT_EQ(expect_nothing_half(directory.path(), again), (std::set<std::uint32_t>{1, 2, 5}));
    if (HasFailure()) return;
  }
  std::printf("media, %s: %ld writes tried\n", GetParam(), tried);
}

INSTANTIATE_TEST_SUITE_P(Kinds, MediaCrashTest, testing::Values("kill", "torn", "eio"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace resguardo::storage
