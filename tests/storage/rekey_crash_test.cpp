// SPDX-License-Identifier: AGPL-3.0-or-later
// A store whose process is killed, or whose disk fails, at every write while its key is replaced:
// it opens, and holds all that was acknowledged.
#include <gtest/gtest.h>

#include <set>

#include "storage/key_file.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/engine.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

namespace fs = std::filesystem;
using testing_support::FaultRun;
using testing_support::quick_parent;
using testing_support::TemporaryDirectory;

constexpr std::uint32_t kClosedBefore = 4;  // as store_driver has them

FaultRun drive_rekey(const fs::path& directory, const char* what, const std::string& kind,
                     long at) {
  return testing_support::run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), what},
      {.kind = kind, .at = at, .under = directory});
}

std::size_t rows_of(Store& store, std::uint32_t n) {
  std::size_t rows = 0;
  const auto segments = store.segments(report_id(n));
  EXPECT_TRUE(segments.ok()) << n;
  const Status read = store.rows(segment_id(10 * n), [&](std::uint64_t, ByteView) {
    ++rows;
    return success();
  });
  EXPECT_TRUE(read.ok()) << n;
  return segments.ok() && segments->size() == 1 ? rows : 0;
}

Bytes key_of_store(const fs::path& directory) {
  const auto keys = KeyRing::open(directory, test_master_key()).value();
  return keys->store_key().value().read([](ByteView bytes) { return to_bytes(bytes); });
}

// What is left opens and is whole; files of before are gone.
void expect_all(const fs::path& directory, const FaultRun& run) {
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  {
    auto opened = open_store({.directory = directory, .today = kDay}, *keys, random);
    ASSERT_TRUE(opened.ok()) << opened.error().why.c_str();
    const auto store = std::move(opened).value();
    for (std::uint32_t n = 1; n <= kClosedBefore; ++n) EXPECT_EQ(rows_of(*store, n), 2U) << n;
    for (const std::uint32_t n : {11U, 12U})
      if (run.output.find("ack " + std::to_string(n)) != std::string::npos) {
        EXPECT_EQ(rows_of(*store, n), 1U) << n;
      }
    const auto inspected = store->inspect_files({});
    ASSERT_TRUE(inspected.ok());
    for (const auto& one : inspected->found)
      ADD_FAILURE() << "damage " << static_cast<int>(one.what) << " " << one.number;
  }
  std::set<std::string> files;
  for (const auto& one : fs::recursive_directory_iterator(directory))
    files.insert(one.path().filename().string());
  for (const char* gone :
       {"reports-next.db", "store-new.key", "store-old.key", "store-new.key.new"})
    EXPECT_FALSE(files.contains(gone)) << gone;
}

class RekeyCrashTest : public testing::TestWithParam<const char*> {
 protected:
  RekeyCrashTest() : prepared_(quick_parent()) {
    EXPECT_EQ(drive_rekey(prepared_.path(), "close", "", 0).status, 0);
  }
  void copy_to(const fs::path& directory) const {
    fs::copy(prepared_.path(), directory, fs::copy_options::recursive);
  }
  const TemporaryDirectory prepared_;
};

TEST_P(RekeyCrashTest, AtEveryWriteTheStoreOpensAndHoldsEverything) {
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    const FaultRun whole = drive_rekey(directory.path(), "rekey", "", 0);
    ASSERT_EQ(whole.status, 0) << whole.errors;
    total = whole.counts.at("total");
    EXPECT_NE(key_of_store(directory.path()), key_of_store(prepared_.path()));
    expect_all(directory.path(), whole);
  }
  ASSERT_GT(total, 50);
  RecordProperty("writes", static_cast<int>(total));
  for (long at = 1; at <= total; ++at) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    const FaultRun run = drive_rekey(directory.path(), "rekey", GetParam(), at);
    if (std::string(GetParam()) == "enospc" || std::string(GetParam()) == "eio") {
      EXPECT_TRUE(run.status == 0 || run.status == 4) << "goes on: " << run.errors;
    }
    expect_all(directory.path(), run);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, RekeyCrashTest, testing::Values("kill", "torn", "enospc", "eio"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace resguardo::storage
