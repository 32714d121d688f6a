// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/log_restart.h"

#include "bot/intake/epochs.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

std::string entries(std::uint64_t size, Day day) {
  return std::to_string(size) + " entries, of " + to_string(day);
}

Result<Checkpoint> signed_checkpoint(std::string_view text, const PublicKey<LogRole>& key) {
  RESGUARDO_TRY(auto note, parse_checkpoint(text));
  if (!verify_checkpoint(note, key))
    return Error{Fault::kUnauthentic,
                 "is not signed by the log key of the server that made the "
                 "backup"};
  return std::move(note.checkpoint);
}

// Analysts have less than the backup: nothing is lost, unless somebody has more after all.
Outcome<LogEnd> end_of_backup(const OldLog& old, const HeldCheckpoint& held, Day day) {
  if (!held.none_newer)
    return Problem{
        held.where,
        "is of " + to_string(day) + ", and the backup is newer: its log has " +
            entries(old.size, old.day),
        "ask every analyst for the newest: `resguardo-analyst log show`; if nobody has a "
        "newer one, give --none-newer"};
  return LogEnd{old.note, old.size, 0};
}

}  // namespace

Result<OldLog> read_old_log(storage::Store& store, const std::string& origin,
                            const PublicKey<LogRole>& key) {
  OldLog old;
  old.origin = origin;
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  old.waiting = waiting.size();
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  CompactTree tree;
  if (last) {
    RESGUARDO_CHECK(store.logged(0, last->size, [&](std::uint64_t, ByteView entry) {
      tree.append(leaf_hash(entry));
      return success();
    }));
    RESGUARDO_TRY(old.last, signed_checkpoint(last->note, key));
    if (old.last->size != tree.size() || old.last->root != tree.root())
      return Error{Fault::kMalformed, "the log in the backup is not what its checkpoint signs"};
    old.note = last->note;
    old.day = last->day;
    old.size = last->size;
  }
  old.root = tree.root();
  return old;
}

Outcome<LogEnd> judge_end(const OldLog& old, const HeldCheckpoint& held,
                          const PublicKey<LogRole>& key) {
  if (held.text.empty() && held.none_newer) return LogEnd{old.note, old.size, 0};
  if (held.text.empty())
    return program::usage_problem("--checkpoint", "is missing",
                                  "ask each of them for `resguardo-analyst log show` and give the "
                                  "newest; if nobody holds any "
                                  "that is newer than the backup, --none-newer");
  RESGUARDO_TRY(const auto extension,
                program::at(held.where, parse_log_extension(held.text),
                            "give what `resguardo-analyst log show` printed"));
  RESGUARDO_TRY(const auto now,
                program::at(held.where, signed_checkpoint(extension.checkpoint, key),
                            "it is of another server, or of another time of this "
                            "one: ask for that of log " +
                                old.origin));
  const auto day = checkpoint_day(now);
  if (!day || (!old.origin.empty() && now.origin != old.origin))
    return Problem{held.where, "is of log " + now.origin + ", and the backup of " + old.origin,
                   "ask for the checkpoint of that log"};
  if (now.size < old.size || (old.last && *day < old.day)) return end_of_backup(old, held, *day);
  if (!extends(extension, old.size, old.root)) {
    if (extension.old_size != old.size)
      return Problem{held.where,
                     "has " + entries(now.size, *day) + ", the backup " + std::to_string(old.size) +
                         ": that the one goes on from the other is not "
                         "proven",
                     "ask that analyst for `resguardo-analyst log show --extends " +
                         std::to_string(old.size) + "`"};
    return Problem{held.where,
                   "does not go on from the log in the backup: two histories of one log",
                   "keep both, tell the authority and every analyst: docs/incidents/log-forked.md"};
  }
  const std::uint64_t more = now.size - old.size;
  return LogEnd{extension.checkpoint, now.size, more - std::min(more, old.waiting)};
}

Result<std::vector<Bytes>> entries_of_new_log(storage::Store& store, const LogEnd& end, Day day,
                                              RandomSource& salts) {
  // The last EPOCH_CLOSED is logged again whenever a server starts, as the store has it.
  RESGUARDO_CHECK(intake::log_closed_week(store));
  RESGUARDO_TRY(const auto epochs, intake::stored_epochs(store));
  std::vector<Bytes> all{make_restart_entry(end.note, day, salts)};
  std::optional<Bytes> leaf;
  const auto say_again = [&](ByteView entry) -> Status {
    RESGUARDO_TRY(auto again, log_entry_again(entry, day, salts));
    if (epochs && !epochs->leaf.empty() && equal(entry, epochs->leaf)) leaf = again;
    all.push_back(std::move(again));
    return success();
  };
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  if (last)
    RESGUARDO_CHECK(store.logged(0, last->size,
                                 [&](std::uint64_t, ByteView entry) { return say_again(entry); }));
  for (const Bytes& entry : waiting) RESGUARDO_CHECK(say_again(entry));
  if (leaf) RESGUARDO_CHECK(intake::replace_leaf(store, *leaf));
  return all;
}

}  // namespace resguardo::commands
