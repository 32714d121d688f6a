// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/reading/lexicon.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

using Slot = PatternPart::Slot;

std::optional<Slot> slot_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Slot>, 13> kSlots = {
      {{"{n}", Slot::kNumber},
       {"{m}", Slot::kNumber2},
       {"{unit}", Slot::kUnit},
       {"{weekday}", Slot::kWeekday},
       {"{month}", Slot::kMonth},
       {"{month2}", Slot::kMonth2},
       {"{day}", Slot::kDay},
       {"{day2}", Slot::kDay2},
       {"{year}", Slot::kYear},
       {"{year2}", Slot::kYear2},
       {"{feast}", Slot::kFeast},
       {"{season}", Slot::kSeason},
       {"{relative}", Slot::kRelative}}};
  for (const auto& [text, slot] : kSlots) {
    if (text == name) return slot;
  }
  return std::nullopt;
}

class Builder {
 public:
  Builder(Lexicon& lexicon, std::vector<std::string>& problems)
      : lexicon_(lexicon), problems_(problems) {}

  // First what is left out of dates, since the other words are compared without it.
  void noise(const pb::Understanding& source) {
    words(source.date_noise(), lexicon_.date_noise);
    words(source.approximately(), lexicon_.approximately);
    words(source.year_links(), lexicon_.year_links);
  }
  void rest(const pb::Understanding& source) {
    words(source.number_noise(), lexicon_.number_noise);
    words(source.place_noise(), lexicon_.place_noise);
    words(source.between(), lexicon_.between);
    words(source.no(), lexicon_.no);
    words(source.unknown(), lexicon_.unknown);
    words(source.ordinal_endings(), lexicon_.ordinal_endings);
    numbers(source.cardinals());
    meanings(source.ordinals(), lexicon_.ordinals, false);
    meanings(source.months(), lexicon_.months, true);
    meanings(source.weekdays(), lexicon_.weekdays, true);
    meanings(source.relative_days(), lexicon_.relative_days, true);
    meanings(source.relative_years(), lexicon_.relative_years, true);
    meanings(source.units(), lexicon_.units, true);
    meanings(source.seasons(), lexicon_.seasons, true);
    feasts(source.feasts());
    currencies(source.currencies());
    for (const auto& pattern : source.dates()) dates(pattern);
  }

 private:
  bool ours(const std::string& language) const {
    return language.empty() || language == lexicon_.language;
  }
  static void add(const std::string& text, Phrases& phrases, std::int64_t value) {
    const SecretText folded = fold_figures(text);
    phrases.add(split(folded.reveal()), value);
  }
  void add_of_date(const std::string& text, Phrases& phrases, std::int64_t value) const {
    const SecretText folded = fold_figures(text);
    const WordsView all = split(folded.reveal());
    const auto kept = date_words(lexicon_, all).words;
    phrases.add(kept.empty() ? WordsSpan(all) : WordsSpan(kept), value);
  }
  void words(const google::protobuf::RepeatedPtrField<pb::WordList>& lists,
             Phrases& phrases) const {
    for (const auto& list : lists) {
      if (!ours(list.language())) continue;
      for (const auto& word : list.words()) add(word, phrases, 1);
    }
  }
  void numbers(const google::protobuf::RepeatedPtrField<pb::Meaning>& all) const {
    for (const auto& meaning : all) {
      if (!ours(meaning.language())) continue;
      Phrases& phrases = meaning.article() ? lexicon_.articles : lexicon_.cardinals;
      for (const auto& word : meaning.words()) add(word, phrases, meaning.value());
    }
  }
  void meanings(const google::protobuf::RepeatedPtrField<pb::Meaning>& all, Phrases& phrases,
                bool of_date) const {
    for (const auto& meaning : all) {
      if (!ours(meaning.language())) continue;
      for (const auto& word : meaning.words()) {
        if (of_date) add_of_date(word, phrases, meaning.value());
        if (!of_date) add(word, phrases, meaning.value());
      }
    }
  }
  void feasts(const google::protobuf::RepeatedPtrField<pb::Feast>& all) const {
    for (const auto& feast : all) {
      if (!ours(feast.language())) continue;
      const auto index = static_cast<std::int64_t>(lexicon_.feast_rules.size());
      lexicon_.feast_rules.push_back(&feast);
      for (const auto& word : feast.words()) add_of_date(word, lexicon_.feasts, index);
    }
  }
  // One word may name several currencies: each gets its list.
  void currencies(const google::protobuf::RepeatedPtrField<pb::Currency>& all) const {
    for (const auto& currency : all) {
      for (const auto& list : currency.words()) {
        if (!ours(list.language())) continue;
        for (const auto& word : list.words()) name_currency(word, currency.code());
      }
    }
  }
  void name_currency(const std::string& word, const std::string& code) const {
    const SecretText folded = fold_figures(word);
    const WordsView pieces = split(folded.reveal());
    const auto known = lexicon_.currencies.at(pieces, 0);
    if (known.words != pieces.size() || known.words == 0) {
      lexicon_.currencies.add(pieces, static_cast<std::int64_t>(lexicon_.currency_codes.size()));
      lexicon_.currency_codes.push_back({code});
      return;
    }
    auto& codes = lexicon_.currency_codes[static_cast<std::size_t>(known.value)];
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  }

  void dates(const pb::DatePattern& source) const {
    if (!ours(source.language())) return;
    for (const auto& text : source.words()) {
      CompiledPattern pattern;
      pattern.source = &source;
      std::string literal;
      const auto close = [&] {
        const SecretText folded = fold_figures(literal);
        const WordsView all = split(folded.reveal());
        for (const auto word : date_words(lexicon_, all).words) {
          pattern.parts.push_back({Slot::kWord, std::string(word)});
        }
        literal.clear();
      };
      for (const auto word : split(text)) {
        const auto slot = slot_of(word);
        if (!slot && word.starts_with("{")) problems_.push_back("no such slot: " + text);
        const bool sign = word == "-" || word == ":" || word == "/";
        if (slot || sign) close();
        if (slot) pattern.parts.push_back({*slot, {}});
        if (sign) pattern.parts.push_back({Slot::kWord, std::string(word)});
        if (!slot && !sign) literal.append(" ").append(word);
      }
      close();
      if (pattern.parts.empty()) problems_.push_back("a date of noise alone: " + text);
      lexicon_.dates.push_back(std::move(pattern));
    }
  }

  Lexicon& lexicon_;
  std::vector<std::string>& problems_;
};

}  // namespace

DateWords date_words(const Lexicon& lexicon, WordsSpan words) {
  DateWords kept;
  bool link = false;
  for (std::size_t i = 0; i < words.size();) {
    const auto about = lexicon.approximately.at(words, i);
    const auto dropped = lexicon.date_noise.at(words, i);
    if (about.words > 0 && about.words >= dropped.words) kept.approximate = true;
    if (about.words > 0 || dropped.words > 0 || words[i] == ",") {
      link = lexicon.year_links.at(words, i).words == dropped.words && dropped.words > 0;
      i += std::max({about.words, dropped.words, std::size_t{1}});
      kept.any_noise = true;
      continue;
    }
    kept.words.push_back(words[i++]);
    kept.after_link.push_back(link);
    link = false;
  }
  return kept;
}

Lexicons::Lexicons(const pb::Questionnaire& form, std::vector<std::string>& problems) {
  for (const auto& language : form.languages()) {
    Lexicon lexicon;
    lexicon.language = language;
    Builder builder(lexicon, problems);
    for (const auto& source : form.understanding()) builder.noise(source);
    for (const auto& source : form.understanding()) {
      builder.rest(source);
      const auto& either = source.either_order();
      if (std::find(either.begin(), either.end(), language) != either.end()) {
        lexicon.either_order = true;
      }
    }
    all_.push_back(std::move(lexicon));
  }
  for (const auto& source : form.understanding()) {
    for (const auto& currency : source.currencies()) {
      minor_digits_.emplace(currency.code(), currency.minor_digits());
    }
    if (!source.has_typos()) continue;
    one_from_ = source.typos().one_from();
    two_from_ = source.typos().two_from();
  }
}

std::vector<const Lexicon*> Lexicons::beginning_with(std::string_view language) const {
  std::vector<const Lexicon*> order;
  for (const auto& lexicon : all_) {
    if (lexicon.language == language) order.push_back(&lexicon);
  }
  for (const auto& lexicon : all_) {
    if (lexicon.language != language) order.push_back(&lexicon);
  }
  return order;
}

std::size_t Lexicons::edits(std::size_t letters) const {
  if (two_from_ > 0 && letters >= two_from_) return 2;
  return one_from_ > 0 && letters >= one_from_ ? 1 : 0;
}

std::uint32_t Lexicons::minor_digits(const std::string& currency) const {
  const auto found = minor_digits_.find(currency);
  return found == minor_digits_.end() ? 2 : found->second;
}

}  // namespace resguardo::dialogue
