// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is no reporter, and would erase testimony or give back what was taken back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "analyst/commands/withdrawals.h"
#include "analyst/vault/vault_media.h"
#include "analyst/vault/vault_quorum.h"
#include "analyst/vault/vault_withdrawals.h"
#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/open/quorum_files.h"
#include "crypto/session/receipt.h"
#include "tests/analyst/log_server.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing::IsEmpty;
using testing::SizeIs;
using testing_support::LogServer;
using testing_support::sample_digest;

constexpr Day kLoggedOn{20775};
constexpr const char* kOurs = "resguardo.example/log";
constexpr const char* kTheirs = "another.example/log";
constexpr std::uint8_t kReporter = 1;
constexpr std::uint8_t kAttacker = 9;

Day days_on(int days) {
  return Day{kLoggedOn.number + days};
}

const ReportId kTheReport = ReportId::from(Bytes(16, 1)).value();

class WithdrawalAttacksTest : public ::testing::Test {
 protected:
  static SecretBytes passphrase() {
    std::string text = "a passphrase of tests";
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }
  static SecretBytes seed(std::uint8_t n) {
    Bytes bytes(32, n);
    return SecretBytes::take(bytes).value();
  }
  static Digest key_hash(std::uint8_t n) {
    return sha256(sign_withdrawal(seed(n), {}).value().key);
  }
  void SetUp() override {
    StoredSegment segment;
    segment.digest = sample_digest(1);
    segment.report = kTheReport;
    segment.rows = 1;
    segment.opened = 1;
    segment.chain = Bytes(32, 1);
    auto addition = vault_.begin().value();
    ASSERT_TRUE(addition.begin_report(kTheReport, kLoggedOn).ok());
    ASSERT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
    ASSERT_TRUE(addition.end_segment(segment, {}).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  // An entry of the report, naming somebody's key or none (0).
  Bytes entry(std::uint8_t seed_number, LogKind kind = LogKind::kReport, Day day = kLoggedOn) {
    LogFact fact = server_.fact(1, day, kind);
    if (seed_number != 0) fact.withdrawal_key_hash = key_hash(seed_number);
    return make_log_entry(fact, server_.salts);
  }
  Bytes withdrawal(std::uint8_t seed_number, std::vector<std::string> purposes = {},
                   Day day = kLoggedOn) {
    Bytes statement = withdrawal_bytes({kTheReport, std::move(purposes), day}).value();
    auto made = sign_withdrawal(seed(seed_number), statement).value();
    return make_withdrawal_entry({std::move(statement), made.key, made.signature}, day,
                                 server_.salts)
        .value();
  }
  // They are appended to one log, under a checkpoint of `day`.
  void log(const std::string& origin, std::vector<Bytes> more, Day day = kLoggedOn) {
    auto& entries = logs_[origin];
    entries.insert(entries.end(), more.begin(), more.end());
    CompactTree tree;
    for (const Bytes& entry : entries) tree.append(leaf_hash(entry));
    auto update = VaultLog(vault_).begin(origin).value();
    for (std::size_t at = 0; at < entries.size(); ++at)
      ASSERT_TRUE(update.add(at, entries[at]).ok());
    ASSERT_TRUE(
        update.commit(KeptCheckpoint{origin, tree.size(), day, tree.encode(), "a note"}).ok());
  }
  void promise(const std::string& origin, const std::vector<Bytes>& entries) {
    auto update = VaultLog(vault_).begin(origin).value();
    for (const Bytes& entry : entries) ASSERT_TRUE(update.promise(entry, kLoggedOn).ok());
    ASSERT_TRUE(update.commit(std::nullopt).ok());
  }
  Withdrawal now() {
    const auto all = withdrawals_.all().value();
    return all.empty() ? Withdrawal{} : all.front();
  }
  WithdrawalStanding standing() { return now().verdict.everything; }
  bool locked() { return WithdrawnReports::of(vault_).value().locked(kTheReport); }
  bool is_here() { return !vault_.segments(kTheReport).value().empty(); }
  void expect_untouched() {
    EXPECT_FALSE(locked());
    EXPECT_THAT(withdrawals_.note_new(kLoggedOn).value(), IsEmpty());
    EXPECT_THAT(withdrawals_.erase_due(days_on(400)).value(), IsEmpty());
    EXPECT_TRUE(is_here());
  }

  LogServer server_;
  std::map<std::string, std::vector<Bytes>> logs_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_ = Vault::create(directory_.path() / "vault",
                               open::SecretKey<RootRole>::generate().value().public_key(),
                               passphrase(), {1, open::LockCost::kMinMemory})
                     .value();
  VaultWithdrawals withdrawals_{vault_};
};

// ---- whoever has a stick

TEST_F(WithdrawalAttacksTest, APromisedKeyTakesNothingBack) {
  log(kOurs, {entry(0, LogKind::kIncomplete)});
  for (const char* origin : {kOurs, kTheirs})
    promise(origin, {entry(kAttacker), withdrawal(kAttacker)});
  EXPECT_EQ(standing(), WithdrawalStanding::kClaimed);
  expect_untouched();
}

// What is told and taken back on one day is locked at once; a stick can do it too, until the log
// says.
TEST_F(WithdrawalAttacksTest, APromisedKeyLocksWhatNoLogHasYetAndErasesNothing) {
  promise(kOurs, {entry(kReporter), withdrawal(kReporter)});
  promise(kTheirs, {entry(kAttacker), withdrawal(kAttacker, {"publish"})});
  EXPECT_EQ(standing(), WithdrawalStanding::kWaiting);
  EXPECT_TRUE(locked());
  EXPECT_THAT(withdrawals_.note_new(kLoggedOn).value(), IsEmpty());
  EXPECT_THAT(withdrawals_.erase_due(days_on(400)).value(), IsEmpty());
  EXPECT_TRUE(is_here());
  EXPECT_THAT(now().verdict.purposes, IsEmpty()) << "and remembers nothing";
  log(kOurs, {entry(0, LogKind::kIncomplete)});
  expect_untouched();
}

TEST_F(WithdrawalAttacksTest, APromisedKeyLocksForAWhileAndNoStickBeginsThatAnew) {
  promise(kOurs, {entry(kReporter), withdrawal(kReporter), withdrawal(kReporter, {"publish"})});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), IsEmpty());
  ASSERT_THAT(withdrawals_.note_new(days_on(kMostWaitingDays - 1)).value(), IsEmpty());
  EXPECT_TRUE(locked());
  ASSERT_THAT(withdrawals_.note_new(days_on(kMostWaitingDays)).value(), IsEmpty());
  EXPECT_FALSE(locked());
  EXPECT_EQ(standing(), WithdrawalStanding::kClaimed);
  EXPECT_THAT(now().verdict.purposes_waiting, IsEmpty());
  EXPECT_EQ(now().verdict.purposes_unsigned, WithdrawalStanding::kClaimed);
  promise(kTheirs, {entry(kAttacker), withdrawal(kAttacker)});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), IsEmpty()) << "nor does a clock";
  expect_untouched();
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  EXPECT_TRUE(locked()) << "what a log has is signed, however late";
}

TEST_F(WithdrawalAttacksTest, APromisedKeyThatTheLogBearsOutIsSigned) {
  promise(kOurs, {entry(kReporter), withdrawal(kReporter)});
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  EXPECT_EQ(standing(), WithdrawalStanding::kSigned);
  EXPECT_THAT(withdrawals_.note_new(kLoggedOn).value(), SizeIs(1));
}

TEST_F(WithdrawalAttacksTest, APromisedKeyDisputesNothing) {
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  for (const char* origin : {kOurs, kTheirs})
    promise(origin, {entry(kAttacker), entry(0, LogKind::kIncomplete)});
  EXPECT_EQ(standing(), WithdrawalStanding::kSigned);
  EXPECT_TRUE(locked());
}

TEST_F(WithdrawalAttacksTest, APromisedForgeryIsNotToldAsTheServers) {
  log(kOurs, {entry(kReporter)});
  promise(kOurs, {withdrawal(kAttacker)});
  EXPECT_EQ(standing(), WithdrawalStanding::kClaimed);
  expect_untouched();
}

TEST_F(WithdrawalAttacksTest, WhatTheReporterSignedLocksBeforeItHasAPlace) {
  log(kOurs, {entry(kReporter)});
  promise(kOurs, {withdrawal(kReporter)});
  EXPECT_TRUE(locked());
}

TEST_F(WithdrawalAttacksTest, PromisesAreBounded) {
  VaultLog log(vault_);
  log.keep_promises(3);
  for (int bundle = 0; bundle < 2; ++bundle) {
    auto update = log.begin(kOurs).value();
    for (int n = 0; n < 2; ++n) {
      const Bytes one = entry(kAttacker);
      for (int again = 0; again < 5; ++again) ASSERT_TRUE(update.promise(one, kLoggedOn).ok());
    }
    ASSERT_TRUE(update.commit(std::nullopt).ok());
  }
  EXPECT_THAT(log.promises(kOurs).value(), SizeIs(3));
  promise(kTheirs, {entry(kAttacker)});
  EXPECT_THAT(log.promises(kTheirs).value(), SizeIs(1));
}

// ---- a server that turned hostile

TEST_F(WithdrawalAttacksTest, AKeyThatComesAfterAnIncompleteReportTakesNothingBack) {
  log(kOurs, {entry(0, LogKind::kIncomplete)});
  const Day later = days_on(1);
  log(kOurs, {entry(kAttacker, LogKind::kReport, later), withdrawal(kAttacker, {}, later)}, later);
  EXPECT_EQ(standing(), WithdrawalStanding::kClaimed);
  expect_untouched();
}

TEST_F(WithdrawalAttacksTest, ABackDatedKeyTakesNothingBack) {
  for (const Day day : {kLoggedOn, days_on(-1)}) {
    log(kOurs, {entry(0, LogKind::kIncomplete)});
    log(kOurs, {entry(kAttacker, LogKind::kReport, day), withdrawal(kAttacker)}, days_on(1));
    EXPECT_LT(standing(), WithdrawalStanding::kSigned);
    expect_untouched();
  }
}

TEST_F(WithdrawalAttacksTest, AKeyThatComesAfterAnAddendumTakesNothingBack) {
  log(kOurs, {entry(0, LogKind::kAddendum)});
  log(kOurs, {entry(kAttacker, LogKind::kReport, days_on(1)), withdrawal(kAttacker)}, days_on(1));
  EXPECT_EQ(standing(), WithdrawalStanding::kClaimed);
  expect_untouched();
}

TEST_F(WithdrawalAttacksTest, TwoKeysOfOneDayAreDisputedInAnyOrder) {
  log(kOurs, {entry(kAttacker), entry(kReporter), withdrawal(kAttacker)});
  EXPECT_EQ(standing(), WithdrawalStanding::kDisputed);
  expect_untouched();
}

TEST_F(WithdrawalAttacksTest, ADaysAddendumMayStandBeforeItsReport) {
  log(kOurs, {entry(0, LogKind::kAddendum), withdrawal(kReporter), entry(kReporter)});
  EXPECT_TRUE(locked());
}

TEST_F(WithdrawalAttacksTest, ALogThatKnowsTheReportWithoutAKeyDisputesAnothersKey) {
  for (const LogKind kind : {LogKind::kIncomplete, LogKind::kReport}) {
    log(kOurs, {entry(0, kind)});
    log(kTheirs, {entry(kAttacker), withdrawal(kAttacker)});
    EXPECT_EQ(standing(), WithdrawalStanding::kDisputed);
    expect_untouched();
  }
}

TEST_F(WithdrawalAttacksTest, ALogThatOnlyHasAnAdditionLeavesTheKeyToTheOther) {
  log(kOurs, {entry(kReporter)});
  log(kTheirs, {entry(0, LogKind::kAddendum, days_on(5)), withdrawal(kReporter, {}, days_on(6))});
  EXPECT_TRUE(locked());
}

// ---- what was taken back stays taken back

TEST_F(WithdrawalAttacksTest, WhatWasLockedStaysLockedAndADisputeSuspendsItsErasure) {
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), SizeIs(1));
  log(kTheirs, {entry(kAttacker)});
  EXPECT_EQ(standing(), WithdrawalStanding::kDisputed);
  EXPECT_TRUE(locked());
  EXPECT_THAT(withdrawals_.erase_due(days_on(400)).value(), IsEmpty());
  EXPECT_TRUE(is_here());
  EXPECT_TRUE(
      withdrawals_.hold(kTheReport, days_on(30), "who logged the other key?", kLoggedOn).ok());
}

TEST_F(WithdrawalAttacksTest, APurposeThatWasTakenBackDoesNotComeBack) {
  log(kOurs, {entry(kReporter), withdrawal(kReporter, {"publish"})});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), IsEmpty());
  log(kTheirs, {entry(kAttacker)});
  EXPECT_THAT(now().verdict.purposes, testing::ElementsAre("publish"));
  ReportView view;
  view.id = kTheReport;
  for (const char* purpose : {"publish", "legal"}) view.final.add_consent(purpose);
  WithdrawnReports::of(vault_).value().apply(view);
  EXPECT_THAT(view.final.consent(), testing::ElementsAre("legal"));
}

TEST_F(WithdrawalAttacksTest, AClockThatIsBehindDoesNotShortenTheHold) {
  const Day logged = days_on(70);
  log(kOurs, {entry(kReporter), withdrawal(kReporter, {}, logged)}, logged);
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), SizeIs(1));
  EXPECT_EQ(now().until, days_on(70 + kWithdrawalHoldDays));
  EXPECT_THAT(withdrawals_.erase_due(days_on(71)).value(), IsEmpty());
  EXPECT_THAT(withdrawals_.erase_due(days_on(70 + kWithdrawalHoldDays)).value(), SizeIs(1));
}

TEST_F(WithdrawalAttacksTest, WhatIsSignedIsNotWaitedForAndWhatIsDisputedIs) {
  const ReportId away = ReportId::from(Bytes(16, 2)).value();
  LogFact fact = server_.fact(2, kLoggedOn);
  fact.withdrawal_key_hash = key_hash(kReporter);
  Bytes statement = withdrawal_bytes({away, {}, kLoggedOn}).value();
  auto made = sign_withdrawal(seed(kReporter), statement).value();
  log(kOurs, {make_log_entry(fact, server_.salts)});
  VaultLog kept(vault_);
  EXPECT_THAT(kept.missing(kOurs, 9).value(), SizeIs(1));
  log(kOurs, {make_withdrawal_entry({statement, made.key, made.signature}, kLoggedOn, server_.salts)
                  .value()});
  EXPECT_THAT(kept.missing(kOurs, 9).value(), IsEmpty());
  fact.withdrawal_key_hash = key_hash(kAttacker);
  log(kTheirs, {make_log_entry(fact, server_.salts)});
  EXPECT_THAT(kept.missing(kOurs, 9).value(), SizeIs(1));
}

// ---- what goes with an erased report, and what does not

TEST_F(WithdrawalAttacksTest, AnotherReportsFileStaysThoughItsPlaceIsTheSame) {
  const auto file = MediaId::from(Bytes(16, 7)).value();
  const auto victim = ReportId::from(Bytes(16, 2)).value();
  VaultMedia media(vault_);
  {
    auto addition = vault_.begin().value();
    for (const int n : {1, 2}) {
      StoredSegment segment;
      segment.digest = sample_digest(static_cast<std::uint8_t>(n + 1));
      segment.report = n == 1 ? kTheReport : victim;
      segment.index = addendum_index(file);
      segment.chain = Bytes(32, 1);
      ASSERT_TRUE(addition.begin_report(segment.report, kLoggedOn).ok());
      ASSERT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
      ASSERT_TRUE(addition.end_segment(segment, {}).ok());
    }
    ASSERT_TRUE(media.begin(file).ok());
    ASSERT_TRUE(media.put_chunk(file, 0, as_bytes("sealed")).ok());
    ASSERT_TRUE(media.note_record(sample_digest(3), file, StreamId::kTestimony, 1, false).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), SizeIs(1));
  ASSERT_THAT(withdrawals_.erase_due(days_on(kWithdrawalHoldDays)).value(), SizeIs(1));
  const auto report = vault_.report(victim).value();
  ASSERT_THAT(report.files, SizeIs(1));
  EXPECT_EQ(report.files[0].here, 1U);
}

TEST_F(WithdrawalAttacksTest, RequestsForWhatIsErasedGoAndOthersStay) {
  const auto identity = open::SecretKey<AnalystRole>::generate().value();
  const auto key = open::SecretKey<EpochRole>::generate().value();
  VaultQuorum quorum(vault_);
  {
    auto addition = vault_.begin().value();
    for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}}) {
      const open::QuorumRequest request{.id = SetId::from(Bytes(16, n)).value(),
                                        .member = MemberId::from(Bytes(16, 1)).value(),
                                        .day = kLoggedOn,
                                        .report = ReportId::from(Bytes(16, n)).value(),
                                        .items = {{sample_digest(n), StreamId::kIdentity}},
                                        .reason = "the court asks",
                                        .roster = sample_digest(9),
                                        .origin = "",
                                        .checkpoint = "",
                                        .week = std::nullopt,
                                        .key = key.public_key()};
      const auto text = open::request_file(request, identity).value();
      ASSERT_TRUE(quorum.keep_request(sample_digest(n), text).ok());
    }
    ASSERT_TRUE(addition.commit().ok());
  }
  log(kOurs, {entry(kReporter), withdrawal(kReporter)});
  ASSERT_THAT(withdrawals_.note_new(kLoggedOn).value(), SizeIs(1));
  ASSERT_THAT(withdrawals_.erase_due(days_on(kWithdrawalHoldDays)).value(), SizeIs(1));
  EXPECT_FALSE(quorum.request(sample_digest(1)).value().has_value());
  EXPECT_TRUE(quorum.request(sample_digest(2)).value().has_value());
}

TEST_F(WithdrawalAttacksTest, TheWalIsCutAlsoWhenNothingIsDue) {
  const auto wal = directory_.path() / "vault" / "vault.db-wal";
  log(kOurs, {entry(kReporter)});
  ASSERT_GT(std::filesystem::file_size(wal), 0U);
  ASSERT_THAT(withdrawals_.erase_due(kLoggedOn).value(), IsEmpty());
  EXPECT_EQ(std::filesystem::file_size(wal), 0U);
}

}  // namespace
}  // namespace resguardo::analyst
