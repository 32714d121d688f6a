// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/naming_entry.h"

#include <algorithm>

namespace resguardo {
namespace {

bool shows_report(const LogFact& fact) {
  return fact.kind == LogKind::kReport || fact.kind == LogKind::kIncomplete ||
         fact.kind == LogKind::kAddendum;
}

// A server's log may be dated a day behind (LogJudge): such a day is no later one.
bool disputes(const LogFact& fact, const LogFact& report) {
  if (fact.day > report.day) return false;
  return fact.kind == LogKind::kIncomplete ||
         (fact.kind == LogKind::kReport && fact.withdrawal_key_hash != report.withdrawal_key_hash);
}

}  // namespace

NamingEntry naming_entry(std::span<const LogFact> facts) {
  const auto report = std::ranges::find(facts, LogKind::kReport, &LogFact::kind);
  if (report == facts.end()) return {};
  const auto was_there = [&](const LogFact& fact) {
    return shows_report(fact) && fact.day != report->day;
  };
  if (std::any_of(facts.begin(), report, was_there)) return {};
  return {&*report,
          std::ranges::any_of(facts, [&](const LogFact& fact) { return disputes(fact, *report); })};
}

}  // namespace resguardo
