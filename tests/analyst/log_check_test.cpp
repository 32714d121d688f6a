// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/log_verdict.h"

#include <gtest/gtest.h>

#include "crypto/log/segment_chain.h"
#include "tests/analyst/report_samples.h"

namespace resguardo::analyst {
namespace {

using testing_support::sample_digest;

LogFact fact(LogKind kind, const std::vector<Digest>& chains) {
  LogFact made;
  made.kind = kind;
  made.digest = report_digest(chains);
  return made;
}

const Digest kA = sample_digest(1);
const Digest kB = sample_digest(2);
const Digest kC = sample_digest(3);

TEST(LogCheckTest, AReportAsItWasLoggedFits) {
  const std::vector<Digest> chains = {kA, kB};
  for (const LogKind kind : {LogKind::kReport, LogKind::kIncomplete})
    EXPECT_EQ(check_log(std::vector{fact(kind, chains)}, chains).verdict, LogVerdict::kFits);
}

TEST(LogCheckTest, AnAddendumCoversWhatCameLater) {
  const std::vector<Digest> chains = {kA, kB, kC};
  EXPECT_EQ(check_log(std::vector{fact(LogKind::kReport, {kA, kB}), fact(LogKind::kAddendum, {kC})},
                      chains)
                .verdict,
            LogVerdict::kFits);
  EXPECT_EQ(check_log(std::vector{fact(LogKind::kReport, {kA, kB}),
                                  fact(LogKind::kAddendum, {kA, kB, kC})},
                      chains)
                .verdict,
            LogVerdict::kFits);
}

TEST(LogCheckTest, ASegmentTooManyTooFewOrOtherDiffers) {
  const std::vector<LogFact> logged = {fact(LogKind::kReport, {kA, kB})};
  for (const std::vector<Digest>& chains :
       {std::vector{kA}, std::vector{kA, kB, kC}, std::vector{kB, kA}, std::vector{kA, kC}})
    EXPECT_EQ(check_log(logged, chains).verdict, LogVerdict::kDiffers);
}

// Found in review: each entry was compared with every run of segments, hashed anew each time. A
// bundle of a few megabytes held an analyst's machine for hours.
TEST(LogCheckTest, ManySegmentsAndEntriesOfOneReportAreComparedInOnePass) {
  std::vector<Digest> chains(20'000, kA);
  chains.back() = kB;
  std::vector<LogFact> entries(20, fact(LogKind::kAddendum, {kC}));
  EXPECT_EQ(check_log(entries, chains).verdict, LogVerdict::kDiffers);
  entries.push_back(fact(LogKind::kReport, chains));
  EXPECT_EQ(check_log(entries, chains).verdict, LogVerdict::kFits);
  entries.insert(entries.begin(), 100'000, fact(LogKind::kAddendum, {kC}));
  EXPECT_EQ(check_log(entries, std::vector{kA}).verdict, LogVerdict::kDiffers);
}

TEST(LogCheckTest, WithoutAnEntryItIsNotLogged) {
  EXPECT_EQ(check_log({}, std::vector{kA}).verdict, LogVerdict::kNotLogged);
  const LogFinding claimed =
      check_log(std::vector{fact(LogKind::kWithdrawal, {})}, std::vector{kA});
  EXPECT_EQ(claimed.verdict, LogVerdict::kNotLogged);
  EXPECT_TRUE(claimed.withdrawal_claimed);
}

}  // namespace
}  // namespace resguardo::analyst
