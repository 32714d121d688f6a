// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/log_check.h"

#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {
namespace {

bool covers(LogKind kind) {
  return kind == LogKind::kReport || kind == LogKind::kIncomplete || kind == LogKind::kAddendum;
}

// How many segments are covered after this entry; unchanged if it fits none.
std::size_t covered_after(const LogFact& entry, std::span<const Digest> chains,
                          std::size_t covered) {
  for (const std::size_t from : {std::size_t{0}, covered})
    for (std::size_t to = from + 1; to <= chains.size(); ++to)
      if (report_digest(chains.subspan(from, to - from)) == entry.digest) return to;
  return covered;
}

}  // namespace

bool concerns_report(const LogFact& fact) {
  return covers(fact.kind) || fact.kind == LogKind::kWithdrawal ||
         fact.kind == LogKind::kConsentChange || fact.kind == LogKind::kExpired;
}

LogFinding check_log(std::span<const LogFact> entries, std::span<const Digest> chains) {
  LogFinding finding;
  std::size_t covered = 0;
  bool logged = false;
  for (const LogFact& entry : entries) {
    finding.withdrawal_claimed = finding.withdrawal_claimed || entry.kind == LogKind::kWithdrawal;
    if (!covers(entry.kind)) continue;
    logged = true;
    covered = covered_after(entry, chains, covered);
  }
  if (logged) finding.verdict = covered == chains.size() ? LogVerdict::kFits : LogVerdict::kDiffers;
  return finding;
}

}  // namespace resguardo::analyst
