// SPDX-License-Identifier: AGPL-3.0-or-later
// A log that a restored server began anew: how it fits what the vault has of the one before.
#include <gtest/gtest.h>

#include "analyst/import/log_judge.h"
#include "proto/log.pb.h"
#include "tests/analyst/log_server.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::LogServer;
using Fit = LogRestart::Fit;

constexpr Day kBefore{20775};
constexpr Day kAfter{20780};

class LogRestartTest : public ::testing::Test {
 protected:
  LogRestartTest()
      : vault_(Vault::create(directory_.path() / "vault", root_key(), passphrase(),
                             {1, open::LockCost::kMinMemory})
                   .value()),
        log_(vault_) {
    for (int n = 0; n < 5; ++n) old_.add(n, kBefore);
    new_.origin = "resguardo.example/log-2";
  }
  static PublicKey<RootRole> root_key() {
    testing_support::RosterFixtureOptions options;
    options.first_week = week_of(start_of(kBefore));
    return testing_support::make_roster(options).root.public_key();
  }
  static SecretBytes passphrase() {
    std::string text = "a passphrase of tests";
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }
  // The vault has seen the first `size` entries of the log before.
  void see_old(std::size_t size) {
    auto update = log_.begin(old_.origin).value();
    CompactTree tree;
    for (std::size_t at = 0; at < size; ++at) {
      ASSERT_TRUE(update.add(at, old_.entries[at]).ok());
      tree.append(leaf_hash(old_.entries[at]));
    }
    const Status kept = update.commit(KeptCheckpoint{old_.origin, size, kBefore, tree.encode(),
                                                     old_.note_over(size, kBefore, old_.key)});
    ASSERT_TRUE(kept.ok()) << kept.error().why.view();
  }
  void begin_anew(std::string_view checkpoint) {
    new_.entries.push_back(make_restart_entry(checkpoint, kAfter, new_.salts));
    for (const Bytes& entry : old_.entries)
      new_.entries.push_back(log_entry_again(entry, kAfter, new_.salts).value());
  }
  program::Outcome<LogFindings> judge(const RosterShelf* shelf = nullptr) {
    LogJudge judge(&log_, shelf, true);
    pb::BundleHeader header;
    header.set_log_origin(new_.origin);
    header.set_day(kAfter.number);
    EXPECT_TRUE(judge.header(header).ok());
    for (const auto& frame : new_.frames(kAfter)) {
      if (frame.has_checkpoint()) judge.checkpoint(frame.checkpoint().note());
      if (!frame.has_log_entry()) continue;
      const auto fact = parse_log_entry(as_bytes(frame.log_entry().entry())).value();
      EXPECT_TRUE(judge.entry(frame.log_entry(), fact).ok());
    }
    return judge.conclude("bundle", false);
  }
  std::string old_note(std::size_t size) const { return old_.note_over(size, kBefore, old_.key); }
  void expect_fit(Fit fit, std::uint64_t more = 0) {
    const auto found = judge();
    ASSERT_TRUE(found.ok()) << found.error().what;
    EXPECT_EQ(found->fate, LogFate::kFirst);
    ASSERT_TRUE(found->restart);
    EXPECT_EQ(found->restart->day, kAfter);
    ASSERT_TRUE(found->restart->before);
    EXPECT_EQ(found->restart->before->origin, old_.origin);
    EXPECT_EQ(found->restart->ended, kBefore);
    EXPECT_EQ(found->restart->fit, fit);
    EXPECT_EQ(found->restart->more, more);
  }
  void expect_refused(std::string_view words) {
    const auto found = judge();
    ASSERT_FALSE(found.ok());
    EXPECT_NE(found.error().what.find(words), std::string::npos) << found.error().what;
  }

  LogServer old_;
  LogServer new_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_;
  VaultLog log_;
};

TEST_F(LogRestartTest, ANewVaultIsToldThatTheLogBeganAnew) {
  begin_anew(old_note(5));
  expect_fit(Fit::kUnknown);
}

TEST_F(LogRestartTest, WhoSawTheEndOfTheLogBeforeSeesThatItFits) {
  see_old(5);
  begin_anew(old_note(5));
  expect_fit(Fit::kSame);
}

TEST_F(LogRestartTest, WhoHasLessOfItIsToldSo) {
  see_old(3);
  begin_anew(old_note(5));
  expect_fit(Fit::kLonger);
}

TEST_F(LogRestartTest, WhoHasMoreOfItIsToldHowMuchTheRestoreForgot) {
  see_old(5);
  begin_anew(old_note(3));
  expect_fit(Fit::kShorter, 2);
}

TEST_F(LogRestartTest, AnotherHistoryOfTheLogBeforeIsAFork) {
  see_old(5);
  old_.entries[1] = make_log_entry(old_.fact(9, kBefore), old_.salts);
  for (const std::size_t size : {3U, 5U}) {
    new_.entries.clear();
    begin_anew(old_note(size));
    expect_refused("the log forked: it goes on from log resguardo.example/log");
  }
}

TEST_F(LogRestartTest, OnlyAFirstEntryIsARestart) {
  begin_anew(old_note(5));
  std::swap(new_.entries[0], new_.entries[1]);
  const auto found = judge();
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_FALSE(found->restart) << "what a log before it began with is its history";
}

TEST_F(LogRestartTest, WithoutACheckpointThereIsNothingToCompare) {
  begin_anew("");
  const auto found = judge();
  ASSERT_TRUE(found.ok()) << found.error().what;
  ASSERT_TRUE(found->restart);
  EXPECT_FALSE(found->restart->before);
}

TEST_F(LogRestartTest, WhatIsNoCheckpointOfAnotherLogIsRefused) {
  begin_anew("no checkpoint\n");
  expect_refused("it goes on from a checkpoint that is none of another log");
  new_.entries.clear();
  old_.origin = new_.origin;
  begin_anew(old_note(5));
  expect_refused("it goes on from a checkpoint that is none of another log");
}

TEST_F(LogRestartTest, TheDigestOfTheEntryIsOfItsCheckpoint) {
  begin_anew(old_note(5));
  pb::LogEntry entry;
  ASSERT_TRUE(entry.ParseFromString(to_string(new_.entries[0])));
  entry.set_statement(old_note(4));
  const std::string changed = entry.SerializeAsString();
  EXPECT_EQ(restart_checkpoint(new_.entries[0]).value(), old_note(5));
  EXPECT_FALSE(restart_checkpoint(as_bytes(changed)).ok());
}

}  // namespace
}  // namespace resguardo::analyst
