// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/dialogue/reading/phrases.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::dialogue {

// One word of a way to say a date, or a slot for what differs.
struct PatternPart {
  enum class Slot : std::uint8_t {
    kWord,
    kNumber,
    kNumber2,
    kUnit,
    kWeekday,
    kMonth,
    kMonth2,
    kDay,
    kDay2,
    kYear,
    kYear2,
    kFeast,
    kSeason,
    kRelative,
  };
  Slot slot = Slot::kWord;
  std::string word;
};
struct CompiledPattern {
  std::vector<PatternPart> parts;
  const pb::DatePattern* source = nullptr;
};

// What one language's words mean, and what belongs to no language; all folded as figures.
struct Lexicon {
  std::string language;
  Phrases cardinals, articles, ordinals, ordinal_endings, number_noise, between, no, unknown;
  Phrases months, weekdays, relative_days, relative_years, units, seasons;
  Phrases feasts;      // values: index into `feast_rules`
  Phrases currencies;  // values: index into `currency_codes`
  Phrases date_noise, approximately, year_links, place_noise;
  std::vector<const pb::Feast*> feast_rules;
  std::vector<std::vector<std::string>> currency_codes;
  std::vector<CompiledPattern> dates;
  bool either_order = false;  // 01/02 may begin with the month
};

// The words of a date that carry it: noise is left out, and whether it was "about" then.
struct DateWords {
  std::vector<std::string_view> words;
  std::vector<bool> after_link;  // "del" stood before the word of the same index
  bool approximate = false;
  bool any_noise = false;
};
DateWords date_words(const Lexicon& lexicon, WordsSpan words);

// The lexicons of a form. It keeps pointers into the form it was made of.
class Lexicons {
 public:
  Lexicons() = default;
  Lexicons(const pb::Questionnaire& form, std::vector<std::string>& problems);

  // The person's own language first; then the others, since people mix them.
  std::vector<const Lexicon*> beginning_with(std::string_view language) const;
  // How many slips of the pen a word of so many letters may have.
  std::size_t edits(std::size_t letters) const;
  std::uint32_t minor_digits(const std::string& currency) const;

 private:
  std::vector<Lexicon> all_;
  std::unordered_map<std::string, std::uint32_t> minor_digits_;
  std::size_t one_from_ = 0, two_from_ = 0;  // 0: never
};

}  // namespace resguardo::dialogue
