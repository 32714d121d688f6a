// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "proto/questionnaire.pb.h"
#include "tests/bot/grab/reporter.h"

namespace resguardo::testing_support {

// proto/forms/border_abuse; compiled once.
std::shared_ptr<const dialogue::Form> whole_form();

// The person who takes the longest quick way through the whole form, as the linter counts it.
struct Manner {
  std::string language;
  bool shared = false;  // the phone is: discreet mode, and a word of one's own
};
Answers quick_answers(const Manner& manner);
inline constexpr const char* kOwnWord = "Girasol azul";

// The first word of that command in that language.
std::string word_for(pb::CommandKind kind, const std::string& language);
// Holds a word that the form calls sensitive, in any of its languages; empty: none.
std::string sensitive_word_in(const std::string& text);

}  // namespace resguardo::testing_support
