// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "analyst/vault/vault_log.h"

namespace resguardo::analyst {

// What stands behind "the reporter took it back".
enum class WithdrawalStanding : std::uint8_t {
  kNone,      // nobody says so
  kUnsaid,    // a restored server: it ended after the backup, by its reporter or by its time
  kClaimed,   // the server says so; no statement, or no key is logged to hold it against
  kForged,    // a statement that the report's key did not sign
  kDisputed,  // what the logs say of the report does not name one key
  kWaiting,   // signed with a key that only waits for its place, and no log has the report yet
  kSigned,    // with the key that the report's own entry names
};

struct WithdrawalVerdict {
  WithdrawalStanding everything = WithdrawalStanding::kNone;
  std::optional<Day> said;         // kSigned: the first such statement's day
  std::set<std::string> purposes;  // taken back, signed
  std::set<std::string> purposes_waiting;
  // Of what was said of purposes, the worst that is not signed.
  WithdrawalStanding purposes_unsigned = WithdrawalStanding::kNone;
  // A log has a receipt take the place of another, by a token that is none.
  bool forged_replacement = false;
};

// By the entries about one report, as VaultLog::about() gives them (docs/adr/164).
//
// A key is named by an entry that has its place in a log, and so was signed; of each log by the one
// that naming_entry() finds, or of a receipt that took its place (docs/adr/161). A log that has the
// report and names another key, or none, disputes what another log names. An entry that is merely
// promised names no key and disputes none: anybody can put one onto a stick. It counts as far as a
// key that is named signed it, else as a claim; but of a report that no log has yet, any promised
// key locks until a log has it: what is told and taken back on one day is locked at once, and
// nothing is erased on a promise.
WithdrawalVerdict judge_withdrawals(std::span<const VaultLog::Entry> entries);

// Whether a restored server found only that a report had ended, and nothing else says how: the
// statement went with the server, if there was one. `restarts`: on which day logs began anew.
bool ended_unsaid(std::span<const VaultLog::Entry> entries,
                  const std::map<std::string, Day>& restarts);

// Those of a report's segments that end with a receipt which took another's place: where answers go
// from then on. `chain`: their running digests.
struct SegmentChainOf {
  Digest segment;
  Digest chain;
};
std::set<Digest> segments_with_new_receipts(std::span<const SegmentChainOf> segments,
                                            std::span<const VaultLog::Entry> entries);

}  // namespace resguardo::analyst
