// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/comparing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "analyst/duplicates/blocking.h"

namespace resguardo::analyst {
namespace {

void put(IncidentTraits& traits, Trait trait, const std::string& value) {
  traits.values.at(static_cast<std::size_t>(trait)) = {value};
}

// A vault of incidents that have nothing to do with each other.
class ComparingTest : public ::testing::Test {
 protected:
  ComparingTest() {
    for (int n = 0; n < 2000; ++n) all_.push_back(anything());
    for (const auto& one : all_) frequencies_.add(one);
  }
  std::string one_of(const char* what, unsigned many) {
    return what + std::to_string(random_() % many);
  }
  void place_and_day(IncidentTraits& made) {
    made.place = made.border_pair = one_of("place", 40);
    const int day = static_cast<int>(random_() % 700);
    made.days = DaySpan{Day{day}, Day{day}};
    made.to_the_day = true;
  }
  void teller(IncidentTraits& made) {
    put(made, Trait::kNationality, one_of("n", 12));
    put(made, Trait::kGender, one_of("g", 2));
    put(made, Trait::kAge, one_of("a", 6));
    put(made, Trait::kLanguage, one_of("l", 3));
    put(made, Trait::kRole, one_of("r", 3));
  }
  void deed(IncidentTraits& made) {
    put(made, Trait::kActors, one_of("actor", 12));
    put(made, Trait::kSite, one_of("site", 8));
    put(made, Trait::kDuration, one_of("d", 5));
    put(made, Trait::kEnd, one_of("e", 5));
    put(made, Trait::kChildren, one_of("c", 3));
  }
  IncidentTraits anything() {
    IncidentTraits made;
    const auto number = ++reports_;
    for (std::size_t at = 0; at < 4; ++at)
      made.key.report.bytes[at] = static_cast<std::uint8_t>(number >> (8 * at));
    made.categories = {"kidnapping"};
    place_and_day(made);
    teller(made);
    deed(made);
    return made;
  }
  // Another account of it: told by somebody else, who remembers a part otherwise.
  IncidentTraits by_another(const IncidentTraits& told) {
    IncidentTraits made = anything();
    made.place = made.border_pair = told.place;
    made.days = told.days;
    for (const Trait trait :
         {Trait::kActors, Trait::kSite, Trait::kDuration, Trait::kEnd, Trait::kChildren})
      if (random_() % 10 != 0)
        made.values.at(static_cast<std::size_t>(trait)) =
            told.values.at(static_cast<std::size_t>(trait));
    return made;
  }
  PairProposal proposal(const IncidentTraits& a, const IncidentTraits& b) {
    return compare(a, b, frequencies_).proposal;
  }

  std::mt19937 random_{3};
  std::uint32_t reports_ = 0;
  std::vector<IncidentTraits> all_;
  TraitFrequencies frequencies_;
};

TEST_F(ComparingTest, OneAccountTwiceIsProposedAsOnePersons) {
  for (std::size_t at = 0; at < 200; ++at) {
    IncidentTraits again = all_[at];
    again.key = anything().key;
    EXPECT_EQ(proposal(all_[at], again), PairProposal::kSamePerson) << at;
  }
}

TEST_F(ComparingTest, AnotherPersonsAccountIsFoundAndNotTakenForTheSamePersons) {
  int found = 0, same_person = 0;
  for (std::size_t at = 0; at < 500; ++at) {
    const auto proposed = proposal(all_[at], by_another(all_[at]));
    found += proposed != PairProposal::kNone ? 1 : 0;
    same_person += proposed == PairProposal::kSamePerson ? 1 : 0;
  }
  EXPECT_GE(found, 490);
  EXPECT_LE(same_person, 25);
}

TEST_F(ComparingTest, OfWhatHasNothingToDoWithEachOtherLittleIsProposed) {
  std::size_t compared = 0, proposed = 0;
  candidate_pairs(all_, 1'000'000, [&](std::size_t a, std::size_t b) {
    ++compared;
    const auto what = proposal(all_[a], all_[b]);
    proposed += what != PairProposal::kNone && what != PairProposal::kReview ? 1 : 0;
  });
  EXPECT_GT(compared, 500U);
  EXPECT_LE(proposed * 50, compared);  // of two million pairs that there are
}

TEST_F(ComparingTest, WhatIsRareCountsMoreThanWhatIsCommon) {
  TraitFrequencies frequencies;
  for (int n = 0; n < 100; ++n) {
    IncidentTraits one = anything();
    put(one, Trait::kGroupName, n < 2 ? "rare" : "common");
    frequencies.add(one);
  }
  const auto bits = [&](const char* name) {
    IncidentTraits a, b;
    put(a, Trait::kGroupName, name);
    put(b, Trait::kGroupName, name);
    return compare(a, b, frequencies).evidence.at(0).incident_bits;
  };
  EXPECT_NEAR(bits("rare"), std::log2(0.6 / 0.02), 1e-9);
  EXPECT_EQ(bits("common"), 0);
}

TEST_F(ComparingTest, WhatEitherDoesNotKnowCountsNothing) {
  IncidentTraits a = all_[0], b;
  b.key = all_[1].key;
  EXPECT_TRUE(compare(a, b, frequencies_).evidence.empty());
  EXPECT_TRUE(compare(b, a, frequencies_).evidence.empty());
  EXPECT_EQ(proposal(a, b), PairProposal::kNone);
}

TEST_F(ComparingTest, ItIsTheSameFromBothSides) {
  for (std::size_t at = 1; at < 200; ++at) {
    const auto one = compare(all_[0], all_[at], frequencies_);
    const auto other = compare(all_[at], all_[0], frequencies_);
    EXPECT_DOUBLE_EQ(one.incident_bits, other.incident_bits);
    EXPECT_DOUBLE_EQ(one.person_bits, other.person_bits);
    EXPECT_EQ(one.proposal, other.proposal);
  }
}

TEST_F(ComparingTest, AFileThatWasPassedOnSaysNothingOfWhoTellsIt) {
  IncidentTraits a, b;
  a.files = b.files = {Digest{{1}}};
  const auto own = compare(a, b, frequencies_);
  b.forwarded = b.files;
  const auto passed_on = compare(a, b, frequencies_);
  EXPECT_GT(own.evidence.at(0).person_bits, 0);
  EXPECT_EQ(passed_on.evidence.at(0).person_bits, 0);
  EXPECT_EQ(passed_on.evidence.at(0).agreement, Agreement::kNearly);
  EXPECT_GT(passed_on.evidence.at(0).incident_bits, 0);
}

TEST_F(ComparingTest, TheHeaviestEvidenceComesFirst) {
  IncidentTraits again = all_[0];
  again.key = all_[1].key;
  const auto score = compare(all_[0], again, frequencies_);
  ASSERT_GT(score.evidence.size(), 5U);
  for (std::size_t at = 1; at < score.evidence.size(); ++at) {
    const auto weight = [&](std::size_t n) {
      return std::abs(score.evidence[n].incident_bits) + std::abs(score.evidence[n].person_bits);
    };
    EXPECT_GE(weight(at - 1), weight(at));
  }
}

TEST_F(ComparingTest, ALoneAccountOfAnEmptyVaultIsCompared) {
  const TraitFrequencies none;
  EXPECT_FALSE(std::isnan(compare(all_[0], all_[0], none).incident_bits));
  EXPECT_FALSE(std::isinf(compare(all_[0], all_[0], none).person_bits));
}

}  // namespace
}  // namespace resguardo::analyst
