// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyst/duplicates/clusters.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// A decision, and who made it why.
struct PairDecision {
  DecidedPair pair;
  std::optional<MemberId> member{};
  TimePoint time;
  std::string reason;  // in an analyst's words
};

// What was decided of pairs of incidents. Nothing is changed: the last decision of a pair holds,
// and the earlier ones stay. All of a report's go with it when it is erased.
class VaultPairs {
 public:
  explicit VaultPairs(Vault& vault) : vault_(vault) {}  // which outlives it

  // Into the transaction that is open. kRefused: a pair of one incident with itself, or two of one
  // report; kNotFound: a report that is not here.
  Status decide(const PairDecision& decision);
  // The last of each pair, in order of the pairs.
  Result<std::vector<PairDecision>> standing();
  // All of one pair, oldest first; in any order of the two.
  Result<std::vector<PairDecision>> history(const IncidentKey& one, const IncidentKey& other);

 private:
  Vault& vault_;
};

// Of all that stands.
Result<Clusters> clusters_of(Vault& vault);

}  // namespace resguardo::analyst
