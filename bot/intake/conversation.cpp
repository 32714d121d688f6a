// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/conversation.h"

#include <utility>

namespace resguardo::intake {

void Conversation::start_over() {
  loaded = true;
  awake = true;
  as_stored = false;
  state.Clear();
  tag.reset();
  counter = 0;
  unjoined.reset();
  uncertain.reset();
  uncertain_receipt.reset();
  uncertain_end.reset();
  wipe_owed = false;
  returned.reset();
  link_offer.reset();
  sealer.drop();
}

std::optional<Pending> next_in_line(Conversation& conversation) {
  const std::lock_guard lock(conversation.mutex);
  if (conversation.line.empty()) {
    conversation.busy = false;
    return std::nullopt;
  }
  std::optional<Pending> next(std::move(conversation.line.front()));
  conversation.line.pop_front();
  return next;
}

}  // namespace resguardo::intake
