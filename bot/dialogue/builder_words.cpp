// SPDX-License-Identifier: AGPL-3.0-or-later
// What the engine says, and what it listens for, in every language.
#include <algorithm>
#include <map>
#include <set>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {

const std::array<std::string_view, kSayCount> kSayKeys = {"not_understood",
                                                          "not_understood_again",
                                                          "offer_skip",
                                                          "cannot_skip",
                                                          "no_way_back",
                                                          "no_why",
                                                          "commands",
                                                          "goodbye",
                                                          "deleted",
                                                          "nothing_kept",
                                                          "paused",
                                                          "part_taken",
                                                          "pin_taken",
                                                          "media_later",
                                                          "media_taken",
                                                          "not_for_us",
                                                          "not_yet",
                                                          "unavailable",
                                                          "what_to_change",
                                                          "skip",
                                                          "skip_short",
                                                          "skip_hint",
                                                          "done",
                                                          "continue",
                                                          "list_button",
                                                          "one_number",
                                                          "several_numbers",
                                                          "pick_one_by_one",
                                                          "day_or_month",
                                                          "day_first",
                                                          "month_first",
                                                          "unfinished",
                                                          "another_word",
                                                          "will_not_vanish",
                                                          "number_range",
                                                          "media_too_large",
                                                          "media_refused",
                                                          "media_lost",
                                                          "receipt_replaced"};

namespace {

void build_languages(Form::Content& content, Problems& problems) {
  for (const auto& language : content.form.languages()) {
    if (content.language_index(language) != kNoIndex) {
      problems.add(Rule::kLanguageTwice, language, "language named twice");
      continue;
    }
    content.languages.push_back(language);
  }
  if (content.languages.empty()) {
    problems.add(Rule::kFormIncomplete, "form", "no languages");
    content.languages.emplace_back("?");
  }
}

// Forms of before files were taken: what they say instead of taking one is true of these too.
void word_older_forms(Form::Content& content) {
  const auto& instead = content.phrases[static_cast<std::size_t>(Say::kMediaLater)];
  for (const Say say : {Say::kMediaTooLarge, Say::kMediaRefused, Say::kMediaLost}) {
    auto& wordings = content.phrases[static_cast<std::size_t>(say)];
    const auto none = [](const std::string& text) { return text.empty(); };
    if (std::all_of(wordings.begin(), wordings.end(), none)) wordings = instead;
  }
}

void build_phrases(Form::Content& content, Problems& problems) {
  for (std::size_t say = 0; say < kSayCount; ++say) {
    content.phrases[say].resize(content.languages.size());
    content.phrase_names[say].resize(content.languages.size());
  }
  for (const auto& phrase : content.form.phrases()) {
    const auto* key = std::find(kSayKeys.begin(), kSayKeys.end(), phrase.key());
    if (key == kSayKeys.end()) {
      problems.add(Rule::kUnknownPhrase, "phrase " + phrase.key(), "the engine says no such thing");
      continue;
    }
    const auto say = static_cast<std::size_t>(key - kSayKeys.begin());
    for (const auto& wording : phrase.wordings()) {
      const auto language = content.language_index(wording.language());
      if (language == kNoIndex) {
        problems.add(Rule::kForeignLanguage, "phrase " + phrase.key(),
                     "not a language of the form: " + wording.language());
        continue;
      }
      content.phrases[say][language] = wording.text();
      content.phrase_names[say][language] = fold_name(wording.text());
    }
  }
  word_older_forms(content);
}

// Nobody types themselves into being a minor or an interviewer: questions lead there.
void check_mode(const CompiledCommand& command, Problems& problems) {
  const auto mode = command.mode;
  const bool none = mode == pb::MODE_UNSPECIFIED;
  const bool some = mode == pb::MODE_GUIDED || mode == pb::MODE_STORY_FIRST ||
                    mode == pb::MODE_QUICK || mode == pb::MODE_VOICE;
  const bool fine = command.kind == pb::COMMAND_MODE   ? some
                    : command.kind == pb::COMMAND_CARD ? some || none
                                                       : none;
  if (!fine) {
    problems.add(Rule::kQuestionShape, "commands",
                 command.kind == pb::COMMAND_MODE
                     ? "COMMAND_MODE leads to guided, story first, quick or voice"
                     : "only COMMAND_MODE has a mode, and COMMAND_CARD the same ones");
  }
}

void build_commands(Form::Content& content, Problems& problems) {
  const auto add = [&](const std::string& word, const CompiledCommand& meant,
                       const std::string& written) {
    if (word.empty()) return;
    const auto [entry, is_new] = content.commands.emplace(word, meant);
    if (is_new) return;
    CompiledCommand& known = entry->second;
    if (known.kind != meant.kind || known.mode != meant.mode) {
      problems.add(Rule::kCommandTwice, "command " + written, "means two different things");
    }
    if (known.language != meant.language) known.language = kNoIndex;  // it says neither
  };
  for (const auto& command : content.form.commands()) {
    CompiledCommand meant{command.kind(), command.mode()};
    check_mode(meant, problems);
    const bool card = meant.kind == pb::COMMAND_CARD;
    for (const auto& list : command.words()) {
      if (card) meant.language = content.language_index(list.language());
      for (const auto& word : list.words()) {
        const std::string name = fold_name(word);
        if (name.empty()) add(std::string(trim_sign(word).reveal()), meant, word);
        add(name, meant, word);
      }
    }
  }
}

// Of each language its own.
void add_lead_ins(const google::protobuf::RepeatedPtrField<pb::WordList>& lists,
                  Form::Content& content) {
  content.lead_ins.resize(content.languages.size());
  for (const auto& list : lists) {
    const auto language = content.language_index(list.language());
    if (language == kNoIndex) continue;
    for (const auto& word : list.words()) content.lead_ins[language].insert(fold_name(word));
  }
}

void add_words(const google::protobuf::RepeatedPtrField<pb::WordList>& lists, WordSet& set) {
  for (const auto& list : lists) {
    for (const auto& word : list.words()) {
      if (std::string name = fold_name(word); !name.empty()) set.insert(std::move(name));
    }
  }
}

void add_years(const google::protobuf::RepeatedPtrField<pb::Meaning>& units, WordSet& set) {
  for (const auto& unit : units) {
    if (unit.value() != pb::DATE_UNIT_YEAR) continue;
    for (const auto& word : unit.words()) set.insert(fold_name(word));
  }
}

// "dos", "segunda": which row is meant. What is also an article is none.
void add_number_words(const google::protobuf::RepeatedPtrField<pb::Meaning>& meanings,
                      Form::Content& content) {
  for (const auto& meaning : meanings) {
    if (meaning.article() || meaning.value() < 1) continue;
    for (const auto& word : meaning.words()) {
      content.number_words.emplace(fold_name(word), static_cast<std::size_t>(meaning.value()));
    }
  }
}

void build_understanding(Form::Content& content, Problems& problems) {
  std::vector<std::string> wrong;
  content.lexicons = Lexicons(content.form, wrong);
  for (auto& each : wrong) problems.add(Rule::kSyntax, "understanding", std::move(each));
  content.places = PlaceNames(content.form);
  for (const auto& understanding : content.form.understanding()) {
    add_words(understanding.noise(), content.noise);
    add_lead_ins(understanding.lead_ins(), content);
    add_words(understanding.age_noise(), content.age_noise);
    add_years(understanding.units(), content.years);
    add_words(understanding.yes(), content.yes);
    add_words(understanding.no(), content.no);
    add_words(understanding.unknown(), content.unknown);
    add_words(understanding.between(), content.between);
    add_words(understanding.go_on(), content.go_on);
    add_words(understanding.ordinal_endings(), content.ordinal_endings);
    for (const auto& list : understanding.numbers()) {
      std::size_t value = 0;
      for (const auto& word : list.words()) content.number_words.emplace(fold_name(word), ++value);
    }
    add_number_words(understanding.cardinals(), content);
    add_number_words(understanding.ordinals(), content);
  }
}

Resources::Advice advice_of(const Form::Content& content, const pb::Resource& resource,
                            Problems& problems) {
  const std::string place = "resource " + resource.id();
  Resources::Advice advice;
  advice.places.assign(resource.places().begin(), resource.places().end());
  for (const auto& code : advice.places) {
    if (!content.places.is_region(code) && content.places.find(code) == nullptr)
      problems.add(Rule::kResourcePlace, place, "no such place in the gazetteer: " + code);
  }
  for (const auto& language : content.languages) {
    const auto& wordings = resource.wordings();
    const auto said = std::find_if(wordings.begin(), wordings.end(),
                                   [&](const auto& each) { return each.language() == language; });
    if (said == wordings.end() || said->text().empty())
      problems.add(Rule::kMissingTranslation, place, "no text in " + language);
    advice.texts.push_back(said == wordings.end() ? std::string() : said->text());
  }
  return advice;
}

void build_resources(Form::Content& content, Problems& problems) {
  std::map<std::string, std::set<std::string>> taken;  // need → places; "" is everywhere
  for (const auto& resource : content.form.resources()) {
    Resources::Advice advice = advice_of(content, resource, problems);
    std::vector<std::string> places = advice.places;
    if (places.empty()) places.emplace_back();
    for (const auto& code : places) {
      if (taken[resource.id()].insert(code).second) continue;
      problems.add(Rule::kResourcePlace, "resource " + resource.id(),
                   "two for " + (code.empty() ? "everywhere" : code));
    }
    content.resources.add(resource.id(), std::move(advice));
  }
  for (const auto& [need, places] : taken) {
    if (!places.contains(""))
      problems.add(Rule::kResourcePlace, "resource " + need, "none for who is elsewhere");
  }
}

}  // namespace

void build_row_names(Form::Content& content) {
  const auto add = [&](const CompiledChoice& choice) {
    content.row_names.insert(choice.folded_code);
    for (const auto& title : choice.titles) {
      content.row_names.insert(title.names.begin(), title.names.end());
    }
  };
  for (const auto& node : content.nodes) {
    for (const auto& choice : node.choices) add(choice);
  }
  for (const auto& section : content.sections) {
    add(section.as_choice);
    for (const auto& choice : section.as_choices) add(choice);
  }
  for (const auto& names : content.phrase_names) {
    content.row_names.insert(names.begin(), names.end());
  }
}

void build_words(Form::Content& content, Problems& problems) {
  build_languages(content, problems);
  build_phrases(content, problems);
  build_commands(content, problems);
  build_understanding(content, problems);
  build_resources(content, problems);
}

}  // namespace resguardo::dialogue
