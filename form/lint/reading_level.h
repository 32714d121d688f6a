// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace resguardo::form {

// How hard a text is to read: words, sentences and syllables counted, placeholders left out.
struct Reading {
  std::size_t words = 0;
  std::size_t sentences = 0;
  std::size_t syllables = 0;

  Reading& operator+=(const Reading& other);
};

// Spanish and English only: for the other languages nobody published a formula that was checked.
bool can_measure(std::string_view language);
Reading read_text(std::string_view text, std::string_view language);
// INFLESZ (Barrio-Cantalejo 2008, on Szigriszt-Pazos's formula) in Spanish, Flesch's reading ease
// in English: 0 to 100, more is easier; 65 (INFLESZ "fairly easy") and 60 (Flesch "plain English")
// are where most adults follow. nullopt: no words, or not measured in this language.
std::optional<double> reading_ease(const Reading& reading, std::string_view language);
double easy_enough(std::string_view language);  // below it a text is hard

}  // namespace resguardo::form
