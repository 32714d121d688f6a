// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"
#include "analyst/report/report_view.h"
#include "analyst/vault/vault_withdrawals.h"

namespace resguardo::analyst {

struct WithdrawalsOptions {
  std::filesystem::path vault;
  SecretSources secrets;  // the key only with `hold` and `settle`, which the journal has signed
  std::string hold;       // a report's id, or how it begins: to be kept longer
  std::string until;      // the last day of that, YYYY-MM-DD
  std::string settle;     // a report's id, or how it begins: what nobody verified is decided
  std::string how;        // of that: keep or erase
  std::string reason;     // for either
};
// What reporters took back and what servers claim that they did; erases what is due; with `hold`
// lengthens one first, with `settle` decides one, both in the journal with their reason.
program::Outcome<Done> withdrawals(const WithdrawalsOptions& options, Call& call);

// After an import: what is due goes, and all is told; `fresh`: what it locked.
program::Outcome<Done> settle_withdrawals(Vault& vault, std::span<const Withdrawal> fresh,
                                          Call& call);

// Which reports are locked; of others which purposes were taken back.
class WithdrawnReports {
 public:
  static Result<WithdrawnReports> of(Vault& vault);
  bool locked(const ReportId& report) const { return locked_.contains(report); }
  std::size_t locked_here() const { return locked_here_; }
  // Leaves of a report's consent what was not taken back.
  void apply(ReportView& report) const;

 private:
  std::set<ReportId> locked_;
  std::size_t locked_here_ = 0;
  std::map<ReportId, std::set<std::string>> purposes_;
};

}  // namespace resguardo::analyst
