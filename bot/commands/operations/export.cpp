// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_export.h"
#include "bot/commands/last_export.h"
#include "bot/commands/log_days.h"
#include "bot/commands/operations.h"
#include "bot/intake/epochs.h"

namespace resguardo::commands {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

Outcome<Done> large_enough(const Owner& owner, std::uint64_t split, const ExportScope& scope) {
  if (split == 0) return Done{};
  RESGUARDO_TRY(const auto least, at("the store", smallest_part(owner.store(), owner.now, scope)));
  if (split >= least) return Done{};
  return program::usage_problem("--split",
                                std::to_string(split) +
                                    " bytes are too few for the largest segment, or a piece of "
                                    "a file, which is in one part, beside the rosters, forms and "
                                    "the log",
                                "give at least " + std::to_string(least));
}

// A checkpoint is for ever: under a clock that the bot would not believe there is none.
Status close_day(const Owner& owner) {
  storage::Store& store = owner.store();
  RESGUARDO_TRY(const auto epochs, intake::stored_epochs(store));
  if (epochs && intake::clock_state(epochs->epoch.day, owner.now) != intake::ClockState::kBelieved)
    return Error{Fault::kStale, "this machine's clock is not believed (resguardo-bot clock)"};
  RESGUARDO_CHECK(intake::log_closed_week(store));
  return close_log_day(store, owner.log_key, day_of(owner.now));
}

// What the analysts have: the checkpoint that was given, if this log made it.
Outcome<ExportScope> scope_of(const Owner& owner, const std::string& since) {
  ExportScope scope;
  if (since.empty()) return scope;
  RESGUARDO_TRY(scope.since, at("--since", own_checkpoint(owner.store(), owner.log_key, since),
                                "give what `resguardo-analyst log show` printed for this server"));
  return scope;
}

// After a restore the log has another name and key; analysts refuse what comes under the old one.
Outcome<Done> has_a_log(const Owner& owner) {
  RESGUARDO_TRY(const auto ended, at("the store", ended_logs(owner.store())));
  RESGUARDO_TRY(const auto origin,
                at("the store", own_log_origin(owner.store(), owner.log_key.public_key())));
  if (ended.empty() || !origin.empty()) return Done{};
  return Problem{owner.config.roster.path.string(),
                 "does not name the log that began when this server was restored",
                 "the authority signs a roster with another --log-origin and the --log-key " +
                     to_hex(owner.log_key.public_key().view()) +
                     ", then `resguardo-bot roster install`"};
}

Problem not_written(const Error& error, bool split) {
  return program::problem(error, "",
                          split ? "make room, or give a larger SIZE"
                                : "make room, or use --split SIZE where files may not be that "
                                  "large");
}

}  // namespace

operations::Result operations::export_reports(const Owner& owner,
                                              const pb::ControlRequest::Export& request,
                                              const control::NextPart& next) {
  RESGUARDO_CHECK(has_a_log(owner));
  RESGUARDO_TRY(const auto scope, scope_of(owner, request.since()));
  pb::ControlResult result;
  auto& done = *result.mutable_export_();
  // Reports leave also when their log cannot be signed: their entries then go as waiting.
  if (const Status closed = close_day(owner); !closed.ok())
    done.set_no_checkpoint(closed.error().why.c_str());
  RESGUARDO_CHECK(large_enough(owner, request.split(), scope));
  PartPlan plan;
  plan.next = next;
  if (request.split() > 0) plan.bytes = request.split();
  const auto totals = write_parts(owner.store(), owner.now, owner.ids, plan, scope);
  if (!totals.ok()) return not_written(totals.error(), request.split() > 0);
  done.set_reports(totals->reports);
  done.set_segments(totals->segments);
  done.set_rows(totals->rows);
  done.set_unreadable(totals->unreadable);
  done.set_files(totals->files);
  done.set_unreadable_files(totals->unreadable_files);
  RESGUARDO_TRY(const auto checkpoint, at("the store", owner.store().last_checkpoint()));
  if (checkpoint) {
    done.set_has_checkpoint(true);
    done.set_log_entries(checkpoint->size);
    done.set_checkpoint_day(checkpoint->day.number);
  }
  if (request.since().empty())
    RESGUARDO_CHECK(at("the store", note_export(owner.store(), day_of(owner.now))));
  return result;
}

}  // namespace resguardo::commands
