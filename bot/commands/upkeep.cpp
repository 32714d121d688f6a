// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/upkeep.h"

#include <malloc.h>

#include "bot/commands/retention.h"
#include "bot/intake/closing.h"

namespace resguardo::commands {
namespace {

constexpr std::int32_t kDeliveriesKeptDays = 9;
constexpr std::chrono::minutes kQuiet{1};
constexpr std::size_t kCrowd = 256;
// A turnover that fails has perhaps copied all there is: not every minute.
constexpr std::chrono::minutes kBetweenTurnovers{15};

}  // namespace

bool Upkeep::run(TimePoint now) {
  const auto unmoved = [this] {
    const auto reports = parts_.store.unmoved_reports();
    return reports.ok() && *reports > 0;
  };
  // Whether the disk takes something again is seen also while nobody writes.
  if (parts_.store.health().unwritable) static_cast<void>(parts_.store.try_to_write());
  // Under a clock that nobody believes nothing is ended, destroyed or closed.
  if (parts_.gate.clock(now) != intake::ClockState::kBelieved) return unmoved();
  static_cast<void>(parts_.epochs.run(now));
  parts_.intake.forget_silent(now, parts_.idle_timeout);
  // What a crowd left behind lies in many small pieces: whole pages of them go back to the system.
  if (parts_.intake.pack_quiet(now - kQuiet) >= kCrowd) malloc_trim(0);
  const auto silent =
      intake::end_silent_reports(parts_.store, parts_.idle_timeout, now, parts_.ids);
  if (parts_.gate.over(now)) intake::end_all_reports(parts_.store, now, parts_.ids);
  parts_.log.run(now);
  sweep(day_of(now));
  expire(day_of(now));
  turn_over_journal(now);
  return silent.left > 0 || unmoved();
}

void Upkeep::expire(Day today) {
  if (expired_ == today) {
    static_cast<void>(parts_.store.erase({}));  // what a command began and a full disk cut short
    return;
  }
  const auto roster = parts_.gate.roster();
  if (!roster) return;
  if (expire_reports(parts_.store, *roster, parts_.retention, today, parts_.ids).ok())
    expired_ = today;
}

void Upkeep::sweep(Day today) {
  if (swept_ == today) {
    if (parts_.links != nullptr) static_cast<void>(parts_.links->retry().ok());
    return;
  }
  const bool links = parts_.links == nullptr || parts_.links->sweep(today).ok();
  const bool keys = parts_.people.forget_days(today, parts_.idle_timeout).ok();
  const Day oldest{today.number - kDeliveriesKeptDays};
  const bool files = parts_.store.sweep_media().ok();
  if (parts_.store.forget_deliveries_before(oldest).ok() && keys && files && links) swept_ = today;
}

// Last, so that what has ended, and what is too old, is not copied any more.
void Upkeep::turn_over_journal(TimePoint now) {
  const Day today = day_of(now);
  if (journal_ == today || (journal_stays_ && now < next_try_)) return;
  const auto oldest = intake::oldest_day(today, parts_.idle_timeout);
  journal_stays_ = !parts_.store.turn_over_journal(today, oldest).ok();
  next_try_ = now + kBetweenTurnovers;
  if (journal_stays_) return;
  journal_ = today;
  malloc_trim(0);  // what a start, or the copy of a journal, had for a while
}

}  // namespace resguardo::commands
