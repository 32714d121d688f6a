// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_withdrawals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyst/commands/withdrawals.h"
#include "crypto/log/segment_chain.h"
#include "tests/analyst/vault_withdrawals_fixture.h"

namespace resguardo::analyst {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(VaultWithdrawalsTest, ASignedOneLocksAtOnceAndErasesAfterTheHold) {
  for (const int n : {1, 2}) {
    put_report(n);
    log_report(n, static_cast<std::uint8_t>(n));
  }
  log_withdrawal(1, 1);
  import_log();
  EXPECT_TRUE(of(1).locked());
  EXPECT_TRUE(WithdrawnReports::of(vault_).value().locked(numbered_report(1)));
  EXPECT_FALSE(WithdrawnReports::of(vault_).value().locked(numbered_report(2)));
  EXPECT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  EXPECT_THAT(withdrawals_.note_new(after(1)).value(), IsEmpty()) << "it is new once";
  EXPECT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays - 1)).value(), IsEmpty());
  EXPECT_TRUE(is_here(1));
  EXPECT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays)).value(),
              ElementsAre(numbered_report(1)));
  EXPECT_FALSE(is_here(1));
  EXPECT_TRUE(is_here(2));
  EXPECT_TRUE(of(1).erased);
  EXPECT_EQ(vault_.ids().value(), std::vector<ReportId>{numbered_report(2)});
  EXPECT_FALSE(VaultLog(vault_).about(numbered_report(1).view()).value().empty())
      << "what the log says stays";
}

TEST_F(VaultWithdrawalsTest, WhatComesLaterFromAnOldBundleIsLockedAndGoesToo) {
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  for (const int day : {20, 30}) {
    put_report(1);
    EXPECT_TRUE(of(1).locked());
    EXPECT_FALSE(of(1).erased);
    EXPECT_THAT(withdrawals_.erase_due(after(day)).value(), SizeIs(1));
    EXPECT_FALSE(is_here(1));
  }
}

TEST_F(VaultWithdrawalsTest, AForgedOneErasesNothing) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 9);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kForged);
  EXPECT_FALSE(WithdrawnReports::of(vault_).value().locked(numbered_report(1)));
  EXPECT_THAT(withdrawals_.note_new(kToday).value(), IsEmpty());
  EXPECT_THAT(withdrawals_.erase_due(after(100)).value(), IsEmpty());
  EXPECT_TRUE(is_here(1));
}

TEST_F(VaultWithdrawalsTest, AClaimErasesNothing) {
  put_report(1);
  log_report(1, 1);
  server_.add(1, kToday, LogKind::kWithdrawal);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kClaimed);
  EXPECT_THAT(withdrawals_.note_new(kToday).value(), IsEmpty());
}

TEST_F(VaultWithdrawalsTest, AKeyThatWasLoggedLaterIsNotTheReporters) {
  put_report(1);
  log_report(1, 1);
  // The server logs it a second time, with a key of its own.
  for (const LogKind kind : {LogKind::kReport, LogKind::kAddendum}) {
    LogFact later = server_.fact(1, after(1), kind);
    later.withdrawal_key_hash = key_hash(9);
    server_.entries.push_back(make_log_entry(later, server_.salts));
  }
  log_withdrawal(1, 9);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kForged);
  log_withdrawal(1, 1);
  import_log();
  EXPECT_TRUE(of(1).locked()) << "and keeps nobody from taking it back";
}

TEST_F(VaultWithdrawalsTest, AReceiptThatTookAnothersPlaceTakesBack) {
  put_report(1);
  log_report(1, 1);
  log_replacement(2, 1);
  log_replacement(3, 2, after(1));
  log_withdrawal(1, 3, {}, after(2));
  import_log();
  EXPECT_TRUE(of(1).locked());
  EXPECT_FALSE(of(1).verdict.forged_replacement);
}

TEST_F(VaultWithdrawalsTest, TheVaultKnowsWhichPartHasTheNewReceipt) {
  auto addition = vault_.begin().value();
  ASSERT_TRUE(addition.begin_report(numbered_report(1), kToday).ok());
  for (std::uint8_t index = 0; index < 3; ++index) {
    StoredSegment segment;
    segment.digest = sample_digest(static_cast<std::uint8_t>(50 + index));
    segment.report = numbered_report(1);
    segment.index = index;
    segment.chain = Bytes(32, index);
    ASSERT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
    ASSERT_TRUE(addition.end_segment(segment, {}).ok());
  }
  ASSERT_TRUE(addition.commit().ok());
  log_report(1, 1);
  for (std::uint8_t to = 2; to < 4; ++to) {  // the second by no right
    LogFact fact = server_.fact(1, kToday, LogKind::kAddendum);
    const Digest chain = Digest::from(Bytes(32, static_cast<std::uint8_t>(to - 1))).value();
    fact.digest = report_digest({&chain, 1});
    fact.withdrawal_key_hash = key_hash(to);
    fact.replacement_token = token(1);
    server_.entries.push_back(make_log_entry(fact, server_.salts));
  }
  import_log();
  EXPECT_THAT(vault_.report(numbered_report(1)).value().new_receipts,
              ElementsAre(sample_digest(51)));
}

TEST_F(VaultWithdrawalsTest, AReceiptThatWasReplacedTakesNothingBackAfterwards) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1, {"publish"}, after(1));
  log_replacement(2, 1, after(1));
  log_withdrawal(1, 1, {}, after(2));
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kForged);
  EXPECT_THAT(of(1).verdict.purposes, ElementsAre("publish")) << "what it took back before stays";
}

TEST_F(VaultWithdrawalsTest, AWrongOrUsedTokenBringsNoKeyAndIsShown) {
  put_report(1);
  log_report(1, 1);
  log_replacement(2, 7);
  import_log();
  EXPECT_TRUE(of(1).verdict.forged_replacement) << "also when it takes nothing back";
  log_withdrawal(1, 2);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kForged);
  EXPECT_TRUE(of(1).verdict.forged_replacement);
  log_replacement(3, 1);
  log_replacement(4, 1);
  log_withdrawal(1, 4);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kForged);
  log_withdrawal(1, 3);
  import_log();
  EXPECT_TRUE(of(1).locked()) << "and keeps nobody from taking it back";
}

TEST_F(VaultWithdrawalsTest, ATokenThatIsUsedAgainInAnotherLogIsDisputed) {
  put_report(1);
  log_report(1, 1);
  log_replacement(2, 1);
  import_log();
  server_.origin = "another.example/log";
  server_.entries.clear();
  log_report(1, 1);
  log_replacement(9, 1);
  log_withdrawal(1, 9);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kDisputed);
}

TEST_F(VaultWithdrawalsTest, ALogOfBeforeTheReplacementStillKnowsTheFirstReceipt) {
  put_report(1);
  log_report(1, 1);
  log_replacement(2, 1);
  import_log();
  server_.origin = "restored.example/log";
  server_.entries.clear();
  log_report(1, 1);
  log_withdrawal(1, 1, {}, after(5));
  import_log();
  EXPECT_TRUE(of(1).locked());
}

TEST_F(VaultWithdrawalsTest, LogsThatNameSeveralKeysAreDisputed) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  server_.origin = "another.example/log";
  server_.entries.clear();
  log_report(1, 9);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kDisputed);
}

TEST_F(VaultWithdrawalsTest, AStatementWithoutTheReportsEntryIsAClaim) {
  put_report(1);
  log_withdrawal(1, 1);
  import_log();
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kClaimed);
}

TEST_F(VaultWithdrawalsTest, AHoldOnlyGrowsAndHasAReason) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  const auto hold = [&](Day until, std::string_view reason) {
    return withdrawals_.hold(numbered_report(1), until, reason, kToday);
  };
  EXPECT_EQ(hold(after(14), "a reason").error().fault, Fault::kRefused);
  EXPECT_EQ(hold(after(20), "").error().fault, Fault::kRefused);
  EXPECT_EQ(hold(after(20), "two\nlines").error().fault, Fault::kRefused);
  EXPECT_EQ(hold(after(kMostHoldDays + 1), "a reason").error().fault, Fault::kRefused);
  EXPECT_TRUE(hold(after(20), "a court asked").ok());
  EXPECT_TRUE(hold(after(kMostHoldDays), "again").ok());
  EXPECT_EQ(withdrawals_.hold(numbered_report(2), after(20), "a reason", kToday).error().fault,
            Fault::kNotFound);
  EXPECT_TRUE(of(1).locked());
  EXPECT_EQ(of(1).until, after(kMostHoldDays));
  EXPECT_THAT(of(1).reasons, testing::HasSubstr("a court asked"));
  EXPECT_THAT(withdrawals_.erase_due(after(20)).value(), IsEmpty());
  EXPECT_THAT(withdrawals_.erase_due(after(kMostHoldDays)).value(), SizeIs(1));
  EXPECT_EQ(hold(after(kMostHoldDays), "too late").error().fault, Fault::kConflict);
}

TEST_F(VaultWithdrawalsTest, AChangeOfConsentTakesPurposesAwayAndLocksNothing) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1, {"legal", "publish"});
  log_withdrawal(1, 9, {"research"});
  import_log();
  EXPECT_FALSE(of(1).locked());
  EXPECT_EQ(of(1).verdict.purposes_unsigned, WithdrawalStanding::kForged);
  ReportView view;
  for (const char* purpose : {"research", "publish", "legal", "contact"})
    view.final.add_consent(purpose);
  const auto taken = WithdrawnReports::of(vault_).value();
  view.id = numbered_report(2);
  taken.apply(view);
  EXPECT_EQ(view.final.consent_size(), 4) << "another report";
  view.id = numbered_report(1);
  taken.apply(view);
  EXPECT_THAT(view.final.consent(), ElementsAre("research", "contact"));
}

}  // namespace
}  // namespace resguardo::analyst
