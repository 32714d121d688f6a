// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/duplicates/traits.h"

namespace resguardo::analyst {

// Record linkage after Fellegi and Sunter (1969, "A theory for record linkage"): each thing that
// two incidents have in common, or in which they differ, counts as many bits as it is more likely
// between two accounts of one thing than between any two accounts of this vault. What is rare
// counts more when it agrees (Winkler 1989). What either does not know counts nothing.
//
// There are two questions, each with its own sum: whether it is one incident, and whether one
// person tells it.

// How often each value stands in the incidents that are compared.
class TraitFrequencies {
 public:
  void add(const IncidentTraits& traits);
  std::size_t incidents() const { return incidents_; }
  // How likely another incident that knows the trait has this value, too.
  double of(Trait trait, const std::string& value) const;
  double of_place(const std::string& border_pair) const;
  // How likely two that know the trait have a value in common.
  double chance(Trait trait) const;
  double chance_of_place() const;
  // How likely two that know their days lie within so many of each other.
  double of_days(int apart) const;

 private:
  struct Counts {
    std::map<std::string, std::size_t> values;
    std::size_t known = 0;
    double squares = 0;  // of how often each stands there
  };
  static void count(Counts& counts, const std::string& value);
  static double collision(const Counts& counts);
  static double share(const Counts& counts, const std::string& value);
  std::array<Counts, kTraits> counts_;
  Counts places_;
  std::optional<DaySpan> days_;
  std::size_t incidents_ = 0;
};

enum class Agreement : std::uint8_t { kAgrees, kNearly, kDiffers };

struct Evidence {
  std::string_view id;  // "nationality", "day", "story", …: never renamed
  Agreement agreement = Agreement::kAgrees;
  double incident_bits = 0;
  double person_bits = 0;
};

// What the sums propose; people decide.
enum class PairProposal : std::uint8_t {
  kSamePerson,    // one incident, told twice by one person
  kOthers,        // one incident, told by different people
  kSameIncident,  // one incident; who tells it is open
  kReview,        // perhaps one incident
  kNone,
};
std::string_view proposal_text(PairProposal proposal);  // "same-person", "others", …

struct PairScore {
  double incident_bits = 0;  // log2 of the odds that it is one incident
  double person_bits = 0;    // … that one person tells it, if it is one incident
  PairProposal proposal = PairProposal::kNone;
  std::vector<Evidence> evidence;  // heaviest first
};
PairScore compare(const IncidentTraits& a, const IncidentTraits& b,
                  const TraitFrequencies& frequencies);

// Odds of 8 to 1 propose, of 1 to 8 ask for a look.
inline constexpr double kProposeBits = 3;
inline constexpr double kReviewBits = -3;

}  // namespace resguardo::analyst
