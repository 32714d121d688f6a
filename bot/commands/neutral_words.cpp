// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/neutral_words.h"

#include "bot/dialogue/sensitive.h"

namespace resguardo::commands {

std::vector<program::Problem> betraying_words(const config::Dialogue& dialogue,
                                              const dialogue::Form& form) {
  std::vector<program::Problem> found;
  const auto look = [&](const std::string& setting, const std::string& text,
                        const std::string& mend) {
    const auto words = dialogue::sensitive_words_in(form, text);
    if (words.empty()) return;
    found.push_back({"[dialogue] " + setting, "says \"" + words.front() + "\"", mend});
  };
  const std::string harmless =
      "whoever searches a phone reads it: say something that means nothing";
  for (const auto& [language, text] : dialogue.cover_text) {
    look("cover_text." + language, text, harmless);
  }
  for (const auto& word : dialogue.start_words) look("start_words", word, harmless);
  for (const auto& word : dialogue.panic_words) look("panic_words", word, harmless);
  for (const auto& word : dialogue.resume_words) look("resume_words", word, harmless);
  look("organisation", dialogue.organisation,
       "it stands in the consent notice on people's phones: is there a shorter name?");
  return found;
}

}  // namespace resguardo::commands
