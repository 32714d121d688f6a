// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/log_verdict.h"

#include <gtest/gtest.h>

#include "crypto/format/media_layout.h"
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

std::vector<SealedPart> parts(const std::vector<Digest>& chains) {
  std::vector<SealedPart> made;
  for (const Digest& chain : chains)
    made.push_back({static_cast<std::uint32_t>(made.size()), chain});
  return made;
}

const Digest kA = sample_digest(1);
const Digest kB = sample_digest(2);
const Digest kC = sample_digest(3);

TEST(LogCheckTest, AReportAsItWasLoggedFits) {
  const std::vector<Digest> chains = {kA, kB};
  for (const LogKind kind : {LogKind::kReport, LogKind::kIncomplete})
    EXPECT_EQ(check_log(std::vector{fact(kind, chains)}, parts(chains)).verdict, LogVerdict::kFits);
}

TEST(LogCheckTest, AnAddendumCoversWhatCameLater) {
  const std::vector<Digest> chains = {kA, kB, kC};
  EXPECT_EQ(check_log(std::vector{fact(LogKind::kReport, {kA, kB}), fact(LogKind::kAddendum, {kC})},
                      parts(chains))
                .verdict,
            LogVerdict::kFits);
  EXPECT_EQ(check_log(std::vector{fact(LogKind::kReport, {kA, kB}),
                                  fact(LogKind::kAddendum, {kA, kB, kC})},
                      parts(chains))
                .verdict,
            LogVerdict::kFits);
}

TEST(LogCheckTest, ASegmentTooManyTooFewOrOtherDiffers) {
  const std::vector<LogFact> logged = {fact(LogKind::kReport, {kA, kB})};
  for (const std::vector<Digest>& chains :
       {std::vector{kA}, std::vector{kA, kB, kC}, std::vector{kB, kA}, std::vector{kA, kC}})
    EXPECT_EQ(check_log(logged, parts(chains)).verdict, LogVerdict::kDiffers);
}

// Found in review: each entry was compared with every run of segments, hashed anew each time. A
// bundle of a few megabytes held an analyst's machine for hours.
TEST(LogCheckTest, ManySegmentsAndEntriesOfOneReportAreComparedInOnePass) {
  std::vector<Digest> chains(20'000, kA);
  chains.back() = kB;
  std::vector<LogFact> entries(20, fact(LogKind::kAddendum, {kC}));
  EXPECT_EQ(check_log(entries, parts(chains)).verdict, LogVerdict::kDiffers);
  entries.push_back(fact(LogKind::kReport, chains));
  EXPECT_EQ(check_log(entries, parts(chains)).verdict, LogVerdict::kFits);
  entries.insert(entries.begin(), 100'000, fact(LogKind::kAddendum, {kC}));
  EXPECT_EQ(check_log(entries, parts({kA})).verdict, LogVerdict::kDiffers);
}

TEST(LogCheckTest, EachAddendumHasAnEntryOfItsOwnOverItsChainAndItsFile) {
  const auto of_file = [](const Digest& chain, const Digest& file) {
    LogFact made;
    made.kind = LogKind::kAddendum;
    made.digest = report_digest(std::vector{chain}, std::vector{file});
    return made;
  };
  const Digest file = sample_digest(9);
  const std::vector<LogFact> entries = {of_file(kB, file), fact(LogKind::kReport, {kA}),
                                        fact(LogKind::kAddendum, {kC})};
  const SealedPart told{0, kA};
  const SealedPart lost{kFirstAddendum + 3, kC};
  const SealedPart whole{kFirstAddendum + 7, kB, {file}, true};
  const auto found = [&](const std::vector<SealedPart>& came) { return check_log(entries, came); };
  const auto expect = [&](const std::vector<SealedPart>& came, LogVerdict verdict,
                          std::size_t addenda, std::size_t files) {
    EXPECT_EQ(found(came).verdict, verdict);
    EXPECT_EQ(found(came).addenda_absent, addenda);
    EXPECT_EQ(found(came).files_absent, files);
  };
  expect({told, lost, whole}, LogVerdict::kFits, 0, 0);
  expect({told, whole}, LogVerdict::kFits, 1, 0);
  expect({told}, LogVerdict::kFits, 2, 0);
  expect({told, lost, {whole.index, kB}}, LogVerdict::kFits, 0, 1);
  expect({told, lost, {whole.index, kB, {kC}, false}}, LogVerdict::kFits, 0, 1);
  expect({told, lost, {whole.index, kB, {kC}, true}}, LogVerdict::kDiffers, 0, 0);
  expect({told, lost, whole, {kFirstAddendum + 9, kA}}, LogVerdict::kDiffers, 0, 1);
  expect({lost, whole}, LogVerdict::kDiffers, 0, 0);
}

// Found in review: an addendum sealed by somebody else took the entry of one that was dropped.
TEST(LogCheckTest, AnAddendumThatBringsNoFileIsItsEntrysOrDiffers) {
  const std::vector<LogFact> entries = {fact(LogKind::kReport, {kA}),
                                        fact(LogKind::kAddendum, {kB})};
  const auto found = [&](const Digest& chain, AddendumBrings brings) {
    return check_log(
        entries, std::vector<SealedPart>{{0, kA}, {kFirstAddendum + 1, chain, {}, false, brings}});
  };
  EXPECT_EQ(found(kB, AddendumBrings::kNothing).verdict, LogVerdict::kFits);
  EXPECT_EQ(found(kC, AddendumBrings::kNothing).verdict, LogVerdict::kDiffers);
  EXPECT_EQ(found(kC, AddendumBrings::kFile).verdict, LogVerdict::kFits);
  EXPECT_EQ(found(kC, AddendumBrings::kFile).files_absent, 1U);
  EXPECT_EQ(found(kC, AddendumBrings::kFile).unread, 0U);
  EXPECT_EQ(found(kC, AddendumBrings::kUnknown).unread, 1U);
  EXPECT_EQ(found(kB, AddendumBrings::kUnknown).unread, 0U);
  // One entry excuses one.
  const SealedPart other{kFirstAddendum + 1, kC, {}, false, AddendumBrings::kFile};
  EXPECT_EQ(check_log(entries, std::vector<SealedPart>{{0, kA}, other, other}).verdict,
            LogVerdict::kDiffers);
}

// Found in review: of a restored server a vault knows two logs, and took each addendum of the
// second one for another that did not come.
TEST(LogCheckTest, WhatTwoLogsSayOfItIsOneThing) {
  LogFact file = fact(LogKind::kAddendum, {});
  file.digest = report_digest(std::vector{kC}, std::vector{sample_digest(9)});
  const std::vector<LogFact> one = {fact(LogKind::kReport, {kA}), fact(LogKind::kAddendum, {kB}),
                                    file};
  const std::vector<SealedPart> came = {
      {0, kA}, {1, kB}, {kFirstAddendum + 1, kC, {sample_digest(9)}, true}};
  for (const std::vector<std::size_t>& order :
       {std::vector<std::size_t>{0, 1, 2, 0, 1, 2}, {0, 0, 1, 1, 2, 2}, {1, 0, 2, 2, 0, 1}}) {
    std::vector<LogFact> both;
    for (const std::size_t at : order) both.push_back(one[at]);
    const LogFinding found = check_log(both, came);
    EXPECT_EQ(found.verdict, LogVerdict::kFits);
    EXPECT_EQ(found.addenda_absent, 0U);
    EXPECT_EQ(check_log(both, {came.data(), 2}).addenda_absent, 1U) << "one is absent, not two";
  }
}

TEST(LogCheckTest, WithoutAnEntryItIsNotLogged) {
  EXPECT_EQ(check_log({}, parts({kA})).verdict, LogVerdict::kNotLogged);
  const LogFinding claimed = check_log(std::vector{fact(LogKind::kWithdrawal, {})}, parts({kA}));
  EXPECT_EQ(claimed.verdict, LogVerdict::kNotLogged);
  EXPECT_TRUE(claimed.withdrawal_claimed);
}

}  // namespace
}  // namespace resguardo::analyst
