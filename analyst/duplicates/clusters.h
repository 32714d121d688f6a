// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "analyst/duplicates/traits.h"

namespace resguardo::analyst {

// What two incidents are to each other, as people decided. All accounts are kept; none is deleted.
enum class PairOutcome : std::uint8_t {
  kDuplicate = 1,      // one incident, told twice by one person: counts once
  kCorroboration = 2,  // one incident, told by different people: several sources
  kNewIncident = 3,    // one person, another incident
  kMassEvent = 4,      // of one event that was done to many; each is an incident of its own
  kUnrelated = 5,
};
std::string_view outcome_code(PairOutcome outcome);  // "duplicate", "corroboration", …
std::optional<PairOutcome> outcome_of(std::string_view code);

struct DecidedPair {
  IncidentKey a, b;  // a before b
  PairOutcome outcome = PairOutcome::kUnrelated;
};
// In order; two that are the same incident are no pair.
DecidedPair decided_pair(const IncidentKey& one, const IncidentKey& other, PairOutcome outcome);

// Incidents that are one, after all decisions.
struct Cluster {
  std::vector<IncidentKey> incidents;       // ascending; at least two
  std::uint32_t sources = 0;                // reports
  std::uint32_t independent_sources = 0;    // people, as far as anybody decided
  std::vector<DecidedPair> contradictions;  // say that two of these are not one
};

class Clusters {
 public:
  // The same for any order of `pairs`.
  explicit Clusters(const std::vector<DecidedPair>& pairs);
  const std::vector<Cluster>& all() const { return clusters_; }  // by their first incident
  // nullptr: it is alone.
  const Cluster* of(const IncidentKey& incident) const;
  // It counts for its cluster: the first of it, or it is alone.
  bool counts(const IncidentKey& incident) const;

 private:
  std::vector<Cluster> clusters_;
  std::map<IncidentKey, std::size_t> where_;
};

// Writes into each incident of the report which cluster it is of.
void note_clusters(const Clusters& clusters, CodedReport& report);

}  // namespace resguardo::analyst
