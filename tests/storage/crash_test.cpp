// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdio>
#include <set>
#include <sstream>
#include <string>

#include "storage/memory_store.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/files.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/fault_run.h"
#include "tests/support/paths.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultPlan;
using testing_support::FaultRun;
using testing_support::quick_parent;
using testing_support::run_with_faults;
using testing_support::TemporaryDirectory;

FaultRun play(const std::filesystem::path& directory, const FaultPlan& plan,
              const std::string& what = "script") {
  return run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), what}, plan);
}

std::size_t acknowledged(const FaultRun& run) {
  std::istringstream lines(run.output);
  std::size_t count = 0;
  for (std::string word, number; lines >> word >> number;)
    if (word == "ack") ++count;
  return count;
}

// How often a whole script writes.
long count_writes(const std::string& what = "script") {
  const TemporaryDirectory directory(quick_parent());
  const FaultRun whole =
      play(directory.path(), {.kind = "", .at = 0, .under = directory.path()}, what);
  EXPECT_EQ(whole.status, 0) << whole.errors;
  return whole.counts.at("total");
}

// What a store must look like when the first `turns` of the script are recorded.
std::string expected_after(std::size_t turns) {
  const auto script = short_script();
  const auto twin = make_memory_store();
  for (std::size_t at = 0; at < turns; ++at) EXPECT_TRUE(storage::play(*twin, script[at]).ok());
  return dump(*twin, script);
}

struct Crash {
  const char* what;  // does the driver
  const char* kind;
};

class CrashTest : public testing::TestWithParam<Crash> {
 protected:
  // A store as a killed run left it shows the acknowledged turns, at most the one more that was in
  // flight, and each of them whole.
  static void expect_nothing_lost(const std::filesystem::path& directory, const FaultRun& run) {
    const auto keys = ensure_store(directory);
    ASSERT_TRUE(keys.ok()) << keys.error().why.c_str();
    SystemRandom random;
    const auto store = open_store({.directory = directory, .today = kDay}, **keys, random);
    ASSERT_TRUE(store.ok()) << store.error().why.c_str();
    EXPECT_EQ(find_journals(directory).value().whole.size(), 1U);
    EXPECT_TRUE(find_journals(directory).value().unfinished.empty());
    EXPECT_EQ((*keys)->journal_days().value().size(), 1U);
    const std::string found = dump(**store, short_script());
    const std::size_t least = acknowledged(run);
    if (found == expected_after(least)) return;
    ASSERT_LT(least, short_script().size());
    EXPECT_EQ(found, expected_after(least + 1));
  }
};

TEST_P(CrashTest, AtEveryWriteLosesNothingAndLeavesNothingHalf) {
  const auto [what, kind_of_fault] = GetParam();
  const std::string kind = kind_of_fault;
  const long total = count_writes(what);
  ASSERT_GT(total, kind == "kill" && what == std::string("days") ? 500 : 50);
  std::set<int> statuses;
  for (long at = 1; at <= total; ++at) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    const FaultRun run =
        play(directory.path(), {.kind = kind, .at = at, .under = directory.path()}, what);
    statuses.insert(run.status);
    ASSERT_TRUE(run.status == -9 || run.status == 0 || run.status == 4) << run.errors;
    expect_nothing_lost(directory.path(), run);
    const FaultRun resumed =
        play(directory.path(), {.kind = "", .at = 0, .under = directory.path()}, what);
    ASSERT_EQ(resumed.status, 0) << resumed.errors;
    ASSERT_EQ(resumed.errors, "");
    expect_nothing_lost(directory.path(), resumed);
    if (HasFatalFailure() || HasNonfatalFailure()) return;
  }
  std::printf("%s, %s: %ld writes tried\n", what, kind.c_str(), total);
  const bool kills = kind == "kill" || kind == "torn";
  EXPECT_EQ(statuses.contains(-9), kills);
}

INSTANTIATE_TEST_SUITE_P(Kinds, CrashTest,
                         testing::Values(Crash{"script", "kill"}, Crash{"script", "torn"},
                                         Crash{"script", "enospc"}, Crash{"script", "eio"},
                                         Crash{"listed", "kill"}, Crash{"days", "kill"},
                                         Crash{"days", "eio"}),
                         [](const auto& crash) {
                           return std::string(crash.param.what) + "_" + crash.param.kind;
                         });

TEST(GroupCommitTest, SharesSyncsBetweenTurns) {
  const TemporaryDirectory directory(quick_parent());
  const FaultRun run =
      play(directory.path(), {.kind = "", .at = 0, .under = directory.path()}, "burst");
  ASSERT_EQ(run.status, 0) << run.errors;
  constexpr long kTurns = 64 * 16;
  EXPECT_LT(run.counts.at("sync"), kTurns / 2);
  EXPECT_EQ(run.errors, "");
}

// A disk that stays full: nothing more is acknowledged, nothing acknowledged is lost. It is full
// in the middle of the turns: the store is made before them and closed after them.
TEST(FullDiskTest, RefusesAndRecovers) {
  const TemporaryDirectory directory(quick_parent());
  const TemporaryDirectory other(quick_parent());
  const long made =
      play(other.path(), {.kind = "", .at = 0, .under = other.path()}, "open").counts.at("total");
  const FaultRun full =
      play(directory.path(),
           {.kind = "full", .at = made + (count_writes() - made) / 3, .under = directory.path()});
  EXPECT_EQ(full.status, 3) << full.errors;
  EXPECT_GT(acknowledged(full), 0U);
  EXPECT_LT(acknowledged(full), short_script().size());
  const FaultRun again = play(directory.path(), {.kind = "", .at = 0, .under = {}});
  EXPECT_EQ(again.status, 0) << again.errors;
  EXPECT_EQ(acknowledged(again), short_script().size());
}

}  // namespace
}  // namespace resguardo::storage
