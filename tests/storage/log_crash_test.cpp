// SPDX-License-Identifier: AGPL-3.0-or-later
// A log whose process is killed at every write: what was shown is never contradicted.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

#include "storage/sqlcipher/engine.h"
#include "tests/storage/chain_builder.h"
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
using testing_support::TemporaryDirectory;

FaultRun play_log(const std::filesystem::path& directory, const std::string& kind, long at) {
  return testing_support::run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), "log"},
      {.kind = kind, .at = at, .under = directory});
}

// What a run said that it had done: entries, and checkpoints by their size.
struct Shown {
  std::set<std::string> entries;
  std::map<std::size_t, std::string> checkpoints;

  void add(const FaultRun& run) {
    std::istringstream lines(run.output);
    for (std::string word; lines >> word;) {
      std::string value;
      if (word == "entry" && lines >> value) entries.insert(value);
      std::size_t size = 0;
      if (word == "checkpoint" && lines >> size >> value) {
        const auto [at, fresh] = checkpoints.emplace(size, value);
        EXPECT_EQ(at->second, value) << "two checkpoints of one size";
      }
    }
  }
};

void expect_kept(const std::filesystem::path& directory, const Shown& shown) {
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  const auto logged = logged_entries(*store);
  std::multiset<std::string> all(logged.begin(), logged.end());
  const auto waiting = store->log_entries().value();
  for (const Bytes& entry : waiting) all.insert(to_string(entry));
  for (const std::string& entry : all) EXPECT_EQ(all.count(entry), 1U) << entry;
  for (const std::string& entry : shown.entries) EXPECT_EQ(all.count(entry), 1U) << entry;
  for (const auto& [size, note] : shown.checkpoints) {
    ASSERT_LE(size, logged.size());
    EXPECT_EQ(chain_note(std::span(logged).first(size)), note);
  }
}

class LogCrashTest : public testing::TestWithParam<const char*> {};

TEST_P(LogCrashTest, AtEveryWriteContradictsNothingAndLosesNothing) {
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    total = play_log(directory.path(), "", 0).counts.at("total");
  }
  ASSERT_GT(total, 30);
  for (long at = 1; at <= total; ++at) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    Shown shown;
    shown.add(play_log(directory.path(), GetParam(), at));
    expect_kept(directory.path(), shown);
    const FaultRun resumed = play_log(directory.path(), "", 0);
    ASSERT_EQ(resumed.status, 0) << resumed.errors;
    shown.add(resumed);
    expect_kept(directory.path(), shown);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, LogCrashTest, testing::Values("kill", "torn", "eio"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace resguardo::storage
