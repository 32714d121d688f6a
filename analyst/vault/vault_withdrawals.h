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
constexpr std::int32_t kMostWaitingDays = 30;
constexpr std::int32_t kMostHoldDays = 366;    // from the day on which it is lengthened
constexpr std::size_t kMostHoldReason = 1000;  // bytes

// What people decided of a withdrawal that nobody verified.
struct Settlement {
  Day day;
  bool erase = false;
  WithdrawalStanding standing = WithdrawalStanding::kNone;  // what they knew of it then
};

// A report of which somebody says that its reporter took it, or a permission, back; or that has a
// receipt in another's place by no right.
struct Withdrawal {
  ReportId report;
  WithdrawalVerdict verdict;
  bool here = false;  // something of it is in the vault
  // Once note_new() has seen a signed one.
  std::optional<Day> seen;
  std::optional<Day> until;  // the day on which it goes, unless it is disputed then
  std::string reasons;       // why it was held longer: "DAY until DAY: reason", a line each
  bool erased = false;       // from this vault
  std::optional<Settlement> settled;
  std::optional<Day> logged;  // of the newest checkpoint that covers an entry about it
  bool is_signed() const { return verdict.everything == WithdrawalStanding::kSigned; }
  bool settled_to_go() const { return settled && settled->erase; }
  // For what is known today: another standing asks anew.
  bool settled_to_stay() const {
    return settled && !settled->erase && settled->standing == verdict.everything;
  }
  bool locked() const {
    return is_signed() || verdict.everything == WithdrawalStanding::kWaiting || seen.has_value() ||
           settled_to_go();
  }
};

// What reporters took back, in a vault (protocol.md §5, docs/adr/164). Whether it was signed is
// asked anew of the log each time; remembered are the days, and purposes that were taken back. A
// signed withdrawal locks its report from the import that brings it, wherever the report comes
// from, also when it comes later; what is merely claimed or forged changes nothing.
//
// What nobody verified, people settle: it stays, or it goes as if it had been signed. That a
// reporter once took a report back, signed, nobody settles but by erasing it.
//
// Promises: what a log says later unlocks nothing and gives no purpose back; it may suspend the
// erasure, which asks for a withdrawal that is signed on that day.
class VaultWithdrawals {
 public:
  explicit VaultWithdrawals(Vault& vault) : vault_(vault) {}  // which outlives it

  Result<std::vector<Withdrawal>> all();        // by report
  Result<bool> locked(const ReportId& report);  // of one, without the others
  // Signed withdrawals that were not known, from `today` on, or the day of the checkpoint that
  // covers them if this machine's clock is behind it; they go kWithdrawalHoldDays later. What waits
  // for a log since kMostWaitingDays locks no more: it is a claim.
  Result<std::vector<Withdrawal>> note_new(Day today);
  // Lengthens one. kNotFound: there is no signed withdrawal of it; kRefused: it would not be
  // longer, or too long, or there is no reason; kConflict: it is erased.
  Result<Day> hold(const ReportId& report, Day until, std::string_view reason, Day today);
  // May decide, and decides, one that is unsaid, claimed, forged or disputed. kNotFound: there is
  // none, or nothing of its report is here; kRefused: it is signed, or the next checkpoint decides,
  // or it was signed once and would stay, or there is no reason; kConflict: it is settled so.
  // Whoever calls it puts the reason into the journal, in one transaction; erase_due() erases.
  Status may_settle(const ReportId& report, bool erase);
  Status settle(const ReportId& report, bool erase, std::string_view reason, Day today);
  Result<std::optional<Settlement>> settled(const ReportId& report);
  // Erases what is due with all that belongs to it; says which. What the log says of it stays.
  // `noted`: called for each in the transaction that erases it, for the journal.
  using Noted = std::function<Status(const ReportId&)>;
  Result<std::vector<ReportId>> erase_due(Day today, const Noted& noted = {});

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
  struct LogDays {
    std::map<std::string, Day> checkpoints, restarts;
  };
  Result<LogDays> log_days();
  Result<Withdrawal> one(const ReportId& report, const LogDays& days);
  Result<std::optional<Withdrawal>> known(const ReportId& report);
  Result<std::set<std::string>> kept_purposes(const ReportId& report);
  Status keep_purposes(const Withdrawal& one);
  Status erase(const ReportId& report, const Noted& noted);
  struct Waited {
    Day since;
    bool over = false;
  };
  Result<std::optional<Waited>> waited(const ReportId& report);
  Status keep_settled(const ReportId& report, const Settlement& settlement);
  Status bound_waiting(const ReportId& report, Day today);
  Vault& vault_;
};

}  // namespace resguardo::analyst
