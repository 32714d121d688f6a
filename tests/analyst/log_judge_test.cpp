// SPDX-License-Identifier: AGPL-3.0-or-later
// A server drops, alters, reorders, back-dates an entry, signs with another key, cuts its log short
// or shows two histories (protocol.md §6): each is told by name. The server holds the log key.
#include "analyst/import/log_judge.h"

#include <gtest/gtest.h>

#include "tests/analyst/log_server.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::LogServer;

constexpr Day kDay{20775};
Day day(int n) {
  return Day{kDay.number + n};
}

class LogJudgeTest : public ::testing::Test {
 protected:
  LogJudgeTest()
      : fixture_(testing_support::make_roster({.analysts = 1,
                                               .first_week = week_of(start_of(kDay)),
                                               .log_keys = {server_.key.public_key()},
                                               .log_origin = server_.origin})),
        shelf_(fixture_.root.public_key()),
        vault_(Vault::create(directory_.path() / "vault", fixture_.root.public_key(), passphrase(),
                             {1, open::LockCost::kMinMemory})
                   .value()),
        log_(vault_) {
    EXPECT_TRUE(shelf_.add(fixture_.roster.file()).ok());
    for (int n = 0; n < 4; ++n) server_.add(n, day(0));
  }
  static SecretBytes passphrase() {
    std::string text = "a passphrase of tests";
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }

  // What a bundle with these frames is taken for.
  program::Outcome<LogFindings> judge(const std::vector<pb::BundleFrame>& frames, int made,
                                      VaultLog* known, bool damaged = false) {
    LogJudge judge(known, &shelf_, keeps_);
    pb::BundleHeader header;
    header.set_log_origin(server_.origin);
    header.set_day(day(made).number);
    if (since_) {
      header.set_since_checkpoint(since_->note);
      header.set_since_tree(to_string(since_->tree));
    }
    EXPECT_TRUE(judge.header(header).ok());
    for (const auto& frame : frames) {
      if (frame.has_checkpoint()) judge.checkpoint(frame.checkpoint().note());
      if (!frame.has_log_entry()) continue;
      const auto fact = parse_log_entry(as_bytes(frame.log_entry().entry())).value();
      EXPECT_TRUE(judge.entry(frame.log_entry(), fact).ok());
    }
    return judge.conclude("bundle", damaged);
  }
  // The same, and kept in the vault as an import does it.
  LogFindings import(const std::vector<pb::BundleFrame>& frames, int made) {
    auto found = judge(frames, made, &log_);
    if (!found.ok()) {
      ADD_FAILURE() << found.error().what;
      return {};
    }
    auto update = log_.begin(server_.origin).value();
    for (const auto& frame : frames) {
      if (!frame.has_log_entry()) continue;
      const auto& entry = frame.log_entry();
      EXPECT_TRUE((entry.pending() ? update.promise(as_bytes(entry.entry()), day(made))
                                   : update.add(entry.index(), as_bytes(entry.entry())))
                      .ok());
    }
    const Status kept = update.commit(found->next);
    EXPECT_TRUE(kept.ok()) << kept.error().why.view();
    return *found;
  }
  std::string refusal(const std::vector<pb::BundleFrame>& frames, int made) {
    const auto found = judge(frames, made, &log_);
    if (found.ok()) return found->behind ? "behind" : "accepted";
    const std::string server = "log of " + server_.origin + ": ";
    EXPECT_TRUE(found.error().what.starts_with(server)) << found.error().what;
    return found.error().what.substr(server.size());
  }
  void see_first_day() { ASSERT_EQ(import(server_.frames(day(0)), 0).fate, LogFate::kFirst); }

  LogServer server_;
  testing_support::RosterFixture fixture_;
  RosterShelf shelf_;
  bool keeps_ = true;
  struct Since {
    std::string note;
    Bytes tree;
  };
  std::optional<Since> since_;  // what the bundle says that it goes on from
  Since since(std::size_t size, int on) const {
    CompactTree tree;
    for (std::size_t at = 0; at < size; ++at) tree.append(leaf_hash(server_.entries[at]));
    return {server_.note_over(size, day(on), server_.key), tree.encode()};
  }
  testing_support::TemporaryDirectory directory_;
  Vault vault_;
  VaultLog log_;
};

TEST_F(LogJudgeTest, AnHonestLogGrows) {
  see_first_day();
  EXPECT_EQ(import(server_.frames(day(0)), 0).fate, LogFate::kSame);
  server_.add(4, day(1));
  const auto grown = import(server_.frames(day(1)), 1);
  EXPECT_EQ(grown.fate, LogFate::kGrown);
  EXPECT_TRUE(grown.signature_checked);
  EXPECT_EQ(log_.kept(server_.origin).value()->size, 5U);
  server_.add(5, day(2));
  EXPECT_EQ(import(server_.frames(day(2), 5), 2).fate, LogFate::kGrown) << "only what is new";
  server_.add(6, day(3));
  EXPECT_EQ(import(server_.frames(day(3), 3), 3).fate, LogFate::kGrown) << "with an overlap";
  EXPECT_EQ(import(server_.frames(day(4), 7), 4).fate, LogFate::kSame) << "a day of nothing";
  EXPECT_EQ(log_.kept(server_.origin).value()->day, day(4));
  EXPECT_FALSE(log_.kept("another").value());
}

TEST_F(LogJudgeTest, AnOlderBundleIsPartOfIt) {
  const auto old = server_.frames(day(0));
  server_.add(4, day(1));
  import(server_.frames(day(1)), 1);
  EXPECT_EQ(import(old, 0).fate, LogFate::kOlder);
  EXPECT_EQ(log_.kept(server_.origin).value()->size, 5U);
}

TEST_F(LogJudgeTest, EachServersLogIsItsOwn) {
  see_first_day();
  server_.origin = "resguardo.example/restored";
  EXPECT_EQ(refusal(server_.frames(day(1)), 1),
            "a checkpoint is signed by a key the roster does not name");
  EXPECT_TRUE(judge({}, 1, &log_).ok()) << "nothing is known of it";
}

// protocol.md §6: refuses a log that lost an entry
TEST_F(LogJudgeTest, ADroppedEntryIsMissing) {
  see_first_day();
  auto frames = server_.frames(day(0));
  frames.erase(frames.begin() + 2);
  EXPECT_EQ(refusal(frames, 0), "entry 2 is missing");
  server_.entries.erase(server_.entries.begin() + 1);
  server_.add(7, day(1));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1),
            "the log forked: entry 1 is missing: what was entry 2 stands in its place");
}

TEST_F(LogJudgeTest, AnAlteredEntryIsNamed) {
  see_first_day();
  const Bytes other = make_log_entry(server_.fact(9, day(0)), server_.salts);
  auto frames = server_.frames(day(0));
  frames[2].mutable_log_entry()->set_entry(to_string(other));
  EXPECT_EQ(refusal(frames, 0), "entry 2 was altered") << "not signed so";
  server_.entries[2] = other;
  server_.add(7, day(1));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1), "the log forked: entry 2 was altered");
}

TEST_F(LogJudgeTest, AReorderedEntryIsNamed) {
  see_first_day();
  std::swap(server_.entries[0], server_.entries[3]);
  server_.add(7, day(1));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1),
            "the log forked: the entries were reordered: what was entry 3 is now entry 0");
}

TEST_F(LogJudgeTest, ABackDatedEntryIsNamed) {
  see_first_day();
  server_.add(7, day(-3));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1), "entry 4 is back-dated: it says " +
                                                    to_string(day(-3)) + ", after entry 0 of " +
                                                    to_string(day(0)));
  EXPECT_EQ(refusal(server_.frames(day(1), 4), 1),
            "entry 4 is back-dated: it says " + to_string(day(-3)) + ", and the checkpoint of " +
                to_string(day(0)) + " did not have it");
  server_.entries.pop_back();
  server_.add(7, day(-1));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1), "accepted") << "a clock may be a day behind";
}

TEST_F(LogJudgeTest, AnEntryIsNotLaterThanItsCheckpoint) {
  server_.add(7, day(2));
  EXPECT_EQ(refusal(server_.frames(day(1)), 1), "entry 4 is dated " + to_string(day(2)) +
                                                    ", later than its checkpoint of " +
                                                    to_string(day(1)));
}

TEST_F(LogJudgeTest, ALogThatShrankIsRefused) {
  see_first_day();
  server_.entries.pop_back();
  const std::string shrank = "the log shrank: from 4 entries (checkpoint of " + to_string(day(0)) +
                             ") to 3 entries (checkpoint of ";
  EXPECT_EQ(refusal(server_.frames(day(1)), 1), shrank + to_string(day(1)) + ")");
  EXPECT_EQ(refusal({}, 1),
            "the log shrank: from 4 entries (checkpoint of " + to_string(day(0)) + ") to none");
}

TEST_F(LogJudgeTest, TwoHistoriesOfOneDayAreAFork) {
  see_first_day();
  server_.add(4, day(0));
  EXPECT_EQ(refusal(server_.frames(day(0)), 0),
            "the log forked: 4 entries (checkpoint of " + to_string(day(0)) +
                "), and 5 entries (checkpoint of " + to_string(day(0)) + ")");
  server_.entries.pop_back();
  server_.entries[3] = make_log_entry(server_.fact(9, day(0)), server_.salts);
  EXPECT_EQ(refusal(server_.frames(day(1), 4), 1),
            "the log forked: the 4 entries do not make the root that the checkpoint of " +
                to_string(day(1)) + " signs");
}

TEST_F(LogJudgeTest, ACheckpointOfAnotherKeyIsRefused) {
  see_first_day();
  server_.key = LogKey::generate().value();
  EXPECT_EQ(refusal(server_.frames(day(1)), 1),
            "a checkpoint is signed by a key the roster does not name");
}

TEST_F(LogJudgeTest, EntriesThatAreNotTheCheckpointsAreRefusedAtFirstSight) {
  auto frames = server_.frames(day(0));
  frames[1].mutable_log_entry()->set_entry(
      to_string(make_log_entry(server_.fact(9, day(0)), server_.salts)));
  EXPECT_EQ(refusal(frames, 0),
            "an entry was altered: the 4 entries do not make the root that the checkpoint of " +
                to_string(day(0)) + " signs");
  frames = server_.frames(day(0));
  frames.erase(frames.begin() + 3);
  EXPECT_EQ(refusal(frames, 0), "entry 3 is missing: the checkpoint covers 4 entries");
  frames = server_.frames(day(0));
  frames.pop_back();
  EXPECT_EQ(refusal(frames, 0), "entries of a log without a checkpoint");
  EXPECT_EQ(refusal(server_.frames(day(0), 2), 0),
            "entry 0 is missing: the bundle begins with entry 2");
}

TEST_F(LogJudgeTest, APromiseIsDueWithTheNextDaysCheckpoint) {
  server_.waiting = {make_log_entry(server_.fact(8, day(0)), server_.salts),
                     make_log_entry(server_.fact(9, day(0)), server_.salts)};
  const auto first = import(server_.frames(day(0)), 0);
  EXPECT_EQ(first.waiting, 2U);
  EXPECT_EQ(log_.promises(server_.origin).value().size(), 2U);
  EXPECT_TRUE(import(server_.frames(day(0)), 0).broken.empty());
  server_.entries.push_back(server_.waiting[1]);
  server_.waiting.clear();
  const auto second = import(server_.frames(day(1)), 1);
  ASSERT_EQ(second.broken.size(), 1U);
  EXPECT_EQ(parse_log_entry(second.broken[0].entry)->id, Bytes(16, 8));
  EXPECT_EQ(log_.promises(server_.origin).value().size(), 1U) << "it stays told";
}

TEST_F(LogJudgeTest, WhatGoesOnFromACheckpointWaitsForWhatCameBefore) {
  since_ = since(4, 0);
  server_.add(4, day(1));
  EXPECT_EQ(refusal(server_.frames(day(1), 4), 1), "behind");
  since_ = since(3, 0);
  EXPECT_EQ(refusal(server_.frames(day(1), 4), 1),
            "entry 0 is missing: the bundle begins with entry 4")
      << "it said otherwise";
  since_ = since(4, 0);
  const Bytes fifth = server_.entries.back();
  server_.entries.pop_back();
  const auto given = std::exchange(since_, std::nullopt);
  see_first_day();
  server_.entries.push_back(fifth);
  since_ = given;
  EXPECT_EQ(import(server_.frames(day(1), 4), 1).fate, LogFate::kGrown);
}

TEST_F(LogJudgeTest, ByItselfItIsConsistentWithTheCheckpointThatItGoesOnFrom) {
  keeps_ = false;
  since_ = since(4, 0);
  server_.add(4, day(1));
  const auto frames = server_.frames(day(1), 4);
  const auto found = judge(frames, 1, nullptr);
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_EQ(found->fate, LogFate::kContinues);
  EXPECT_FALSE(found->behind);
  since_->tree.back() ^= 1;
  EXPECT_FALSE(judge(frames, 1, nullptr).ok()) << "another tree";
  since_ = since(4, 0);
  std::swap(server_.entries[0], server_.entries[1]);
  EXPECT_FALSE(judge(server_.frames(day(1), 4), 1, nullptr).ok()) << "another history before it";
  server_.key = LogKey::generate().value();
  since_ = since(4, 0);
  EXPECT_FALSE(judge(frames, 1, nullptr).ok()) << "an earlier checkpoint of another key";
}

TEST_F(LogJudgeTest, ADamagedBundlesEntriesWait) {
  auto frames = server_.frames(day(0));
  frames.pop_back();
  const auto found = judge(frames, 0, &log_, true);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->waiting, 4U);
  EXPECT_FALSE(found->next);
}

TEST_F(LogJudgeTest, WithoutRostersTheSignatureIsLeftOpen) {
  LogJudge judge(nullptr, nullptr, false);
  pb::BundleHeader header;
  header.set_log_origin(server_.origin);
  ASSERT_TRUE(judge.header(header).ok());
  judge.checkpoint(server_.note_over(0, day(0), server_.key));
  const auto found = judge.conclude("bundle", false);
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_FALSE(found->signature_checked);
}

}  // namespace
}  // namespace resguardo::analyst
