// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/vault/vault.h"
#include "analyst/vault/withdrawal_judge.h"
#include "crypto/base/clock.h"

namespace resguardo::analyst {

constexpr std::int32_t kWithdrawalHoldDays = 14;
constexpr std::int32_t kMostHoldDays = 366;    // from the day on which it is lengthened
constexpr std::size_t kMostHoldReason = 1000;  // bytes

// A report of which somebody says that its reporter took it, or a permission, back; or that has a
// receipt in another's place by no right.
struct Withdrawal {
  ReportId report;
  WithdrawalVerdict verdict;
  bool here = false;  // something of it is in the vault
  // Once note_new() has seen a signed one.
  std::optional<Day> seen;
  std::optional<Day> until;   // the day on which it goes, unless it is disputed then
  std::string reasons;        // why it was held longer: "DAY until DAY: reason", a line each
  bool erased = false;        // from this vault
  std::optional<Day> logged;  // of the newest checkpoint that covers an entry about it
  bool is_signed() const { return verdict.everything == WithdrawalStanding::kSigned; }
  bool locked() const {
    return is_signed() || verdict.everything == WithdrawalStanding::kWaiting || seen.has_value();
  }
};

// What reporters took back, in a vault (protocol.md §5, docs/adr/164). Whether it was signed is
// asked anew of the log each time; remembered are the days, and purposes that were taken back. A
// signed withdrawal locks its report from the import that brings it, wherever the report comes
// from, also when it comes later; what is merely claimed or forged changes nothing.
//
// Promises: what a log says later unlocks nothing and gives no purpose back; it may suspend the
// erasure, which asks for a withdrawal that is signed on that day.
class VaultWithdrawals {
 public:
  explicit VaultWithdrawals(Vault& vault) : vault_(vault) {}  // which outlives it

  Result<std::vector<Withdrawal>> all();  // by report
  // Signed withdrawals that were not known, from `today` on, or the day of the checkpoint that
  // covers them if this machine's clock is behind it; they go kWithdrawalHoldDays later.
  Result<std::vector<Withdrawal>> note_new(Day today);
  // Lengthens one. kNotFound: there is no signed withdrawal of it; kRefused: it would not be
  // longer, or too long, or there is no reason; kConflict: it is erased.
  Result<Day> hold(const ReportId& report, Day until, std::string_view reason, Day today);
  // Erases what is due with all that belongs to it; says which. What the log says of it stays.
  Result<std::vector<ReportId>> erase_due(Day today);

 private:
  struct Kept {
    Day seen;
    Day until;
    bool erased = false;
    std::string reasons;
  };
  Result<std::optional<Kept>> kept(const ReportId& report);
  Status keep(const ReportId& report, const Kept& kept);
  Result<std::set<ReportId>> named();
  Result<Withdrawal> one(const ReportId& report, const std::map<std::string, Day>& days);
  Result<std::set<std::string>> kept_purposes(const ReportId& report);
  Status keep_purposes(const Withdrawal& one);
  Status erase(const ReportId& report);
  Vault& vault_;
};

}  // namespace resguardo::analyst
