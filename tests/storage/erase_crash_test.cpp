// SPDX-License-Identifier: AGPL-3.0-or-later
// A store whose process is killed at every write of an erasure: a report is whole, or it is gone
// and the log says so, once.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

constexpr std::uint32_t kReports = 4;  // as store_driver has them; the even ones are erased

FaultRun drive(const std::filesystem::path& directory, const char* what, const std::string& kind,
               long at) {
  return testing_support::run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), what},
      {.kind = kind, .at = at, .under = directory});
}

struct Seen {
  bool whole = false;
  bool gone = false;
  std::size_t entries = 0;  // of its end
};

Seen look_at(Store& store, std::uint32_t n) {
  Seen seen;
  const auto reports = store.reports().value();
  const bool listed = std::ranges::any_of(
      reports, [&](const StoredReport& one) { return one.report == report_id(n); });
  const auto segments = store.segments(report_id(n));
  std::size_t rows = 0;
  const Status visited = store.rows(segment_id(10 * n), [&](std::uint64_t, ByteView) {
    ++rows;
    return success();
  });
  EXPECT_TRUE(visited.ok() && segments.ok());
  if (!segments.ok()) return seen;
  seen.whole = listed && segments->size() == 1 && rows == 2 &&
               segments->at(0).header == text("header of segment " + std::to_string(10 * n));
  seen.gone = !listed && segments->empty() && rows == 0;
  const std::string end = "end of " + std::to_string(n) + " ";
  const auto entries = store.log_entries().value();
  for (const Bytes& entry : entries) seen.entries += as_text(entry).starts_with(end) ? 1U : 0U;
  return seen;
}

// How many of the erased ones are gone.
std::size_t expect_whole_or_gone(const std::filesystem::path& directory, const FaultRun& run) {
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  std::size_t gone = 0;
  for (std::uint32_t n = 1; n <= kReports; ++n) {
    SCOPED_TRACE(n);
    const Seen seen = look_at(*store, n);
    EXPECT_TRUE(seen.whole || seen.gone) << "half a report";
    EXPECT_EQ(seen.entries, seen.gone ? 1U : 0U);
    EXPECT_TRUE(seen.whole || n % 2 == 0) << "a neighbour";
    gone += seen.gone ? 1U : 0U;
  }
  const bool told = run.output.find("erased") != std::string::npos;
  EXPECT_TRUE(!told || gone == kReports / 2);
  return gone;
}

class EraseCrashTest : public testing::TestWithParam<const char*> {};

TEST_P(EraseCrashTest, AtEveryWriteLeavesAReportWholeOrGoneAndLoggedOnce) {
  const TemporaryDirectory prepared(quick_parent());
  ASSERT_EQ(drive(prepared.path(), "close", "", 0).status, 0);
  const auto copy_to = [&](const std::filesystem::path& directory) {
    std::filesystem::copy(prepared.path(), directory, std::filesystem::copy_options::recursive);
  };
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    total = drive(directory.path(), "erase", "", 0).counts.at("total");
  }
  ASSERT_GT(total, 12);
  std::set<std::size_t> outcomes;
  for (long at = 1; at <= total; ++at) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    const FaultRun run = drive(directory.path(), "erase", GetParam(), at);
    outcomes.insert(expect_whole_or_gone(directory.path(), run));
    const FaultRun again = drive(directory.path(), "erase", "", 0);
    ASSERT_EQ(again.status, 0) << again.errors;
    EXPECT_EQ(expect_whole_or_gone(directory.path(), again), kReports / 2);
    if (HasFailure()) return;
  }
  EXPECT_TRUE(outcomes.contains(kReports / 2));
  EXPECT_TRUE(outcomes.contains(0));
}

INSTANTIATE_TEST_SUITE_P(Kinds, EraseCrashTest, testing::Values("kill", "torn", "eio"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace resguardo::storage
