// SPDX-License-Identifier: AGPL-3.0-or-later
// What people decide of withdrawals: to hold one longer, or what nobody verified.
#include <algorithm>

#include "analyst/vault/vault_withdrawals.h"

namespace resguardo::analyst {
namespace {

bool is_one_line(std::string_view reason) {
  return !reason.empty() && reason.size() <= kMostHoldReason &&
         reason.find('\n') == std::string_view::npos;
}

// Why it is not to be settled so.
Status may_settle_so(const Withdrawal& one, bool erase) {
  if (one.is_signed())
    return Error{Fault::kRefused, "its reporter signed it: it goes when its hold ends"};
  if (one.verdict.everything == WithdrawalStanding::kWaiting)
    return Error{Fault::kRefused, "the log's next checkpoint decides: import the next bundle"};
  if (one.settled_to_go() || (one.settled_to_stay() && !erase))
    return Error{Fault::kConflict, "it is settled so already"};
  if (one.seen && !erase)
    return Error{Fault::kRefused,
                 "its reporter took it back, signed, when it was first seen: it stays locked"};
  return success();
}

}  // namespace

Result<Day> VaultWithdrawals::hold(const ReportId& report, Day until, std::string_view reason,
                                   Day today) {
  RESGUARDO_TRY(const auto one, known(report));
  if (!one || (!one->is_signed() && !one->seen))
    return Error{Fault::kNotFound, "no signed withdrawal of this report is here"};
  if (one->erased) return Error{Fault::kConflict, "it is erased already"};
  RESGUARDO_TRY(auto days, kept(report));
  const Day seen = std::max(today, one->logged.value_or(today));
  if (!days) days = Kept{seen, Day{seen.number + kWithdrawalHoldDays}, false, ""};
  if (until <= days->until || until.number > today.number + kMostHoldDays)
    return Error{Fault::kRefused, "a hold ends later than before, and within 366 days from now"};
  if (!is_one_line(reason))
    return Error{Fault::kRefused, "a hold has a reason, of one line and at most 1,000 bytes"};
  days->until = until;
  days->reasons +=
      to_string(today) + " until " + to_string(until) + ": " + std::string(reason) + "\n";
  RESGUARDO_CHECK(keep(report, *days));
  return until;
}

Result<std::optional<Withdrawal>> VaultWithdrawals::known(const ReportId& report) {
  RESGUARDO_TRY(const auto all_known, all());
  const auto found = std::ranges::find(all_known, report, &Withdrawal::report);
  return found == all_known.end() ? std::nullopt : std::optional(*found);
}

Status VaultWithdrawals::may_settle(const ReportId& report, bool erase) {
  RESGUARDO_TRY(const auto one, known(report));
  if (!one || !one->here || (one->verdict.everything == WithdrawalStanding::kNone && !one->seen))
    return Error{Fault::kNotFound, "nobody says that it was taken back, or it is not here"};
  return may_settle_so(*one, erase);
}

Status VaultWithdrawals::settle(const ReportId& report, bool erase, std::string_view reason,
                                Day today) {
  RESGUARDO_CHECK(may_settle(report, erase));
  if (!is_one_line(reason))
    return Error{Fault::kRefused, "what is settled has a reason of one line, 1,000 bytes at most"};
  RESGUARDO_TRY(const auto one, known(report));
  return keep_settled(report, {today, erase, one->verdict.everything});
}

}  // namespace resguardo::analyst
