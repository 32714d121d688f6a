// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "analyst/vault/vault_withdrawals.h"
#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/session/receipt.h"
#include "tests/analyst/log_server.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {

using testing_support::LogServer;
using testing_support::sample_digest;

inline constexpr Day kToday{20775};

inline Day after(int days) {
  return Day{kToday.number + days};
}

inline ReportId numbered_report(int number) {
  return ReportId::from(Bytes(16, static_cast<std::uint8_t>(number))).value();
}

// A vault, and one server's log of which it is told.
class VaultWithdrawalsTest : public ::testing::Test {
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
  // Report `number` of one segment with two records, in the vault.
  void put_report(int number) {
    StoredSegment segment;
    segment.digest = sample_digest(static_cast<std::uint8_t>(number));
    segment.report = numbered_report(number);
    segment.rows = 1;
    segment.opened = 1;
    segment.chain = Bytes(32, 1);
    auto addition = vault_.begin().value();
    ASSERT_TRUE(addition.begin_report(segment.report, kToday).ok());
    ASSERT_TRUE(addition.begin_segment(segment, as_bytes("header")).ok());
    ASSERT_TRUE(addition.add_row(segment.digest, 0, as_bytes("row")).ok());
    ASSERT_TRUE(
        addition.add_record(segment.digest, 0, StreamId::kTestimony, as_bytes("record")).ok());
    ASSERT_TRUE(addition.end_segment(segment, {}).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  // Its entry, naming the key that `seed_number` makes.
  void log_report(int number, std::uint8_t seed_number) {
    LogFact fact = server_.fact(number, kToday);
    fact.withdrawal_key_hash = key_hash(seed_number);
    fact.replacement_hash = sha256(token(seed_number).view());
    server_.entries.push_back(make_log_entry(fact, server_.salts));
  }
  static ReplacementToken token(std::uint8_t n) {
    return ReplacementToken::from(Bytes(32, static_cast<std::uint8_t>(100 + n))).value();
  }
  // Receipt `to` takes the place of the one that the token `by` is of: receipt n's is n.
  void log_replacement(std::uint8_t to, std::uint8_t by, Day day = kToday) {
    LogFact fact = server_.fact(1, day, LogKind::kAddendum);
    fact.withdrawal_key_hash = key_hash(to);
    fact.replacement_hash = sha256(token(to).view());
    fact.replacement_token = token(by);
    server_.entries.push_back(make_log_entry(fact, server_.salts));
  }
  void log_withdrawal(int number, std::uint8_t seed_number, std::vector<std::string> purposes = {},
                      Day day = kToday) {
    Bytes statement = withdrawal_bytes({numbered_report(number), std::move(purposes), day}).value();
    auto made = sign_withdrawal(seed(seed_number), statement).value();
    server_.entries.push_back(
        make_withdrawal_entry({std::move(statement), made.key, made.signature}, day, server_.salts)
            .value());
  }
  void import_log() {
    VaultLog log(vault_);
    CompactTree tree;
    for (const Bytes& entry : server_.entries) tree.append(leaf_hash(entry));
    auto update = log.begin(server_.origin).value();
    for (std::size_t at = 0; at < server_.entries.size(); ++at)
      ASSERT_TRUE(update.add(at, server_.entries[at]).ok());
    ASSERT_TRUE(update
                    .commit(KeptCheckpoint{server_.origin, tree.size(), kToday, tree.encode(),
                                           server_.note(kToday)})
                    .ok());
  }
  Withdrawal of(int number) {
    const auto all = withdrawals_.all().value();
    for (const Withdrawal& one : all)
      if (one.report == numbered_report(number)) return one;
    return {};
  }
  bool is_here(int number) { return !vault_.segments(numbered_report(number)).value().empty(); }

  LogServer server_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_ = Vault::create(directory_.path() / "vault",
                               open::SecretKey<RootRole>::generate().value().public_key(),
                               passphrase(), {1, open::LockCost::kMinMemory})
                     .value();
  VaultWithdrawals withdrawals_{vault_};
};

}  // namespace resguardo::analyst
