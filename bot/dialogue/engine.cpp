// SPDX-License-Identifier: AGPL-3.0-or-later
#include <utility>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/evened.h"
#include "bot/dialogue/step.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

namespace {

// Both answers are worked out, and the one that is due is made as long as either may be.
Step answer_try(const Form& form, const Settings& settings, pb::ConversationState state, bool awake,
                const Circumstances& around, const Tried& tried, TimePoint now) {
  using Verdict = Tried::Verdict;
  const auto answer = [&](const Tried& one) {
    return Turn(form, settings, pb::ConversationState(state), around, now).run(awake, one);
  };
  Step right = answer({Verdict::kRight, tried.replies});
  Step wrong = answer({tried.verdict == Verdict::kRight ? Verdict::kWrong : tried.verdict, 0});
  const bool forgets = wrong.effect == Effect::kForget;
  const TakeBack take_back = wrong.take_back;
  if (right.prompt && wrong.prompt) even_out(*right.prompt, *wrong.prompt);
  Step due = tried.verdict == Verdict::kRight ? std::move(right) : std::move(wrong);
  due.take_back = take_back;
  due.forget_contact = forgets;
  return due;
}

}  // namespace

Step advance(const Form& form, const Settings& settings, pb::ConversationState state, bool awake,
             const Circumstances& around, const Said& said, TimePoint now) {
  if (const auto* tried = std::get_if<Tried>(&said))
    return answer_try(form, settings, std::move(state), awake, around, *tried, now);
  return Turn(form, settings, std::move(state), around, now).run(awake, said);
}

pb::ConversationState durable_part(const Form& form, const pb::ConversationState& state) {
  return durable_of(form.content(), state);
}

pb::ConversationState durable_of(const Form::Content& content, const pb::ConversationState& state) {
  using State = pb::ConversationState;
  switch (state.phase()) {
    case State::PHASE_OPEN:
    case State::PHASE_PAUSED:
    case State::PHASE_CLOSED:
    case State::PHASE_STRANGER:
      break;
    case State::PHASE_RETURNED:
      if (state.returned().has_before()) return durable_of(content, state.returned().before());
      [[fallthrough]];
    case State::PHASE_NEW:
    case State::PHASE_BEFORE_CONSENT:
    default: {
      State place;  // of somebody who left and is a stranger now
      if (!state.has_left()) return place;
      place.set_phase(State::PHASE_STRANGER);
      *place.mutable_left() = state.left();
      return place;
    }
  }
  State durable = state;
  durable.clear_held();
  durable.clear_pending_date();
  // Of another form it holds what came from disk, and nobody here knows which codes may not.
  if (!state.form_digest().empty() && state.form_digest() != content.digest.str()) return durable;
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
