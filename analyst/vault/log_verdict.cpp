// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/log_verdict.h"

#include "crypto/log/segment_chain.h"

namespace resguardo::analyst {
namespace {

// Of one report. More are nobody's honest log, and each is compared with every segment.
constexpr std::size_t kMostEntries = 1000;

bool covers(LogKind kind) {
  return kind == LogKind::kReport || kind == LogKind::kIncomplete || kind == LogKind::kAddendum;
}

// How many segments are covered after this entry; unchanged if it fits none.
std::size_t covered_after(const LogFact& entry, std::span<const Digest> chains,
                          std::size_t covered) {
  for (const std::size_t from : {std::size_t{0}, covered})
    if (const auto fitting = chains_covered(chains.subspan(from), entry.digest); fitting)
      return from + *fitting;
  return covered;
}

}  // namespace

bool concerns_report(const LogFact& fact) {
  return covers(fact.kind) || fact.kind == LogKind::kWithdrawal ||
         fact.kind == LogKind::kConsentChange || fact.kind == LogKind::kExpired;
}

bool names_report(std::span<const LogFact> entries) {
  bool named = false;
  for (const LogFact& entry : entries) {
    if (entry.kind == LogKind::kWithdrawal || entry.kind == LogKind::kExpired) return false;
    named = named || covers(entry.kind);
  }
  return named;
}

LogFinding check_log(std::span<const LogFact> entries, std::span<const Digest> chains) {
  LogFinding finding;
  std::size_t covered = 0;
  std::size_t logged = 0;
  for (const LogFact& entry : entries) {
    finding.withdrawal_claimed = finding.withdrawal_claimed || entry.kind == LogKind::kWithdrawal;
    if (!covers(entry.kind)) continue;
    if (++logged <= kMostEntries) covered = covered_after(entry, chains, covered);
  }
  if (logged > 0)
    finding.verdict = covered == chains.size() ? LogVerdict::kFits : LogVerdict::kDiffers;
  return finding;
}

}  // namespace resguardo::analyst
