// SPDX-License-Identifier: AGPL-3.0-or-later
// What is asked of strangers before their turn: whether all of them together leave room for it.
#include <utility>

#include "bot/intake/turn.h"

namespace resguardo::intake {

// The store knows them, or will once their turn is there; or they have come back, or are owed
// something.
bool Turn::is_known() const {
  const Conversation& c = *conversation_;
  return c.tag || report_open() || report_waits() || c.returned || c.receipt || c.lost_receipt ||
         c.wipe_owed;
}

void Turn::begin() {
  if (!services_.allowances || !said_ || is_known()) return go_on();
  const Conversation& c = *conversation_;
  const bool is_first = c.turns == 0 && c.heard.empty();
  const unsigned cost = cost_of(pending_.event);
  const auto wait = services_.allowances->let_in(
      person(), {pending_.event.sender().channel, cost, is_first}, pending_.now);
  if (!wait) {
    services_.allowances->give_back(person(), cost);
    ++counters_.strangers_refused;
    pass_file_on(Outcome::kRefused);
    pending_.done(Outcome::kRefused, [] {});
    return ended_(conversation_);
  }
  if (*wait == std::chrono::milliseconds(0) || !services_.after) return go_on();
  services_.after(
      *wait, [self = shared_from_this()] { self->services_.later([self] { self->go_on(); }); });
}

}  // namespace resguardo::intake
