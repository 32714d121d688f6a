// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/log_verdict.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include "crypto/format/media_layout.h"
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

// Entries of addenda, until an addendum that fits is found.
using Unclaimed = std::multiset<Digest>;

bool claim(Unclaimed& entries, const Digest& digest) {
  const auto found = entries.find(digest);
  if (found == entries.end()) return false;
  entries.erase(found);
  return true;
}

bool claimed(Unclaimed& entries, const SealedPart& addendum) {
  const std::array chain = {addendum.chain};
  if (claim(entries, report_digest(chain))) return true;  // its file is lost
  if (addendum.brings == AddendumBrings::kNothing) return false;
  return std::ranges::any_of(addendum.files, [&](const Digest& file) {
    return claim(entries, report_digest(chain, std::array{file}));
  });
}

// A day's entries lie in random order: what came before its beginning is tried again.
std::size_t cover_later(Unclaimed& entries, std::span<const Digest> chains, std::size_t covered) {
  while (const auto more = chains_covered(chains.subspan(covered), entries)) {
    covered += more->chains;
    entries.erase(entries.find(more->digest));
  }
  return covered;
}

// False: one of them is not as it was logged.
bool addenda_fit(std::span<const SealedPart> addenda, Unclaimed entries, LogFinding& finding) {
  std::size_t other = 0;
  for (const SealedPart& addendum : addenda) {
    if (claimed(entries, addendum)) continue;
    const bool compared = addendum.whole_file || addendum.brings == AddendumBrings::kNothing;
    ++(compared ? other : finding.files_absent);
    if (!compared && addendum.brings == AddendumBrings::kUnknown) ++finding.unread;
  }
  // Each of those that are not compared has one of the entries that are left.
  const std::size_t theirs = finding.files_absent + other;
  finding.addenda_absent = entries.size() - std::min(entries.size(), theirs);
  return other == 0 && finding.files_absent <= entries.size();
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

LogFinding check_log(std::span<const LogFact> entries, std::span<const SealedPart> parts) {
  LogFinding finding;
  std::vector<Digest> chains;
  for (const SealedPart& part : parts)
    if (part.index < kFirstAddendum) chains.push_back(part.chain);
  Unclaimed addenda;
  std::size_t covered = 0;
  std::size_t logged = 0;
  bool whole_report = false;  // an entry says that there is one
  std::set<std::pair<LogKind, Digest>> said;
  for (const LogFact& entry : entries) {
    finding.withdrawal_claimed = finding.withdrawal_claimed || entry.kind == LogKind::kWithdrawal;
    // A restored server says again, in a log of its own, what the one before said.
    if (!covers(entry.kind) || !said.emplace(entry.kind, entry.digest).second) continue;
    if (++logged > kMostEntries) continue;
    whole_report = whole_report || entry.kind != LogKind::kAddendum;
    const std::size_t before = std::exchange(covered, covered_after(entry, chains, covered));
    if (covered == before && entry.kind == LogKind::kAddendum) addenda.insert(entry.digest);
  }
  covered = cover_later(addenda, chains, covered);
  const bool fit = addenda_fit(parts.subspan(chains.size()), std::move(addenda), finding);
  const bool here = !chains.empty() || !whole_report;
  if (logged > 0)
    finding.verdict =
        fit && here && covered == chains.size() ? LogVerdict::kFits : LogVerdict::kDiffers;
  return finding;
}

}  // namespace resguardo::analyst
