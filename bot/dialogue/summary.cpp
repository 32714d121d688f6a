// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/summary.h"

#include "bot/dialogue/card.h"
#include "bot/dialogue/compiled.h"

namespace resguardo::dialogue {

std::vector<std::string> consented_purposes(const Form& form, const pb::ConversationState& state) {
  const Form::Content& content = form.content();
  if (content.consent_node == kNoIndex) return {};
  const std::string& node = content.nodes.at(content.consent_node).source->id();
  std::vector<std::string> purposes;
  for (const pb::Fact& fact : state.facts())
    if (fact.node() == node) purposes.assign(fact.codes().begin(), fact.codes().end());
  return purposes;
}

namespace {

std::string words_of(Say what, const Form& form, const pb::ConversationState& state) {
  if (state.card()) return std::string(card_sign(what));
  const Form::Content& content = form.content();
  const std::size_t index = content.language_index(state.language());
  return content.phrase(what, index == kNoIndex ? 0 : index);
}

}  // namespace

std::string unavailable_text(const Form& form, const pb::ConversationState& state) {
  return words_of(Say::kUnavailable, form, state);
}

std::string lost_file_text(const Form& form, const pb::ConversationState& state) {
  return words_of(Say::kMediaLost, form, state);
}

std::string large_file_text(const Form& form, const pb::ConversationState& state) {
  return words_of(Say::kMediaTooLarge, form, state);
}

}  // namespace resguardo::dialogue
