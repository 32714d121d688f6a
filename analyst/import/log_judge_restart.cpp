// SPDX-License-Identifier: AGPL-3.0-or-later
// What a LogJudge makes of a log that a restored server began anew (docs/adr/135).
#include "analyst/import/log_judge.h"
#include "program/terminal.h"

namespace resguardo::analyst {

using program::at;
using program::Outcome;

Outcome<Done> LogJudge::judge_restart() {
  if (restart_.empty()) return Done{};
  const auto fact = parse_log_entry(restart_);
  const auto text = restart_checkpoint(restart_);
  if (!fact.ok() || !text.ok()) return refuse("it begins with a RESTART that is none");
  found_.restart = LogRestart{};
  found_.restart->day = fact->day;
  if (text->empty()) return Done{};
  const auto note = parse_checkpoint(*text);
  const auto day = note.ok() ? checkpoint_day(note->checkpoint) : std::nullopt;
  if (!day || note->checkpoint.origin == found_.origin)
    return refuse("it goes on from a checkpoint that is none of another log");
  if (shelf_ != nullptr && !log_signed(*note))
    return refuse("it goes on from a checkpoint that is signed by a key no roster names");
  found_.restart->before = note->checkpoint;
  found_.restart->ended = *day;
  return fit_restart(note->checkpoint);
}

// The log before is over; what this vault has of it must be how it was.
Outcome<Done> LogJudge::fit_restart(const Checkpoint& before) {
  if (known_ == nullptr) return Done{};
  RESGUARDO_TRY(const auto kept, at("vault", known_->kept(before.origin)));
  if (!kept) return Done{};
  LogRestart& restart = *found_.restart;
  if (before.size > kept->size) {
    restart.fit = LogRestart::Fit::kLonger;
    return Done{};
  }
  CompactTree tree;
  RESGUARDO_CHECK(at(
      "vault", known_->leaves(before.origin, before.size, [&](std::uint64_t, const Digest& leaf) {
        tree.append(leaf);
        return success();
      })));
  if (tree.root() != before.root)
    return refuse("the log forked: it goes on from log " + program::visible(before.origin) +
                  " as it was with " + std::to_string(before.size) +
                  " entries, and this vault has others");
  restart.more = kept->size - before.size;
  restart.fit = restart.more > 0 ? LogRestart::Fit::kShorter : LogRestart::Fit::kSame;
  return Done{};
}

}  // namespace resguardo::analyst
