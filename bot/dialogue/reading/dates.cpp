// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/dates.h"

#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

struct Situation {
  const Lexicons& lexicons;
  Day today;
  bool not_future;
  std::optional<DateOrder> order;
};

class DateReader {
 public:
  DateReader(const Situation& here, const Lexicon& lexicon, const DateWords& said, bool own)
      : here_(here),
        lexicon_(lexicon),
        said_(said),
        finder_(lexicon, here.lexicons, said, here.today, own, here.order) {}

  DateRead read() {
    for (std::size_t i = 0; i < said_.words.size();) {
      const DateAt date = finder_.longest_at(i);
      if (date.words > 0 && date.fields.ignored()) {
        i += date.words;
        continue;
      }
      if (date.words == 0 || is_any_number(date)) {
        if (refuses(i)) return {};
        ++unknown_;
        ++i;
        continue;
      }
      if (!add(date)) return {};
      i += date.words;
    }
    return result();
  }

 private:
  // "3" is a day only if it is said to be one: "el 3", "3rd".
  bool is_any_number(const DateAt& date) const {
    const auto& said = date.fields;
    const bool lone = said.day && !said.month && !said.weekday && !said.unit && !said.day2;
    if (!lone) return false;
    const bool whole = date.words == said_.words.size();
    const bool marked = said_.any_noise || said.day_alone_is_marked;
    return !whole || !marked;
  }
  bool refuses(std::size_t at) const {
    return lexicon_.no.at(said_.words, at).words > 0 ||
           lexicon_.unknown.at(said_.words, at).words > 0;
  }
  bool add(const DateAt& date) {
    const auto meant = meaning_of(date.fields, lexicon_, here_.today);
    if (!meant) return false;
    if (found_ && found_->edtf != meant->edtf) return false;
    found_ = meant;
    strong_ = strong_ || date.fields.strong();
    either_ = either_ || date.either_order;
    return true;
  }
  DateRead result() const {
    if (!found_ || (unknown_ > 0 && !strong_)) return {};
    if (either_) return {DateRead::Kind::kWhichOrder, {}};
    if (here_.not_future && found_->first > here_.today) return {};
    const bool mark = said_.approximate && found_->edtf.back() != '~';
    const Stretch meant = mark ? about(*found_) : *found_;
    return {DateRead::Kind::kDate, {meant.edtf, meant.precision}};
  }

  const Situation& here_;
  const Lexicon& lexicon_;
  const DateWords& said_;
  DateFinder finder_;
  std::optional<Stretch> found_;
  std::size_t unknown_ = 0;
  bool strong_ = false;
  bool either_ = false;
};

}  // namespace

DateRead read_date(const Lexicons& lexicons, std::string_view language, std::string_view text,
                   Day today, bool not_future, std::optional<DateOrder> order) {
  if (text.size() > kLongestFolded) return {};
  const Situation here{lexicons, today, not_future, order};
  const SecretText folded = fold_figures(text);
  const WordsView words = split(folded.reveal());
  bool own = true;
  for (const Lexicon* lexicon : lexicons.beginning_with(language)) {
    const DateWords said = date_words(*lexicon, words);
    const DateRead read = DateReader(here, *lexicon, said, own).read();
    if (read.kind != DateRead::Kind::kNone) return read;
    own = false;
  }
  return {};
}

}  // namespace resguardo::dialogue
