// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/upkeep.h"

#include "bot/intake/closing.h"

namespace resguardo::commands {
namespace {

constexpr std::int32_t kDeliveriesKeptDays = 9;

}  // namespace

bool Upkeep::run(TimePoint now) {
  const auto unmoved = [this] {
    const auto reports = parts_.store.unmoved_reports();
    return reports.ok() && *reports > 0;
  };
  // Under a clock that nobody believes nothing is ended, destroyed or closed.
  if (parts_.gate.clock(now) != intake::ClockState::kBelieved) return unmoved();
  static_cast<void>(parts_.epochs.run(now));
  parts_.intake.forget_silent(now, parts_.idle_timeout);
  const auto silent =
      intake::end_silent_reports(parts_.store, parts_.idle_timeout, now, parts_.ids);
  if (parts_.gate.over(now)) intake::end_all_reports(parts_.store, now, parts_.ids);
  parts_.log.run(now);
  sweep(day_of(now));
  return silent.left > 0 || unmoved();
}

void Upkeep::sweep(Day today) {
  if (swept_ == today) return;
  const bool keys = parts_.people.forget_days(today, parts_.idle_timeout).ok();
  const Day oldest{today.number - kDeliveriesKeptDays};
  if (parts_.store.forget_deliveries_before(oldest).ok() && keys) swept_ = today;
}

}  // namespace resguardo::commands
