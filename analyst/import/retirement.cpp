// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/retirement.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "analyst/import/vault_shelf.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

constexpr const char* kVault = "vault";
constexpr std::size_t kMostNamed = 3;
constexpr auto kLongestSegment = std::chrono::hours(24);

std::string name_of(const std::string& origin) {
  return origin.empty() ? "a server without a log" : "log " + origin;
}

Outcome<Done> check_over(Week week, TimePoint now) {
  if (now >= start_of(monday_of(Week{week.number + 1})) + kLongestSegment) return Done{};
  return Problem{to_string(week),
                 "is not over, or for less than a day: what is told may still be sealed to it",
                 "this machine's clock says " + to_string(day_of(now))};
}

Outcome<std::string> newest_origin(Vault& vault) {
  RESGUARDO_TRY(const RosterShelf shelf, at(kVault, shelf_of(vault)));
  if (shelf.empty())
    return Problem{kVault, "holds no roster, so nobody knows which servers there are",
                   "import the newest bundle"};
  const std::string origin = shelf.entries().back().roster.log_origin();
  if (origin.empty())
    return Problem{kVault, "the newest roster names no log: nothing can say that a week is closed",
                   "the authority puts the server's log into the next roster"};
  return origin;
}

// Every log whose server may hold something of the week.
Outcome<std::set<std::string>> logs_to_ask(Vault& vault, VaultLog& log, const Retirement& wanted) {
  RESGUARDO_TRY(const std::string newest, newest_origin(vault));
  std::set<std::string> origins = {newest};
  RESGUARDO_TRY(const auto kept, at(kVault, log.all()));
  for (const KeptCheckpoint& one : kept) origins.insert(one.origin);
  RESGUARDO_TRY(const auto imported, at(kVault, log.origins()));
  origins.insert(imported.begin(), imported.end());
  for (const std::string& origin : wanted.gone) {
    if (origin == newest)
      return program::usage_problem("--gone", "names the log of the newest roster: it is in use",
                                    "import the roster that names another first");
    if (origins.erase(origin) == 0)
      return program::usage_problem("--gone", "names no log that this vault knows");
  }
  return origins;
}

Outcome<Done> check_named(const std::string& where, const std::vector<ReportId>& reports,
                          const std::string& what) {
  if (reports.empty()) return Done{};
  std::string names;
  for (std::size_t i = 0; i < std::min(reports.size(), kMostNamed); ++i)
    names.append(i == 0 ? "" : ", ").append(to_hex(reports[i].view()));
  if (reports.size() > kMostNamed)
    names.append(" and ").append(std::to_string(reports.size() - kMostNamed)).append(" more");
  return Problem{where, what + names, "import the bundles that hold them, with these keys"};
}

Outcome<Done> check_log_of(const std::string& origin, VaultLog& log, const Retirement& wanted,
                           const std::vector<ClosedWeek>& closed) {
  const std::string week = to_string(wanted.week);
  const auto said = std::ranges::find(closed, origin, &ClosedWeek::origin);
  if (said == closed.end()) {
    RESGUARDO_TRY(const auto kept, at(kVault, log.kept(origin)));
    return Problem{name_of(origin),
                   kept ? "does not say that week " + week +
                              " is closed; its last checkpoint here "
                              "is of " +
                              to_string(kept->day)
                        : "no checkpoint of it was verified here, so nothing says that week " +
                              week + " is closed",
                   "import its newest bundle; of a server that is no more, see --gone"};
  }
  RESGUARDO_TRY(const auto missing, at(kVault, log.missing(origin, said->upto, wanted.reader)));
  return check_named(name_of(origin), missing,
                     "names reports that are not here whole, or that these keys did not open: ");
}

}  // namespace

Outcome<Done> check_retirement(Vault& vault, const Retirement& wanted, TimePoint now) {
  RESGUARDO_CHECK(check_over(wanted.week, now));
  VaultLog log(vault);
  RESGUARDO_TRY(const auto origins, logs_to_ask(vault, log, wanted));
  RESGUARDO_TRY(const auto closed, at(kVault, log.closed(wanted.week)));
  for (const std::string& origin : origins)
    RESGUARDO_CHECK(check_log_of(origin, log, wanted, closed));
  RESGUARDO_TRY(const auto unread, at(kVault, log.unread(wanted.week, wanted.reader)));
  return check_named(kVault, unread,
                     "holds segments of week " + to_string(wanted.week) +
                         " that these keys did not open to their end, of reports ");
}

}  // namespace resguardo::analyst
