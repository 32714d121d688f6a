// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/sensitive.h"

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

std::string padded(std::string_view text) {
  std::string words = " ";
  return words.append(fold_name(text)).append(" ");
}

}  // namespace

std::vector<std::string> sensitive_words_in(const Form& form, std::string_view text) {
  const std::string said = padded(text);
  std::vector<std::string> found;
  for (const auto& list : form.content().form.sensitive()) {
    for (const auto& word : list.words()) {
      if (said.find(padded(word)) != std::string::npos) found.push_back(word);
    }
  }
  return found;
}

}  // namespace resguardo::dialogue
