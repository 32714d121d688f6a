// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/vocabulary.h"

#include "bot/dialogue/compiled.h"

namespace resguardo::dialogue {

std::vector<std::string_view> vocabulary_of(const Form& form) {
  std::vector<std::string_view> words;
  std::unordered_set<std::string_view> known;
  const auto add = [&](std::string_view word) {
    if (known.insert(word).second) words.push_back(word);
  };
  for (const CompiledNode& node : form.content().nodes) {
    add(node.id);
    for (const CompiledChoice& choice : node.choices) add(choice.code);
  }
  return words;
}

}  // namespace resguardo::dialogue
