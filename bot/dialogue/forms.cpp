// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/forms.h"

namespace resguardo::dialogue {
namespace {

bool is_report(const pb::ConversationState& state) {
  using State = pb::ConversationState;
  return state.phase() == State::PHASE_OPEN || state.phase() == State::PHASE_PAUSED ||
         state.phase() == State::PHASE_CLOSED;
}

}  // namespace

const std::shared_ptr<const Form>& Forms::for_state(const pb::ConversationState& state) const {
  if (!is_report(state) || runs_on(*current_, state)) return current_;
  for (const auto& form : earlier_) {
    if (runs_on(*form, state)) return form;
  }
  return current_;
}

bool runs_on(const Form& form, const pb::ConversationState& state) {
  return !is_report(state) || state.form_digest().empty() ||
         equal(as_bytes(state.form_digest()), form.digest().view());
}

}  // namespace resguardo::dialogue
