// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_pairs.h"

#include <gmock/gmock.h>

#include "tests/analyst/vault_withdrawals_fixture.h"

namespace resguardo::analyst {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class VaultPairsTest : public VaultWithdrawalsTest {
 protected:
  VaultPairsTest() {
    for (const int n : {1, 2, 3}) put_report(n);
  }
  static PairDecision decision(int a, int b, PairOutcome outcome, std::string reason = "looked") {
    return {decided_pair({numbered_report(a), 1}, {numbered_report(b), 1}, outcome), std::nullopt,
            start_of(kToday), std::move(reason)};
  }
  Status decide(const PairDecision& made) {
    auto into = vault_.begin().value();
    RESGUARDO_CHECK(pairs_.decide(made));
    return into.commit();
  }
  VaultPairs pairs_{vault_};
};

TEST_F(VaultPairsTest, TheLastDecisionOfAPairHoldsAndTheEarlierOnesStay) {
  ASSERT_TRUE(decide(decision(1, 2, PairOutcome::kDuplicate, "first")).ok());
  ASSERT_TRUE(decide(decision(2, 3, PairOutcome::kCorroboration)).ok());
  ASSERT_TRUE(decide(decision(2, 1, PairOutcome::kUnrelated, "second")).ok());
  const auto standing = pairs_.standing().value();
  ASSERT_THAT(standing, SizeIs(2));
  EXPECT_EQ(standing[0].pair.outcome, PairOutcome::kUnrelated);
  EXPECT_EQ(standing[0].reason, "second");
  EXPECT_EQ(standing[0].time, start_of(kToday));
  EXPECT_EQ(standing[1].pair.b.report, numbered_report(3));
  const auto history = pairs_.history({numbered_report(2), 1}, {numbered_report(1), 1}).value();
  ASSERT_THAT(history, SizeIs(2));
  EXPECT_EQ(history[0].reason, "first");
  EXPECT_THAT(pairs_.history({numbered_report(1), 2}, {numbered_report(2), 1}).value(), IsEmpty());
  const Clusters clusters = clusters_of(vault_).value();
  ASSERT_THAT(clusters.all(), SizeIs(1));
  EXPECT_THAT(clusters.all()[0].incidents, SizeIs(2));
}

TEST_F(VaultPairsTest, WhatIsNoPairIsRefusedAndNothingIsKept) {
  PairDecision same = decision(1, 1, PairOutcome::kDuplicate);
  EXPECT_EQ(decide(same).error().fault, Fault::kRefused);
  same.pair.b.number = 2;
  EXPECT_EQ(decide(same).error().fault, Fault::kRefused) << "of one report";
  EXPECT_EQ(decide(decision(1, 9, PairOutcome::kDuplicate)).error().fault, Fault::kNotFound);
  PairDecision backwards = decision(1, 2, PairOutcome::kDuplicate);
  std::swap(backwards.pair.a, backwards.pair.b);
  EXPECT_EQ(decide(backwards).error().fault, Fault::kRefused);
  EXPECT_THAT(pairs_.standing().value(), IsEmpty());
}

TEST_F(VaultPairsTest, WhatWasDecidedOfAReportGoesWithIt) {
  for (const int n : {1, 2}) log_report(n, static_cast<std::uint8_t>(n));
  log_withdrawal(1, 1);
  import_log();
  ASSERT_TRUE(decide(decision(1, 2, PairOutcome::kDuplicate, "CANARY-REASON")).ok());
  ASSERT_TRUE(decide(decision(3, 1, PairOutcome::kCorroboration, "CANARY-REASON")).ok());
  ASSERT_TRUE(decide(decision(2, 3, PairOutcome::kMassEvent, "stays")).ok());
  ASSERT_THAT(withdrawals_.note_new(kToday).value(), SizeIs(1));
  ASSERT_THAT(withdrawals_.erase_due(after(kWithdrawalHoldDays)).value(), SizeIs(1));
  const auto standing = pairs_.standing().value();
  ASSERT_THAT(standing, SizeIs(1));
  EXPECT_EQ(standing[0].reason, "stays");
  EXPECT_THAT(pairs_.history({numbered_report(1), 1}, {numbered_report(2), 1}).value(), IsEmpty());
}

}  // namespace
}  // namespace resguardo::analyst
