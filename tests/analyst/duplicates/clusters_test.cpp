// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/clusters.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>

namespace resguardo::analyst {
namespace {

using ::testing::ElementsAre;

IncidentKey key(std::uint8_t report, std::uint32_t number = 1) {
  IncidentKey made;
  made.report.bytes.fill(report);
  made.number = number;
  return made;
}
DecidedPair pair(std::uint8_t a, std::uint8_t b, PairOutcome outcome) {
  return decided_pair(key(a), key(b), outcome);
}

TEST(ClustersTest, CodesAreReadAsTheyAreWritten) {
  for (const auto outcome :
       {PairOutcome::kDuplicate, PairOutcome::kCorroboration, PairOutcome::kNewIncident,
        PairOutcome::kMassEvent, PairOutcome::kUnrelated})
    EXPECT_EQ(outcome_of(outcome_code(outcome)), outcome);
  EXPECT_FALSE(outcome_of("same"));
  EXPECT_FALSE(outcome_of(""));
}

TEST(ClustersTest, APairHasOneOrder) {
  const auto made = decided_pair(key(2), key(1), PairOutcome::kUnrelated);
  EXPECT_EQ(made.a, key(1));
  EXPECT_EQ(made.b, key(2));
}

TEST(ClustersTest, OneIncidentTwiceByOneAndOnceByAnotherHasThreeSourcesOfTwoPeople) {
  const Clusters clusters(
      {pair(1, 2, PairOutcome::kDuplicate), pair(2, 3, PairOutcome::kCorroboration)});
  ASSERT_EQ(clusters.all().size(), 1U);
  const Cluster& one = clusters.all().front();
  EXPECT_THAT(one.incidents, ElementsAre(key(1), key(2), key(3)));
  EXPECT_EQ(one.sources, 3U);
  EXPECT_EQ(one.independent_sources, 2U);
  EXPECT_TRUE(one.contradictions.empty());
  EXPECT_TRUE(clusters.counts(key(1)));
  EXPECT_FALSE(clusters.counts(key(2)));
  EXPECT_FALSE(clusters.counts(key(3)));
  EXPECT_TRUE(clusters.counts(key(9)));
  EXPECT_EQ(clusters.of(key(9)), nullptr);
}

TEST(ClustersTest, OthersOfAMassEventAndAnotherIncidentAreNotOne) {
  const Clusters clusters({pair(1, 2, PairOutcome::kMassEvent),
                           pair(3, 4, PairOutcome::kNewIncident),
                           pair(5, 6, PairOutcome::kUnrelated)});
  EXPECT_TRUE(clusters.all().empty());
}

// Who told two incidents is one source of a third account's two.
TEST(ClustersTest, OnePersonIsOneSourceWhereverItIsDecided) {
  const Clusters clusters({decided_pair(key(1, 1), key(2, 1), PairOutcome::kNewIncident),
                           decided_pair(key(1, 2), key(2, 1), PairOutcome::kCorroboration)});
  ASSERT_EQ(clusters.all().size(), 1U);
  EXPECT_EQ(clusters.all().front().sources, 2U);
  EXPECT_EQ(clusters.all().front().independent_sources, 1U);
}

TEST(ClustersTest, WhatContradictsTheOthersIsShown) {
  const Clusters clusters({pair(1, 2, PairOutcome::kDuplicate), pair(2, 3, PairOutcome::kDuplicate),
                           pair(1, 3, PairOutcome::kUnrelated)});
  ASSERT_EQ(clusters.all().size(), 1U);
  ASSERT_EQ(clusters.all().front().contradictions.size(), 1U);
  EXPECT_EQ(clusters.all().front().contradictions.front().b, key(3));
}

TEST(ClustersTest, AReportIsToldWhichOfItsIncidentsAreOneWithOthers) {
  CodedReport report;
  report.id = key(2).report;
  report.incidents.resize(2);
  report.incidents[1].number = 2;
  note_clusters(Clusters({pair(1, 2, PairOutcome::kCorroboration)}), report);
  EXPECT_EQ(report.incidents[0].cluster.size(), 16U);
  EXPECT_EQ(report.incidents[0].cluster.find("0101"), std::string::npos) << "it names no report";
  CodedReport other;
  other.id = key(1).report;
  other.incidents.resize(1);
  note_clusters(Clusters({pair(1, 2, PairOutcome::kCorroboration)}), other);
  EXPECT_EQ(other.incidents[0].cluster, report.incidents[0].cluster);
  EXPECT_EQ(report.incidents[0].sources, 2U);
  EXPECT_EQ(report.incidents[0].independent_sources, 2U);
  EXPECT_EQ(report.incidents[1].cluster, "");
  EXPECT_EQ(report.incidents[1].sources, 1U);
}

// Against reachability by brute force, in any order of the decisions.
TEST(ClustersTest, RandomDecisionsJoinWhatIsConnectedInAnyOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<DecidedPair> pairs;
    for (int n = 0; n < 12; ++n) {
      const auto a = static_cast<std::uint8_t>(1 + random() % 12);
      const auto b = static_cast<std::uint8_t>(1 + random() % 12);
      if (a != b) pairs.push_back(pair(a, b, static_cast<PairOutcome>(1 + random() % 5)));
    }
    const Clusters clusters(pairs);
    std::ranges::shuffle(pairs, random);
    const Clusters shuffled(pairs);
    std::array<std::array<bool, 13>, 13> joined{};
    for (std::size_t at = 0; at < 13; ++at) joined[at][at] = true;
    for (const auto& one : pairs)
      if (one.outcome == PairOutcome::kDuplicate || one.outcome == PairOutcome::kCorroboration)
        joined[one.a.report.bytes[0]][one.b.report.bytes[0]] =
            joined[one.b.report.bytes[0]][one.a.report.bytes[0]] = true;
    for (std::size_t k = 1; k < 13; ++k)
      for (std::size_t i = 1; i < 13; ++i)
        for (std::size_t j = 1; j < 13; ++j)
          joined[i][j] = joined[i][j] || (joined[i][k] && joined[k][j]);
    for (std::uint8_t i = 1; i < 13; ++i)
      for (std::uint8_t j = 1; j < 13; ++j) {
        if (i == j) continue;
        const Cluster* of = clusters.of(key(i));
        EXPECT_EQ(of != nullptr && of == clusters.of(key(j)), joined[i][j]) << round;
        EXPECT_EQ(clusters.counts(key(i)), shuffled.counts(key(i)));
      }
  }
}

}  // namespace
}  // namespace resguardo::analyst
