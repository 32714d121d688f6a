// SPDX-License-Identifier: AGPL-3.0-or-later
// What a turn begins with: the conversation as it is in memory, in the store, or in both together.
#include <utility>

#include "bot/intake/packed.h"
#include "bot/intake/turn.h"

namespace resguardo::intake {

// Brings the conversation into memory: from the store, or new.
Status Turn::load() {
  Conversation& c = *conversation_;
  if (c.uncertain) return settle_uncertain();
  if (c.loaded) return success();
  const bool was_here = c.unjoined != nullptr;
  RESGUARDO_CHECK(adopt(address()));
  const auto& also = pending_.event.sender().also_known;
  if (!c.loaded && also) RESGUARDO_CHECK(adopt(also->reveal()));
  if (!c.loaded) c.start_over();
  // Who was here since the start was looked for then, and what is only in memory is joined now: a
  // store that cannot be read must not lose it.
  if (was_here) return success();
  auto looked = find_lost_receipt();
  if (!looked.ok()) c.loaded = false;  // and nothing else is known of them
  return looked;
}

Status Turn::adopt(std::string_view address) {
  Conversation& c = *conversation_;
  RESGUARDO_TRY(auto found, services_.people.find(address));
  if (!found) return success();
  if (!c.unjoined) {
    c.sent.load(found->state);
    c.state = std::move(found->state);
    c.awake = false;
  } else if (!join(c, std::move(found->state), found->counter, *services_.glossary)) {
    ++counters_.read_anew;
    c.awake = false;
  }
  c.state.clear_sent();  // c.sent has them
  c.state.clear_sent_receipt();
  c.tag = found->tag;
  c.counter = found->counter;
  c.as_stored = true;
  c.loaded = true;
  return success();
}

// The last commit's fate was unknown: the store says now whether that turn is there.
Status Turn::settle_uncertain() {
  Conversation& c = *conversation_;
  RESGUARDO_TRY(auto found, services_.people.find(address()));
  const auto& also = pending_.event.sender().also_known;
  if (!found && also) {
    RESGUARDO_TRY(found, services_.people.find(also->reveal()));
  }
  if (found && found->counter == c.counter + 1) {
    c.state = std::move(*c.uncertain);
    c.tag = found->tag;
    c.counter = found->counter;
    recovered_ = true;
  } else if (!found && c.counter > 0) {
    ended_after_all();
  } else if (found && found->counter != c.counter) {
    c.state = std::move(found->state);
    c.tag = found->tag;
    c.counter = found->counter;
    c.awake = false;
  }
  c.as_stored = false;  // until a turn is known to be
  c.uncertain.reset();
  c.uncertain_receipt.reset();
  c.uncertain_end.reset();
  return success();
}

}  // namespace resguardo::intake
