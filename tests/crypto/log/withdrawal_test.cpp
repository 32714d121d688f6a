// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/withdrawal.h"

#include <gtest/gtest.h>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/log_entry.h"
#include "crypto/session/master_key.h"
#include "crypto/session/receipt.h"
#include "proto/log.pb.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

constexpr Day kToday{20001};

class WithdrawalEntryTest : public testing::Test {
 protected:
  static SecretBytes salt() {
    const auto master = SecretBytes::random(32).value();
    return derive_from_master(master, MasterUse::kReceipt, 0).value();
  }
  SignedWithdrawal said(std::vector<std::string> purposes) {
    Bytes statement = withdrawal_bytes({kReport, std::move(purposes), Day{20000}}).value();
    auto made = sign_withdrawal(secrets_.withdrawal_seed, statement).value();
    return {std::move(statement), std::move(made.key), std::move(made.signature)};
  }
  static Fault refused(const Bytes& entry, void (*change)(pb::LogEntry&)) {
    auto parsed = parse_strict<pb::LogEntry>(entry).value();
    change(parsed);
    return read_withdrawal_entry(serialize_canonical(parsed)).error().fault;
  }

  static constexpr ReportId kReport{{1, 2, 3}};
  const SecretBytes salt_ = salt();
  const SecretText receipt_ = make_receipt().value();
  const ReceiptKeys keys_ = derive_receipt_keys(receipt_.reveal(), salt_).value();
  const ReceiptSecrets secrets_ = open_receipt(receipt_, salt_).value();
  testing_support::SeededRandom random_{7};
};

TEST_F(WithdrawalEntryTest, SaysWhoseKeyItIsAndWhatIsTakenBack) {
  const Bytes all = make_withdrawal_entry(said({}), kToday, random_).value();
  EXPECT_EQ(parse_log_entry(all)->kind, LogKind::kWithdrawal);
  EXPECT_EQ(parse_log_entry(all)->day, kToday);
  const auto read = read_withdrawal_entry(all).value();
  EXPECT_EQ(read.statement.report, kReport);
  EXPECT_EQ(read.key_hash, sha256(keys_.withdrawal_key));

  const Bytes some = make_withdrawal_entry(said({"legal", "publish"}), kToday, random_).value();
  EXPECT_EQ(parse_log_entry(some)->kind, LogKind::kConsentChange);
  EXPECT_EQ(read_withdrawal_entry(some)->statement.purposes,
            (std::vector<std::string>{"legal", "publish"}));
}

TEST_F(WithdrawalEntryTest, NothingIsLoggedThatNobodyCouldVerify) {
  SignedWithdrawal forged = said({});
  forged.signature[5] ^= 1;
  EXPECT_EQ(make_withdrawal_entry(forged, kToday, random_).error().fault, Fault::kUnauthentic);
  SignedWithdrawal anothers = said({});
  anothers.key = Bytes(32, 0);
  EXPECT_FALSE(make_withdrawal_entry(anothers, kToday, random_).ok());
}

TEST_F(WithdrawalEntryTest, WhatWasChangedIsForged) {
  const Bytes all = make_withdrawal_entry(said({}), kToday, random_).value();
  EXPECT_EQ(refused(all, [](pb::LogEntry& one) { (*one.mutable_statement_signature())[3] ^= 1; }),
            Fault::kUnauthentic);
  EXPECT_EQ(refused(all, [](pb::LogEntry& one) { (*one.mutable_id())[3] ^= 1; }),
            Fault::kUnauthentic);
  EXPECT_EQ(refused(all, [](pb::LogEntry& one) { (*one.mutable_digest())[3] ^= 1; }),
            Fault::kUnauthentic);
  EXPECT_EQ(refused(all, [](pb::LogEntry& one) { one.set_kind(pb::LOG_CONSENT_CHANGE); }),
            Fault::kUnauthentic);
  EXPECT_EQ(refused(all, [](pb::LogEntry& one) { one.clear_statement_key(); }),
            Fault::kUnauthentic);
  const Bytes some = make_withdrawal_entry(said({"publish"}), kToday, random_).value();
  EXPECT_EQ(refused(some, [](pb::LogEntry& one) { one.set_kind(pb::LOG_WITHDRAWAL); }),
            Fault::kUnauthentic)
      << "one purpose is not all of the report";
}

TEST_F(WithdrawalEntryTest, AClaimBringsNoStatement) {
  LogFact claimed;
  claimed.kind = LogKind::kWithdrawal;
  claimed.id = to_bytes(kReport.view());
  claimed.day = kToday;
  const Bytes entry = make_log_entry(claimed, random_);
  EXPECT_EQ(read_withdrawal_entry(entry).error().fault, Fault::kNotFound);
  claimed.kind = LogKind::kExpired;
  EXPECT_EQ(read_withdrawal_entry(make_log_entry(claimed, random_)).error().fault,
            Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo
