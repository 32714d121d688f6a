// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_log.h"

#include <gtest/gtest.h>

#include "crypto/log/segment_chain.h"
#include "tests/analyst/log_server.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::LogServer;
using testing_support::sample_digest;

constexpr Day kLoggedDay{20775};

class VaultLogTest : public ::testing::Test {
 protected:
  static SecretBytes passphrase() {
    std::string text = "a passphrase of tests";
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }
  // Everything the server has, as verified on this day.
  Status keep(Day day) {
    CompactTree tree;
    for (const Bytes& entry : server_.entries) tree.append(leaf_hash(entry));
    auto update = log_.begin(server_.origin).value();
    for (std::size_t at = 0; at < server_.entries.size(); ++at)
      RESGUARDO_CHECK(update.add(at, server_.entries[at]));
    return update.commit(
        KeptCheckpoint{server_.origin, tree.size(), day, tree.encode(), server_.note(day)});
  }
  // A report of one segment with one row, in the vault and in the server's log.
  ReportId add_report(int number, std::uint64_t opened, const char* row = "row") {
    const auto id = ReportId::from(Bytes(16, static_cast<std::uint8_t>(number))).value();
    auto chain = SegmentChain::begin(as_bytes("header"));
    chain.add(as_bytes("row"));
    LogFact fact = server_.fact(number, kLoggedDay);
    const Digest logged = chain.digest();
    fact.digest = report_digest({&logged, 1});
    server_.entries.push_back(make_log_entry(fact, server_.salts));
    auto came = SegmentChain::begin(as_bytes("header"));
    came.add(as_bytes(row));
    StoredSegment segment;
    segment.digest = sample_digest(static_cast<std::uint8_t>(number));
    segment.report = id;
    segment.rows = 1;
    segment.opened = opened;
    segment.chain = to_bytes(came.digest().view());
    auto addition = vault_.begin().value();
    EXPECT_TRUE(addition.begin_report(id, kLoggedDay).ok());
    EXPECT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
    EXPECT_TRUE(addition.add_row(segment.digest, 0, as_bytes(row)).ok());
    EXPECT_TRUE(addition.end_segment(segment, {}).ok());
    EXPECT_TRUE(addition.commit().ok());
    return id;
  }

  LogServer server_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_ = Vault::create(directory_.path() / "vault",
                               open::SecretKey<RootRole>::generate().value().public_key(),
                               passphrase(), {1, open::LockCost::kMinMemory})
                     .value();
  VaultLog log_{vault_};
};

TEST_F(VaultLogTest, WhatIsNotCommittedNeverWas) {
  server_.add(1, kLoggedDay);
  {
    auto update = log_.begin(server_.origin).value();
    ASSERT_TRUE(update.add(0, server_.entries[0]).ok());
  }
  EXPECT_FALSE(log_.leaf(server_.origin, 0).value());
  ASSERT_TRUE(keep(kLoggedDay).ok());
  EXPECT_EQ(log_.leaf(server_.origin, 0).value(), leaf_hash(server_.entries[0]));
  EXPECT_EQ(log_.position_of(server_.origin, leaf_hash(server_.entries[0])).value(), 0U);
  EXPECT_FALSE(log_.leaf("another", 0).value());
}

TEST_F(VaultLogTest, EntriesAndTheirCheckpointComeTogether) {
  server_.add(1, kLoggedDay);
  auto update = log_.begin(server_.origin).value();
  ASSERT_TRUE(update.add(0, server_.entries[0]).ok());
  EXPECT_FALSE(update.commit(std::nullopt).ok());
  EXPECT_FALSE(
      update.commit(KeptCheckpoint{server_.origin, 0, kLoggedDay, CompactTree().encode(), ""})
          .ok());
}

TEST_F(VaultLogTest, AnEntryKeepsItsPlace) {
  server_.add(1, kLoggedDay);
  server_.add(2, kLoggedDay);
  ASSERT_TRUE(keep(kLoggedDay).ok());
  auto update = log_.begin(server_.origin).value();
  EXPECT_TRUE(update.add(1, server_.entries[1]).ok());
  EXPECT_EQ(update.add(1, server_.entries[0]).error().fault, Fault::kConflict);
  EXPECT_EQ(update.add(3, server_.entries[0]).error().fault, Fault::kConflict);
}

TEST_F(VaultLogTest, AWeekIsClosedWhereACheckpointHoldsIt) {
  const Week week = week_of(start_of(kLoggedDay));
  EXPECT_TRUE(log_.closed(week).value().empty());
  server_.add(1, kLoggedDay);
  LogFact fact = server_.fact(0, kLoggedDay, LogKind::kEpochClosed);
  fact.week = week;
  server_.entries.push_back(make_log_entry(fact, server_.salts));
  auto update = log_.begin(server_.origin).value();
  ASSERT_TRUE(update.promise(server_.entries[1], kLoggedDay).ok());
  ASSERT_TRUE(update.commit(std::nullopt).ok());
  EXPECT_TRUE(log_.closed(week).value().empty()) << "a promise is none";
  ASSERT_TRUE(keep(kLoggedDay).ok());
  const auto closed = log_.closed(week).value();
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].origin, server_.origin);
  EXPECT_EQ(closed[0].position, 1U);
  EXPECT_EQ(closed[0].upto, 2U);
  EXPECT_EQ(closed[0].day, kLoggedDay);
  EXPECT_TRUE(log_.closed(Week{week.number + 1}).value().empty());
}

TEST_F(VaultLogTest, MissingIsWhatDidNotComeOrDidNotOpen) {
  add_report(1, 1);
  const auto half_open = add_report(2, 0);
  const auto other_rows = add_report(3, 1, "another row");
  const auto later = add_report(4, 0);
  server_.add(5, kLoggedDay);
  const auto absent = ReportId::from(Bytes(16, 5)).value();
  ASSERT_TRUE(keep(kLoggedDay).ok());
  EXPECT_EQ(log_.missing(server_.origin, 3).value(),
            (std::vector<ReportId>{half_open, other_rows}));
  EXPECT_EQ(log_.missing(server_.origin, 5).value(),
            (std::vector<ReportId>{half_open, other_rows, later, absent}));
  server_.add(5, kLoggedDay, LogKind::kWithdrawal);
  server_.add(2, kLoggedDay, LogKind::kExpired);
  ASSERT_TRUE(keep(Day{kLoggedDay.number + 1}).ok());
  EXPECT_EQ(log_.missing(server_.origin, 5).value(),
            (std::vector<ReportId>{other_rows, later, absent}))
      << "a withdrawal that nobody signed is a claim";
}

// Asked one by one where few are asked, by reading the logs where many are.
TEST_F(VaultLogTest, WhatIsAskedOfManyReportsIsWhatIsAskedOfEach) {
  for (int number = 1; number <= 70; ++number) server_.add(number, kLoggedDay);
  server_.add(3, kLoggedDay, LogKind::kWithdrawal);
  ASSERT_TRUE(keep(kLoggedDay).ok());
  auto update = log_.begin(server_.origin).value();
  const Bytes promised = make_log_entry(server_.fact(2, kLoggedDay), server_.salts);
  ASSERT_TRUE(update.promise(promised, kLoggedDay).ok());
  ASSERT_TRUE(update.commit(std::nullopt).ok());
  auto other = log_.begin("another").value();
  ASSERT_TRUE(other.promise(server_.entries[1], kLoggedDay).ok());
  ASSERT_TRUE(other.commit(std::nullopt).ok());
  std::set<ReportId> asked;
  for (const int number : {3, 2, 90}) {
    asked.insert(ReportId::from(Bytes(16, static_cast<std::uint8_t>(number))).value());
    const auto all = log_.about_all(asked).value();
    for (const ReportId& report : asked) {
      const auto entries = log_.about(report.view()).value();
      const auto found = all.find(report);
      ASSERT_EQ(found == all.end() ? 0 : found->second.size(), entries.size()) << asked.size();
      for (std::size_t i = 0; i < entries.size(); ++i) {
        EXPECT_EQ(found->second[i].entry, entries[i].entry);
        EXPECT_EQ(found->second[i].position, entries[i].position);
        EXPECT_EQ(found->second[i].origin, entries[i].origin);
      }
    }
  }
}

TEST_F(VaultLogTest, WhatIsForOtherReadersOnlyIsNotMissing) {
  const auto id = ReportId::from(Bytes(16, 1)).value();
  auto chain = SegmentChain::begin(as_bytes("header"));
  LogFact fact = server_.fact(1, kLoggedDay);
  const Digest logged = chain.digest();
  fact.digest = report_digest({&logged, 1});
  server_.entries.push_back(make_log_entry(fact, server_.salts));
  ASSERT_TRUE(keep(kLoggedDay).ok());
  EXPECT_EQ(log_.missing(server_.origin, 1).value().size(), 1U);
  StoredSegment segment;
  segment.digest = sample_digest(1);
  segment.report = id;
  segment.chain = to_bytes(logged.view());
  ASSERT_TRUE(vault_.note_foreign(segment, MemberId(), false).ok());
  EXPECT_TRUE(log_.missing(server_.origin, 1).value().empty());
}

}  // namespace
}  // namespace resguardo::analyst
