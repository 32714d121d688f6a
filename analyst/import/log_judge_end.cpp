// SPDX-License-Identifier: AGPL-3.0-or-later
// A LogJudge's last word.
#include <algorithm>

#include "analyst/import/log_judge.h"
#include "crypto/log/cosignature.h"
#include "program/terminal.h"

namespace resguardo::analyst {

using program::Outcome;
using program::Problem;

namespace {

constexpr const char* kTell =
    "keep this bundle and the one before it, tell your colleagues and the authority, and read "
    "docs/incidents/log-forked.md; `log show` prints what you saw before";

std::string sized(std::uint64_t size, Day day) {
  return std::to_string(size) + " entries (checkpoint of " + to_string(day) + ")";
}

}  // namespace

Problem LogJudge::refuse(std::string what) const {
  return {where_, "log of " + program::visible(found_.origin) + ": " + std::move(what), kTell};
}

Problem behind_problem(const std::string& where, const LogFindings& found) {
  const auto day = checkpoint_day(*found.behind);
  return {where,
          "holds only what came after the checkpoint of " + (day ? to_string(*day) : "?") +
              ", of " + std::to_string(found.behind->size) +
              " entries, and this vault's log does not reach it",
          "import the bundles before it first"};
}

Outcome<LogFindings> LogJudge::conclude(const std::string& where, bool damaged) {
  where_ = where;
  if (!note_.empty()) return conclude_signed();
  if (damaged) {
    found_.waiting += std::exchange(found_.entries, 0);
    return found_;
  }
  if (kept_) return refuse("the log shrank: from " + sized(kept_->size, kept_->day) + " to none");
  if (found_.entries > 0) return refuse("entries of a log without a checkpoint");
  return found_;
}

Outcome<LogFindings> LogJudge::conclude_signed() {
  const auto note = parse_checkpoint(note_);
  if (!note.ok()) return refuse("holds a checkpoint that is none");
  const Checkpoint& checkpoint = note->checkpoint;
  if (checkpoint.origin != found_.origin)
    return refuse("its checkpoint is of another log: " + checkpoint.origin);
  const auto day = checkpoint_day(checkpoint);
  if (!day) return refuse("its checkpoint has no day");
  found_.day = *day;
  found_.checkpoint = checkpoint;
  std::uint64_t from = since_ ? since_->checkpoint.size : 0;
  if (kept_) from = std::max(from, kept_->size);
  if (!tree_) RESGUARDO_CHECK(program::at("vault", start_at(std::min(from, checkpoint.size))));
  if (found_.behind) return found_;
  RESGUARDO_CHECK(check_signature(*note));
  RESGUARDO_CHECK(check_tree(checkpoint));
  RESGUARDO_CHECK(check_known(checkpoint));
  RESGUARDO_CHECK(judge_restart());
  judge_promises();
  return found_;
}

bool LogJudge::log_signed(const CheckpointNote& note) const {
  return std::ranges::any_of(shelf_->entries(), [&](const RosterShelf::Entry& entry) {
    return names_signer(entry.roster, note);
  });
}

Outcome<Done> LogJudge::check_signature(const CheckpointNote& note) {
  if (shelf_ == nullptr) return Done{};
  found_.signature_checked = log_signed(note) && (!since_ || log_signed(*since_));
  if (!found_.signature_checked)
    return refuse("a checkpoint is signed by a key the roster does not name");
  for (const auto& witness : shelf_->entries().back().roster.witnesses())
    if (find_witness_signature(note, witness.key)) found_.witnesses.push_back(witness.label);
  return Done{};
}

// The bundle by itself: its entries are all there, make the root, and are dated before it.
Outcome<Done> LogJudge::check_tree(const Checkpoint& checkpoint) {
  const bool all = began_ && tree_->size() == checkpoint.size;
  const bool fits = all && tree_->root() == checkpoint.root;
  // What is signed and not what we saw before is another history.
  if (accusation_) return refuse((contradicts_ && fits ? "the log forked: " : "") + *accusation_);
  if (!all && tree_->size() < checkpoint.size)
    return refuse("entry " + std::to_string(tree_->size()) + " is missing: the checkpoint covers " +
                  std::to_string(checkpoint.size) + " entries");
  if (!all)
    return refuse("entry " + std::to_string(checkpoint.size) + " is not covered by the checkpoint");
  if (!fits)
    return refuse((kept_ ? "the log forked: the " : "an entry was altered: the ") +
                  std::to_string(checkpoint.size) +
                  " entries do not make the root that the checkpoint of " + to_string(found_.day) +
                  " signs");
  if (latest_ > found_.day)
    return refuse("entry " + std::to_string(latest_index_) + " is dated " + to_string(latest_) +
                  ", later than its checkpoint of " + to_string(found_.day));
  return Done{};
}

// What came before is in it.
Outcome<Done> LogJudge::check_known(const Checkpoint& checkpoint) {
  found_.fate = since_ && since_->checkpoint.size > 0 ? LogFate::kContinues : LogFate::kFirst;
  if (kept_) {
    const std::string before = sized(kept_->size, kept_->day);
    const std::string now = sized(checkpoint.size, found_.day);
    const bool fewer = checkpoint.size < kept_->size;
    if (fewer && found_.day >= kept_->day)
      return refuse("the log shrank: from " + before + " to " + now);
    if (checkpoint.size > kept_->size && found_.day <= kept_->day)
      return refuse("the log forked: " + before + ", and " + now);
    found_.fate = checkpoint.size > kept_->size ? LogFate::kGrown : LogFate::kSame;
    if (fewer || found_.day < kept_->day) found_.fate = LogFate::kOlder;
  }
  if (found_.fate == LogFate::kOlder) return Done{};
  // Witnesses that signed it since are kept beside the log's own signature.
  const bool same = kept_ && found_.fate == LogFate::kSame && found_.day == kept_->day;
  found_.next = KeptCheckpoint{found_.origin, checkpoint.size, found_.day, tree_->encode(),
                               same && kept_->note.size() > note_.size() ? kept_->note : note_};
  return Done{};
}

// A bundle of a day showed it: the first checkpoint of a later day covers it.
void LogJudge::judge_promises() {
  if (found_.fate == LogFate::kOlder) return;
  for (const auto& [leaf, promise] : promises_) {
    const auto fact = parse_log_entry(promise.entry);
    if (fact.ok() && found_.day > std::max(promise.day, fact->day))
      found_.broken.push_back(promise);
  }
}

}  // namespace resguardo::analyst
