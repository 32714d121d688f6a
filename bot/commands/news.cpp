// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/news.h"

#include <utility>

namespace resguardo::commands {
namespace {

bool begins(bool now, bool& before) {
  return !std::exchange(before, now) && now;
}

}  // namespace

Told News::of(const RosterHealth& now) {
  Told told;
  if (begins(now.stuck, stuck_)) told.push_back(notices::error(kStuck).see(kCheck));
  if (begins(now.journal_stays, journal_stays_))
    told.push_back(notices::error(kJournalStays).see(kCheck));
  if (begins(now.store.damaged.has_value(), damaged_))
    told.push_back(notices::error(*now.store.damaged).see("`resguardo-bot check --deep`"));
  if (begins(now.memory.unlocked > 0, swapped_)) told.push_back(notices::warning(kUnlocked));
  const std::string reason = now.refuses ? now.refuses->c_str() : "";
  const std::string before = std::exchange(reason_, reason);
  if (reason == before) return told;
  if (now.refuses)
    told.push_back(notices::error("no new report is taken").because(*now.refuses).see(kCheck));
  else
    told.push_back(notices::info("new reports are taken again"));
  return told;
}

}  // namespace resguardo::commands
