// SPDX-License-Identifier: AGPL-3.0-or-later
// What analysts have acknowledged, and what goes because of it.
#include "bot/commands/retention.h"

#include "bot/commands/acknowledgements.h"
#include "bot/commands/operations.h"
#include "bot/commands/sources.h"
#include "bot/intake/epochs.h"

namespace resguardo::commands {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

std::string mend_of(Fault fault) {
  switch (fault) {
    case Fault::kUnauthentic:
      return "compare fingerprints with whoever sent it; a member who was revoked counts no more";
    case Fault::kReplayed:
    case Fault::kNotFound:
      return "nothing needs to be done";
    case Fault::kStale:
      return "ask the member for a new one: `resguardo-analyst ack`";
    case Fault::kRefused:
      return "it belongs to another server, or to this one before it was restored: ask the member "
             "to import the newest bundle and to acknowledge that";
    case Fault::kMalformed:
    case Fault::kConflict:
    case Fault::kUnavailable:
      break;
  }
  return "";
}

void add(pb::ControlResult::Retention& page, const ReportExpiry& one) {
  auto& line = *page.add_reports();
  line.set_report(one.report.str());
  line.set_closed(one.closed.number);
  line.set_testimony(one.testimony);
  line.set_identity(one.identity);
  line.set_has_due(one.due.has_value());
  if (one.due) line.set_due(one.due->number);
}

}  // namespace

Outcome<VerifiedRoster> operations::roster_in_force(const Owner& owner) {
  RESGUARDO_TRY(auto loaded,
                load_roster(owner.config, &owner.store(), owner.now, RosterUse::kLook, owner.ids));
  if (loaded.roster) return std::move(*loaded.roster);
  if (loaded.expired) return *loaded.expired;
  return Problem{owner.config.roster.path.string(), "there is no roster in force",
                 "see `resguardo-bot check`"};
}

// What is counted in days is not counted under a clock that nobody believes.
Outcome<Done> operations::believed_clock(const Owner& owner) {
  RESGUARDO_TRY(const auto epochs, at("the store", intake::stored_epochs(owner.store())));
  if (!epochs || intake::clock_state(epochs->epoch.day, owner.now) == intake::ClockState::kBelieved)
    return Done{};
  return Problem{"the clock", "of this machine is not believed",
                 "`resguardo-bot clock` says how to confirm it"};
}

operations::Result operations::install_ack(const Owner& owner,
                                           const pb::ControlRequest::InstallAck& request) {
  RESGUARDO_CHECK(believed_clock(owner));
  RESGUARDO_TRY(const auto roster, roster_in_force(owner));
  const auto taken =
      take_acknowledgement(owner.store(), roster, as_bytes(request.file()), day_of(owner.now));
  if (!taken.ok())
    return program::problem(taken.error(), request.name(), mend_of(taken.error().fault));
  pb::ControlResult result;
  auto& said = *result.mutable_install_ack();
  said.set_member(taken->member);
  said.set_day(taken->day.number);
  said.set_reports(taken->reports);
  said.set_without_identity(taken->without_identity);
  said.set_partly(taken->partly);
  said.set_unknown(taken->unknown);
  return result;
}

operations::Result operations::retention(const Owner& owner,
                                         const pb::ControlRequest::Retention& request) {
  const Day today = day_of(owner.now);
  const auto& rules = owner.config.retention;
  RESGUARDO_CHECK(believed_clock(owner));
  RESGUARDO_TRY(const auto roster, roster_in_force(owner));
  pb::ControlResult result;
  auto& page = *result.mutable_retention();
  page.set_today(today.number);
  page.set_needed(rules.acknowledgements);
  page.set_hours(static_cast<std::uint32_t>(rules.acknowledged.count()));
  for (const auto& member : roster.members())
    if (member.active) page.set_active(page.active() + 1);
  if (!request.dry_run()) {
    RESGUARDO_TRY(const auto expired,
                  at("the store", expire_reports(owner.store(), roster, rules, today, owner.ids)));
    page.set_erased(expired.erased);
    page.set_left(expired.left);
  }
  RESGUARDO_TRY(const auto plan, at("the store", plan_retention(owner.store(), roster, rules)));
  for (const ReportExpiry& one : plan) add(page, one);
  return result;
}

}  // namespace resguardo::commands
