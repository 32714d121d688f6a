// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyst/duplicates/clusters.h"
#include "analyst/vault/vault_custody.h"

namespace resguardo::analyst {

// What was made of a vault for the public, so that no two files tell by their difference what
// neither tells alone.
struct Release {
  std::uint64_t number = 0;  // from 1
  MemberId member;
  TimePoint time;
  std::string what;  // format, purpose and filter, in words of the program
  std::uint64_t incidents = 0;
};

// The ledger. A release is the incidents that were chosen, before some of them were not shown.
//
// WARNING: incidents of a report that was erased are not compared any more: what was taken back
// has to go from the next release whatever two of them tell together.
class VaultReleases {
 public:
  explicit VaultReleases(Vault& vault) : vault_(vault) {}  // which outlives it

  Result<std::vector<Release>> all();
  // An earlier one that `incidents` (ascending) differ from, and by fewer than `k`: in one of the
  // two and not in the other. The same incidents again are no difference.
  Result<std::optional<Release>> too_close(const std::vector<IncidentKey>& incidents,
                                           std::uint64_t k);
  // With its entry in the journal, `fact`; before its files have their names.
  Status add(const std::string& what, const std::vector<IncidentKey>& incidents,
             const JournalFact& fact, VaultCustody& custody, TimePoint now);

 private:
  Result<std::vector<IncidentKey>> incidents_of(std::uint64_t release);
  Vault& vault_;
};

}  // namespace resguardo::analyst
