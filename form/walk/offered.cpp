// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be picked where a conversation stands, and how: by a tap, or by a printed number.
#include "bot/dialogue/card.h"
#include "bot/dialogue/facts.h"
#include "form/walk/ways.h"

namespace resguardo::form {

std::string command_word(const pb::Questionnaire& form, pb::CommandKind kind) {
  for (const auto& command : form.commands()) {
    if (command.kind() != kind) continue;
    for (const auto& list : command.words()) {
      if (!list.words().empty()) return list.words(0);
    }
  }
  return {};
}

std::string code_of(const dialogue::PromptChoice& choice) {
  return choice.id.substr(choice.id.find(':') + 1);
}
std::string typed(const std::string& words) {
  return "> " + words;
}

std::vector<Ways::Offered> Ways::offered(const Stand& stand, std::size_t node) const {
  if (stand.state.card()) return printed(stand, node);
  std::vector<Offered> all;
  for (const auto& choice : stand.prompt->choices) {
    all.push_back({code_of(choice), std::to_string(all.size() + 1), "tap " + code_of(choice)});
  }
  return all;
}

// By card nothing is offered in the chat; what is relevant can be picked.
std::vector<Ways::Offered> Ways::printed(const Stand& stand, std::size_t node) const {
  const auto& content = stage_.content();
  pb::ConversationState state = stand.state;
  const dialogue::Facts facts(content, state, stage_.channel(), true);
  const dialogue::Seen seen(facts, stage_.cursor(stand));
  const auto options = dialogue::card_options(content, content.nodes[node]);
  std::vector<Offered> all;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (!options[i]->relevant.holds(seen)) continue;
    std::string number = std::to_string(i + 1);
    std::string line = typed(number);
    all.push_back({options[i]->code, std::move(number), std::move(line)});
  }
  return all;
}

}  // namespace resguardo::form
