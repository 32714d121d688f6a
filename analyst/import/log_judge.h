// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault_log.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "program/problem.h"
#include "proto/bundle.pb.h"

namespace resguardo::analyst {

enum class LogFate : std::uint8_t {
  kUnsigned,   // no checkpoint: what there is waits for one
  kFirst,      // the first of this log that we see
  kSame,       // what we knew
  kGrown,      // what we knew, and more
  kOlder,      // from before what we know, and part of it
  kContinues,  // goes on from the checkpoint of its `since`, which we did not know
};

// What a log says of the one before it, which a restore ended (docs/adr/135), and how that fits
// what this vault has of it.
struct LogRestart {
  enum class Fit : std::uint8_t {
    kUnknown,  // nothing is known of that log here, or there was none
    kSame,     // it ends there for us, too
    kLonger,   // it knows more than we do
    kShorter,  // we know more than it: `more` entries
  };
  Day day;  // of the restart
  std::optional<Checkpoint> before;
  Day ended;  // the day of that checkpoint
  Fit fit = Fit::kUnknown;
  std::uint64_t more = 0;
};

// What a bundle shows of a log, all of it consistent.
struct LogFindings {
  std::string origin;
  std::uint64_t entries = 0;  // in their places
  std::uint64_t waiting = 0;  // for a checkpoint
  LogFate fate = LogFate::kUnsigned;
  std::optional<Checkpoint> checkpoint;
  Day day;                             // of the checkpoint
  bool signature_checked = false;      // false: there were no rosters to check it with
  std::vector<std::string> witnesses;  // labels of the rosters' witnesses who signed it too
  std::optional<KeptCheckpoint> next;  // what the vault keeps from now on; nothing: as before
  std::optional<LogRestart> restart;   // it began anew
  std::vector<LogPromise> broken;      // shown before, due, and not in the log
  // Set: it begins behind this checkpoint, which the vault has not reached. Nothing was judged.
  std::optional<Checkpoint> behind;
};

// Judges the log of one bundle: against its own checkpoint, against the rosters, and against what
// the vault has verified before. Entries one by one, O(log n) memory beside the promises.
//
// Refuses, with one line that says what: a checkpoint that no believed roster's log key signed for
// this origin; entries that are missing, altered, moved, dated before their predecessors or after
// their checkpoint; a log that shrank; a log that forked (the checkpoint is signed, and still not
// a continuation of what we saw); a log that says it goes on from another, and that one was
// otherwise than we saw it. Signed or not, nothing is believed that is not consistent. WARNING:
// cannot know what a server never logged, nor what it shows to others.
class LogJudge {
 public:
  // `known`: nullptr: nothing is known. `shelf`: nullptr: signatures are not checked. Both
  // outlive it. `keeps`: what it finds is to be kept, so a bundle must begin where the vault ends.
  LogJudge(VaultLog* known, const RosterShelf* shelf, bool keeps)
      : known_(known), shelf_(shelf), keeps_(keeps) {}

  // In the bundle's order. An error is the vault's own.
  Status header(const pb::BundleHeader& header);
  Status entry(const pb::BundleLogEntry& entry, const LogFact& fact);
  void checkpoint(std::string_view note) { note_ = note; }
  // `where`: the bundle. After a damaged bundle's last whole frame too: then entries without a
  // checkpoint are taken as waiting.
  program::Outcome<LogFindings> conclude(const std::string& where, bool damaged);

 private:
  Status place(std::uint64_t index, const Digest& leaf, const LogFact& fact);
  Status start_at(std::uint64_t index);
  bool go_on_from_since(std::uint64_t index);
  Status compare_known(std::uint64_t index, const Digest& leaf);
  void check_date(std::uint64_t index, const LogFact& fact);
  void accuse(std::string what);
  program::Outcome<LogFindings> conclude_signed();
  program::Outcome<Done> check_signature(const CheckpointNote& note);
  bool log_signed(const CheckpointNote& note) const;
  program::Outcome<Done> check_tree(const Checkpoint& checkpoint);
  program::Outcome<Done> check_known(const Checkpoint& checkpoint);
  void judge_promises();
  program::Outcome<Done> judge_restart();
  program::Outcome<Done> fit_restart(const Checkpoint& before);
  program::Problem refuse(std::string what) const;

  VaultLog* known_;
  const RosterShelf* shelf_;
  bool keeps_;
  std::string where_;
  LogFindings found_;
  std::optional<CheckpointNote> since_;  // the bundle says that it begins behind this
  Bytes since_tree_;
  Bytes restart_;  // entry 0, if it is one
  std::optional<KeptCheckpoint> kept_;
  std::string note_;
  std::optional<std::string> accusation_;  // the first thing that was wrong
  bool contradicts_ = false;               // … in what we have seen before
  std::optional<CompactTree> tree_;        // from the first entry with a place on
  bool began_ = false;                     // tree_ holds all leaves before the first entry
  std::map<Digest, LogPromise> promises_;  // not yet seen in their places
  Day latest_;                             // entry so far
  std::uint64_t latest_index_ = 0;         // of an entry of that day
};

// For people: what is to be done about a bundle that came too early.
program::Problem behind_problem(const std::string& where, const LogFindings& found);

}  // namespace resguardo::analyst
