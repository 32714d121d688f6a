// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/card/sheet.h"

#include <algorithm>
#include <map>
#include <optional>

#include "bot/dialogue/card.h"
#include "bot/dialogue/placeholders.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::form {
namespace {

using dialogue::CompiledNode;
using program::Outcome;

constexpr std::size_t kVersionShown = 8;

// The form's words with what the settings say, in one language.
class Writer {
 public:
  Writer(const dialogue::Form::Content& content, std::size_t language, const CardSettings& settings)
      : content_(content), language_(language) {
    values_ = {{"signal_link", settings.link},
               {"org", settings.organisation},
               {"retention", settings.retention},
               {"resume_word", settings.resume_word},
               {"opening", opening(settings.start_word)}};
    add_consent_numbers();
    if (!settings.place.empty()) content.places.add_around(settings.place, around_);
  }

  // A placeholder without a value is kept in missing().
  std::string fill(std::string_view text) {
    return dialogue::with_placeholders_filled(text, [&](std::string_view name) {
      std::string value = value_of(std::string(name));
      if (value.empty()) missing_ = name;
      return value;
    });
  }
  // The line of a word that there is not is left out.
  std::vector<PrintedLine> lines(const google::protobuf::RepeatedPtrField<pb::CardLine>& all) {
    std::vector<PrintedLine> filled;
    for (const auto& line : all) {
      const bool no_word = line.term() == "{resume_word}" && value_of("resume_word").empty();
      if (!no_word) filled.push_back({fill(line.term()), fill(line.meaning())});
    }
    return filled;
  }
  const std::string& missing() const { return missing_; }

 private:
  std::string value_of(const std::string& name) const {
    if (const auto found = values_.find(name); found != values_.end()) return found->second;
    if (!name.starts_with("resources:")) return {};
    return std::string(content_.resources.text(name.substr(10), around_, language_));
  }
  // Of the consent, as they are printed.
  void add_consent_numbers() {
    const CompiledNode& node = content_.nodes[content_.consent_node];
    const auto& consent = node.source->consent();
    std::size_t number = 0;
    for (const auto* option : dialogue::card_options(content_, node)) {
      const std::string printed = std::to_string(++number);
      if (option->code == consent.none().code()) values_["none"] = printed;
      const bool opens = std::ranges::any_of(consent.purposes(), [&](const pb::Purpose& each) {
        return each.opens() && each.choice().code() == option->code;
      });
      if (!opens) continue;
      std::string& all = values_["opens"];
      all.append(all.empty() ? "" : ", ").append(printed);
    }
  }
  std::string opening(const std::string& start_word) const {
    const std::string& language = content_.languages[language_];
    for (const auto& command : content_.form.commands()) {
      if (command.kind() != pb::COMMAND_CARD) continue;
      for (const auto& list : command.words()) {
        const bool ours = list.language() == language || list.language().empty();
        if (!ours || list.words().empty()) continue;
        return start_word.empty() ? list.words(0) : start_word + " " + list.words(0);
      }
    }
    return {};
  }

  const dialogue::Form::Content& content_;
  std::size_t language_;
  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string_view> around_;  // the form's codes and the settings', which outlive it
  std::string missing_;
};

// The country that a place lies in, as an earlier question calls it.
std::string heading_of(const dialogue::Form::Content& content, const CompiledNode& node,
                       const std::string& code, std::size_t language) {
  const auto* place = node.type->paged ? content.places.find(code) : nullptr;
  if (place == nullptr) return {};
  for (const auto& name : node.source->place().page_of()) {
    const std::size_t asked = content.find(name);
    if (asked == dialogue::kNoIndex) continue;
    const auto* country = content.nodes[asked].find(place->country());
    if (country == nullptr) country = content.nodes[asked].find("other");
    if (country != nullptr) return country->titles[language].title;
  }
  return place->country();
}

std::vector<PrintedGroup> groups_of(const dialogue::Form::Content& content,
                                    const CompiledNode& node, std::size_t language) {
  std::vector<PrintedGroup> groups;
  std::size_t number = 0;
  for (const auto* option : dialogue::card_options(content, node)) {
    const std::string heading = heading_of(content, node, option->code, language);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const PrintedGroup& each) { return each.heading == heading; });
    if (group == groups.end()) group = groups.insert(groups.end(), {heading, {}});
    const auto& title = option->titles[language];
    group->options.push_back({++number, option->code, title.title, title.description});
  }
  return groups;
}

PrintedQuestion question_of(const dialogue::Form::Content& content, const CompiledNode& node,
                            std::size_t language, Writer& writer) {
  const auto& text = node.texts[language];
  return {node.source->card_number(), node.source->id(),
          writer.fill(text.card.empty() ? text.full : text.card), node.source->required(),
          groups_of(content, node, language)};
}

void add_consent(const dialogue::Form& form, std::size_t language, CardSheet& sheet) {
  const auto& content = form.content();
  const CompiledNode& node = content.nodes[content.consent_node];
  sheet.consent = node.source->card_number();
  for (const auto& purpose : node.source->consent().purposes()) {
    for (const auto& title : purpose.explanations()) {
      if (title.language() == content.languages[language])
        sheet.consent_explained.push_back(title.description());
    }
  }
  sheet.edition = form.id() + " " + form.version() + " · " +
                  node.card_versions[language].substr(0, kVersionShown);
}

const pb::CardText* text_in(const pb::Card& card, const std::string& language) {
  for (const auto& text : card.texts()) {
    if (text.language() == language) return &text;
  }
  return nullptr;
}

std::string option_for(const std::string& placeholder) {
  return placeholder == "org" ? "--organisation" : "--" + placeholder;
}

}  // namespace

Outcome<CardSheet> card_sheet(const dialogue::Form& form, std::size_t language,
                              const CardSettings& settings) {
  const auto& content = form.content();
  const std::string& code = content.languages[language];
  const auto* text = text_in(content.form.card(), code);
  if (text == nullptr || content.consent_node == dialogue::kNoIndex) {
    return program::usage_problem("card", "the form has no card in " + code,
                                  "write card { texts { language: \"" + code + "\" … } }");
  }
  const bool known = settings.place.empty() || content.places.find(settings.place) != nullptr ||
                     content.places.is_region(settings.place);
  if (!known) {  // the card would name help far away, and nobody would notice
    return program::usage_problem("--place", "no place of the form: " + settings.place,
                                  "a code of its gazetteer: a city, an area or a country");
  }
  Writer writer(content, language, settings);
  CardSheet sheet;
  sheet.language = code;
  sheet.link = settings.link;
  sheet.title = writer.fill(text->title());
  for (const auto& step : text->steps()) sheet.steps.push_back(writer.fill(step));
  sheet.signs = writer.lines(text->signs());
  sheet.words = writer.lines(text->words());
  for (const auto& note : text->notes()) sheet.notes.push_back(writer.fill(note));
  sheet.consent_note = writer.fill(text->consent_note());
  for (const auto& node : content.nodes) {
    if (node.source->card_number() == 0) continue;
    sheet.questions.push_back(question_of(content, node, language, writer));
  }
  std::ranges::sort(sheet.questions, {}, &PrintedQuestion::number);
  add_consent(form, language, sheet);
  if (!writer.missing().empty()) {
    return program::usage_problem(option_for(writer.missing()),
                                  "the card says {" + writer.missing() + "}",
                                  "give what stands there on your server");
  }
  return sheet;
}

}  // namespace resguardo::form
