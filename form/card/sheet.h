// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/dialogue/form.h"
#include "program/problem.h"

namespace resguardo::form {

// What a shelter's server adds to the form's words.
struct CardSettings {
  std::string link;  // to the bot on Signal
  std::string organisation;
  std::string retention;
  std::string place;        // where it is handed out, a code of the gazetteer: help near it
  std::string start_word;   // empty: none is wanted
  std::string resume_word;  // empty: none
};

struct PrintedOption {
  std::size_t number = 0;
  std::string code;
  std::string title;
  std::string description;
};
struct PrintedGroup {
  std::string heading;  // a country, where places are listed; else empty
  std::vector<PrintedOption> options;
};
struct PrintedQuestion {
  std::uint32_t number = 0;
  std::string node;
  std::string text;
  bool required = false;
  std::vector<PrintedGroup> groups;  // empty: answered in figures or words of one's own
};
struct PrintedLine {
  std::string term;
  std::string meaning;
};
// All that stands on the two sides of a card in one language.
struct CardSheet {
  std::string language;
  std::string title;
  std::string link;
  std::vector<std::string> steps;
  std::vector<PrintedLine> signs;
  std::vector<PrintedLine> words;
  std::vector<std::string> notes;
  std::string consent_note;
  std::vector<std::string> consent_explained;  // what each purpose means
  std::vector<PrintedQuestion> questions;      // by number; consent is among them
  std::uint32_t consent = 0;                   // its number
  std::string edition;                         // form, version, and the consent's text version
};

// The numbers are the engine's own (bot/dialogue/card.h). A problem: the form has no card in this
// language, or its words want a setting that is not given.
program::Outcome<CardSheet> card_sheet(const dialogue::Form& form, std::size_t language,
                                       const CardSettings& settings);

}  // namespace resguardo::form
