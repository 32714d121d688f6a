// SPDX-License-Identifier: AGPL-3.0-or-later
// A store whose process is killed at every write while replies come, are taken, a consent changes
// and a report goes: each of these is done or not, what was told done is, and all of it can be made
// again.
#include <gtest/gtest.h>

#include <algorithm>

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

FaultRun drive_replies(const std::filesystem::path& directory, const char* what,
                       const std::string& kind, long at) {
  return testing_support::run_with_faults(
      {(testing_support::bin_dir() / "storage_driver").string(), directory.string(), what},
      {.kind = kind, .at = at, .under = directory});
}

// As store_driver has it: replies 1 and 2 to report 1, 3 to report 2.
void expect_sense(const std::filesystem::path& directory, const FaultRun& run) {
  const auto told = [&](const char* what) { return run.output.find(what) != std::string::npos; };
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  const auto first = store->replies(report_id(1));
  const auto second = store->replies(report_id(2));
  ASSERT_TRUE(first.ok() && second.ok());
  for (const StoredReply& one : *first) EXPECT_EQ(one.sealed, Bytes(3000, 'r'));
  EXPECT_LE(first->size(), 2U);
  EXPECT_TRUE(!told("delivered") || !first->empty()) << "what was delivered is there";
  if (told("taken")) {
    EXPECT_EQ(first->size(), 1U);
    EXPECT_EQ(first->at(0).id, numbered<ReplyId>(0, 2));
  }
  const bool gone = !store->find_receipt(receipt(2)).value().has_value();
  EXPECT_EQ(store->segments(report_id(2)).value().empty(), gone) << "half a report";
  EXPECT_TRUE(!gone || second->empty());
  EXPECT_TRUE(!told("erased") || gone);
  EXPECT_TRUE(!told("taken") || gone || second->size() == 1);
  const auto entries = store->log_entries().value();
  const auto changes = std::ranges::count(entries, text("CONSENT_CHANGE"));
  EXPECT_TRUE(changes == 1 || (changes == 0 && !told("consent")));
  EXPECT_EQ(std::ranges::count(entries, text("WITHDRAWAL")), gone ? 1 : 0);
  EXPECT_TRUE(store->find_receipt(receipt(1)).value());
}

// As store_driver has it: receipt 31 in the place of report 3's own.
void expect_one_receipt(const std::filesystem::path& directory, const FaultRun& run) {
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  const bool old = store->find_receipt(receipt(3)).value().has_value();
  const auto found = store->find_receipt(receipt(31)).value();
  EXPECT_NE(old, found.has_value()) << "one of them opens the report, never none";
  EXPECT_TRUE(!old || run.output.find("replaced") == std::string::npos);
  if (found) {
    EXPECT_EQ(found->report, report_id(3));
    EXPECT_EQ(found->wrapped_mailbox, text("another mailbox"));
  }
  const auto state = store->find(tag(50)).value();
  EXPECT_EQ(state && state->sealed_state == text("token 2"), !old) << "and its token goes with it";
  const auto entries = store->log_entries().value();
  EXPECT_EQ(std::ranges::count(entries, text("ADDENDUM")), old ? 0 : 1);
  EXPECT_EQ(store->segments(report_id(3)).value().size(), old ? 1U : 2U);
  EXPECT_TRUE(old || store->replies(report_id(3)).value().empty());
}

// As store_driver has it: what is told done is, and a phone that took another's place left no gap.
void expect_links(const std::filesystem::path& directory, const FaultRun& run) {
  const auto told = [&](const char* what) { return run.output.find(what) != std::string::npos; };
  const auto keys = ensure_store(directory).value();
  SystemRandom random;
  const auto store = open_store({.directory = directory, .today = kDay}, *keys, random).value();
  const auto there = [&](std::uint32_t n) {
    const auto link = store->find_link(std::vector{numbered<LinkTag>(7, n)}).value();
    EXPECT_TRUE(!link || link->sealed == Bytes(120, 'k'));
    return link.has_value();
  };
  const bool first = there(1);
  const bool second = there(2);
  EXPECT_FALSE(first && second);
  EXPECT_TRUE(!told("linked") || told("other") || first || second) << "a gap between the two";
  EXPECT_TRUE(!told("other") || !first);
  EXPECT_TRUE(!told("swept") || !there(3));
  EXPECT_TRUE(!told("unlinked") || !second);
  EXPECT_TRUE(told("other") || !told("linked") || there(3));
}

class ReturnCrashTest : public testing::TestWithParam<const char*> {};

// At every write of what `play` does, each in a copy of a store with four closed reports.
void at_every_write(const char* play, const char* kind,
                    void (*expect)(const std::filesystem::path&, const FaultRun&)) {
  const TemporaryDirectory prepared(quick_parent());
  ASSERT_EQ(drive_replies(prepared.path(), "close", "", 0).status, 0);
  const auto copy_to = [&](const std::filesystem::path& directory) {
    std::filesystem::copy(prepared.path(), directory, std::filesystem::copy_options::recursive);
  };
  long total = 0;
  {
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    const FaultRun whole = drive_replies(directory.path(), play, "", 0);
    ASSERT_EQ(whole.status, 0) << whole.errors;
    total = whole.counts.at("total");
    expect(directory.path(), whole);
  }
  ASSERT_GT(total, 20);
  for (long at = 1; at <= total; ++at) {
    SCOPED_TRACE(at);
    const TemporaryDirectory directory(quick_parent());
    copy_to(directory.path());
    expect(directory.path(), drive_replies(directory.path(), play, kind, at));
    const FaultRun again = drive_replies(directory.path(), play, "", 0);
    ASSERT_EQ(again.status, 0) << again.errors;
    expect(directory.path(), again);
    if (testing::Test::HasFailure()) return;
  }
}

TEST_P(ReturnCrashTest, AtEveryWriteLeavesEachStepDoneOrNot) {
  at_every_write("replies", GetParam(), expect_sense);
}

TEST_P(ReturnCrashTest, AtEveryWriteOneReceiptOpensTheReport) {
  at_every_write("replace", GetParam(), expect_one_receipt);
}

TEST_P(ReturnCrashTest, AtEveryWriteAPhoneIsLinkedOrNot) {
  at_every_write("links", GetParam(), expect_links);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ReturnCrashTest, testing::Values("kill", "torn", "eio"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace resguardo::storage
