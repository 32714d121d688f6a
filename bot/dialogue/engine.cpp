// SPDX-License-Identifier: AGPL-3.0-or-later
#include <utility>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/forms.h"
#include "bot/dialogue/step.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

Step advance(const Form& form, const Settings& settings, pb::ConversationState state, bool awake,
             ChannelKind channel, const Said& said, TimePoint now) {
  return Turn(form, settings, std::move(state), channel, now).run(awake, said);
}

pb::ConversationState durable_part(const Form& form, const pb::ConversationState& state) {
  using State = pb::ConversationState;
  switch (state.phase()) {
    case State::PHASE_OPEN:
    case State::PHASE_PAUSED:
    case State::PHASE_CLOSED:
    case State::PHASE_STRANGER:
      break;
    case State::PHASE_NEW:
    case State::PHASE_BEFORE_CONSENT:
    default:
      return {};
  }
  State durable = state;
  durable.clear_held();
  durable.clear_pending_date();
  // Of another form it holds what came from disk, and nobody here knows which codes may not.
  if (!runs_on(form, state)) return durable;
  const auto& content = form.content();
  for (auto& fact : *durable.mutable_facts()) {
    const std::size_t node = content.find(fact.node());
    const bool persists = node != kNoIndex && content.nodes[node].source->persist();
    if (persists || fact.codes_size() == 0) continue;
    fact.clear_codes();
    fact.set_faded(true);
  }
  const std::size_t cursor = content.find(durable.cursor());
  if (cursor == kNoIndex || !content.nodes[cursor].source->persist()) durable.clear_picks();
  return durable;
}

}  // namespace resguardo::dialogue
