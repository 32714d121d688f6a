// SPDX-License-Identifier: AGPL-3.0-or-later
// What nobody verified, and people decide (docs/adr/165).
#include <gmock/gmock.h>

#include "analyst/commands/withdrawals.h"
#include "analyst/vault/vault_log.h"
#include "tests/analyst/vault_withdrawals_fixture.h"

namespace resguardo::analyst {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class WithdrawalSettlingTest : public VaultWithdrawalsTest {
 protected:
  Status settle(bool erase, std::string_view reason = "we asked her") {
    return withdrawals_.settle(numbered_report(1), erase, reason, kToday);
  }
  void another_log() {
    server_.origin = "another.example/log";
    server_.entries.clear();
  }
  // Two logs name two keys, and one of them a withdrawal.
  void dispute() {
    put_report(1);
    log_report(1, 1);
    log_withdrawal(1, 1);
    import_log();
    another_log();
    log_report(1, 9);
    import_log();
    ASSERT_EQ(of(1).verdict.everything, WithdrawalStanding::kDisputed);
  }
  bool locked() { return WithdrawnReports::of(vault_).value().locked(numbered_report(1)); }
};

TEST_F(WithdrawalSettlingTest, WhatIsDisputedGoesIfPeopleSaySoAlsoWhenItComesAgain) {
  dispute();
  EXPECT_EQ(settle(true, "").error().fault, Fault::kRefused) << "not without a reason";
  EXPECT_THAT(withdrawals_.erase_due(after(400)).value(), IsEmpty());
  ASSERT_TRUE(settle(true).ok());
  EXPECT_TRUE(locked());
  EXPECT_THAT(withdrawals_.erase_due(kToday).value(), ElementsAre(numbered_report(1)));
  EXPECT_FALSE(is_here(1));
  EXPECT_TRUE(of(1).erased);
  EXPECT_THAT(withdrawals_.erase_due(after(1)).value(), IsEmpty());
  put_report(1);  // from an old bundle
  EXPECT_TRUE(locked());
  EXPECT_FALSE(of(1).erased);
  EXPECT_EQ(settle(false).error().fault, Fault::kConflict);
  EXPECT_THAT(withdrawals_.erase_due(after(2)).value(), SizeIs(1));
  EXPECT_FALSE(is_here(1));
}

TEST_F(WithdrawalSettlingTest, WhatIsSettledToStayIsTakenBackByASignatureAllTheSame) {
  put_report(1);
  server_.add(1, kToday, LogKind::kWithdrawal);
  import_log();
  ASSERT_EQ(of(1).verdict.everything, WithdrawalStanding::kClaimed);
  ASSERT_TRUE(settle(false).ok());
  EXPECT_TRUE(of(1).settled_to_stay());
  EXPECT_FALSE(locked());
  EXPECT_EQ(settle(false).error().fault, Fault::kConflict);
  another_log();
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  EXPECT_FALSE(of(1).settled_to_stay());
  EXPECT_TRUE(locked());
  EXPECT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  EXPECT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays)).value(), SizeIs(1));
}

TEST_F(WithdrawalSettlingTest, WhatIsSettledToStayMayBeSettledToGo) {
  put_report(1);
  server_.add(1, kToday, LogKind::kWithdrawal);
  import_log();
  ASSERT_TRUE(settle(false).ok());
  ASSERT_TRUE(settle(true).ok());
  EXPECT_THAT(withdrawals_.erase_due(kToday).value(), SizeIs(1));
}

TEST_F(WithdrawalSettlingTest, WhatIsSignedIsNotSettled) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  for (const bool erase : {false, true}) {
    EXPECT_EQ(withdrawals_.may_settle(numbered_report(1), erase).error().fault, Fault::kRefused);
    EXPECT_EQ(settle(erase).error().fault, Fault::kRefused);
  }
  EXPECT_FALSE(of(1).settled.has_value());
}

// Once validly taken back it stays locked, whatever a log says later, and whoever wants it.
TEST_F(WithdrawalSettlingTest, WhatWasSignedOnceIsNotSettledToStay) {
  put_report(1);
  log_report(1, 1);
  log_withdrawal(1, 1);
  import_log();
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  another_log();
  log_report(1, 9);
  import_log();
  ASSERT_EQ(of(1).verdict.everything, WithdrawalStanding::kDisputed);
  EXPECT_EQ(settle(false).error().fault, Fault::kRefused);
  EXPECT_TRUE(locked());
  EXPECT_TRUE(settle(true).ok());
  EXPECT_THAT(withdrawals_.erase_due(kToday).value(), SizeIs(1));
}

TEST_F(WithdrawalSettlingTest, WhatNobodyTookBackIsNotSettled) {
  put_report(1);
  log_report(1, 1);
  import_log();
  EXPECT_EQ(settle(true).error().fault, Fault::kNotFound);
  EXPECT_EQ(withdrawals_.settle(numbered_report(2), true, "why", kToday).error().fault,
            Fault::kNotFound);
}

// The statement went with the server: the log of the restored one has EXPIRED (docs/adr/135).
TEST_F(WithdrawalSettlingTest, WhatARestoredServerCannotSayIsToldSo) {
  for (const int n : {1, 2, 3}) {
    put_report(n);
    log_report(n, 1);
  }
  server_.add(3, kToday, LogKind::kExpired);
  import_log();
  EXPECT_THAT(withdrawals_.all().value(), IsEmpty()) << "its time was over: the log says so";
  another_log();
  server_.entries.push_back(make_restart_entry("", after(1), server_.salts));
  for (const int n : {1, 2, 3}) server_.add(n, after(1), LogKind::kReport);
  for (const int n : {1, 3}) server_.add(n, after(1), LogKind::kExpired);
  server_.add(2, after(9), LogKind::kExpired);
  import_log();
  EXPECT_THAT(withdrawals_.all().value(), SizeIs(1));
  EXPECT_EQ(of(1).verdict.everything, WithdrawalStanding::kUnsaid);
  EXPECT_FALSE(locked());
  EXPECT_THAT(withdrawals_.note_new(after(9)).value(), IsEmpty());
  EXPECT_THAT(withdrawals_.erase_due(after(400)).value(), IsEmpty());
  ASSERT_TRUE(settle(false).ok());
  EXPECT_TRUE(of(1).settled_to_stay());
  ASSERT_TRUE(settle(true).ok());
  EXPECT_THAT(withdrawals_.erase_due(after(9)).value(), ElementsAre(numbered_report(1)));
}

TEST_F(WithdrawalSettlingTest, WhatIsSettledToGoIsNotMissed) {
  dispute();
  VaultLog kept(vault_);
  ASSERT_TRUE(settle(true).ok());
  ASSERT_THAT(withdrawals_.erase_due(kToday).value(), SizeIs(1));
  EXPECT_THAT(kept.missing(server_.origin, 9).value(), IsEmpty());
}

}  // namespace
}  // namespace resguardo::analyst
