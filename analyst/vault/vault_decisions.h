// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyst/report/decision.h"
#include "analyst/vault/vault_custody.h"

namespace resguardo::analyst {

constexpr std::size_t kMostDecisionText = 20'000;  // bytes of a note or reason

// What analysts decided of the reports in a vault: append-only, each with its entry in the journal
// in one transaction. The journal names a decision by a digest with a salt that lies beside the
// decision and is erased with it: what it was nobody can find out from the journal then.
class VaultDecisions {
 public:
  explicit VaultDecisions(Vault& vault) : vault_(vault) {}  // which outlives it

  using All = std::map<ReportId, std::vector<Decision>>;  // in the order in which they were made
  Result<All> all();
  Result<std::vector<Decision>> of(const ReportId& report);

  // All of them or none, in the name of `custody`'s member. kRefused: a text that is too long.
  Status add(const ReportId& report, std::vector<Decision> decisions, VaultCustody& custody,
             RandomSource& ids, TimePoint now);

 private:
  Status add_one(const ReportId& report, const Decision& decision, VaultCustody& custody,
                 RandomSource& ids, TimePoint now);
  Vault& vault_;
};

}  // namespace resguardo::analyst
