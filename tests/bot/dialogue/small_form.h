// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <regex>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {

// The short form with other sections between consent and the review. In them
//   @text(Words)              stands for texts in both languages
//   @titles(Words)            for a section's titles
//   @pick(code affirms: true) for a choice whose title is its code
inline std::string small_form_source(const std::string& sections) {
  std::string middle = std::regex_replace(
      sections, std::regex(R"(@text\(([^)]*)\))"),
      R"(texts { language: "es" full: "$1" } texts { language: "en" full: "$1" })");
  middle = std::regex_replace(
      middle, std::regex(R"(@titles\(([^)]*)\))"),
      R"(titles { language: "es" title: "$1" } titles { language: "en" title: "$1" })");
  middle = std::regex_replace(middle, std::regex(R"(@pick\((\w+)([^)]*)\))"),
                              R"(choices { code: "$1" titles { language: "es" title: "$1" } )"
                              R"(titles { language: "en" title: "$1" } $2 })");
  std::string source = short_form_source();
  const auto begin = source.find("sections {\n  id: \"what\"");
  const auto end = source.find("sections {\n  id: \"finish\"");
  source.replace(begin, end - begin, middle);
  const std::string longest = "longest_path: 30";
  source.replace(source.find(longest), longest.size(), "");
  return source;
}
inline std::shared_ptr<const Form> compiled(const std::string& source) {
  std::vector<FormProblem> problems;
  auto form = Form::compile(as_bytes(source), problems);
  for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
  return form.ok() ? form.value() : nullptr;
}

// Somebody who writes to a form. What is sealed is listed as "node[0,1]=codes or words".
class Talk {
 public:
  explicit Talk(std::shared_ptr<const Form> form) : form_(std::move(form)) {}

  const Step& act(const Said& said) {
    now_ += std::chrono::seconds(3);
    step_ = advance(*form_, settings, step_.state, awake_, channel, said, now_);
    awake_ = true;
    for (const auto& given : step_.given) sealed.push_back(listed(given));
    return step_;
  }
  std::string say(std::string_view text) { return act(Words{SecretText(text)}), at(); }
  std::string say(std::initializer_list<const char*> all) {
    for (const char* text : all) say(std::string_view(text));
    return at();
  }
  std::string tap(const std::string& id) { return act(Tap{id}), at(); }
  std::string consent() {
    const auto node =
        say({"hola", "es", "si", "solo yo", "A mí", "si", "entiendo", "sí a todo", "nunca"});
    sealed.clear();
    return node;
  }
  void restart() {
    step_.state = durable_part(*form_, step_.state);
    awake_ = false;
  }
  std::string at() const { return step_.prompt ? step_.prompt->node : "(silence)"; }
  std::string text() const { return step_.prompt ? step_.prompt->text : std::string(); }
  std::string first_line() const { return text().substr(0, text().find('\n')); }
  std::string choices() const {
    std::string all;
    if (!step_.prompt) return all;
    for (const auto& each : step_.prompt->choices) all += (all.empty() ? "" : " ") + each.id;
    return all;
  }
  std::string last_sealed() const { return sealed.empty() ? "" : sealed.back(); }
  Step& step() { return step_; }
  void wait(std::chrono::minutes time) { now_ += time; }

  Settings settings;
  ChannelKind channel = ChannelKind::kWhatsApp;
  std::vector<std::string> sealed;

 private:
  static std::string listed(const Given& given) {
    std::string text = given.node;
    for (std::size_t i = 0; i < given.instance.size(); ++i) {
      text += (i == 0 ? "[" : ",") + std::to_string(given.instance[i]);
    }
    text += given.instance.empty() ? "=" : "]=";
    for (const auto& code : given.codes) text += code + ' ';
    if (given.skipped) text += "skipped ";
    text += given.text.reveal();
    if (given.kind == Given::Kind::kRetraction) text += "taken back";
    if (given.kind == Given::Kind::kEvent) {
      text += "event " + std::to_string(given.event) + ' ' + given.event_detail;
    }
    return text;
  }

  std::shared_ptr<const Form> form_;
  Step step_;
  bool awake_ = true;
  TimePoint now_{std::chrono::milliseconds(1'795'000'000'000)};
};

// Three events at most; in each, one part per kind of person who did it, and people by letter.
inline const char* const kRepeatingSections = R"form(
sections {
  id: "event" @titles(Events)
  repeat { while_node: "more" max: 3 }
  nodes { id: "harm" @text(Harm {item}) multiple_choice { @pick(robbery) @pick(threats) } }
  nodes {
    id: "who" @text(Who)
    multiple_choice { @pick(police) @pick(gang) @pick(army) @pick(unknown) }
  }
  nodes {
    id: "doers" relevant: "answered(who)"
    group {
      repeat { for_each: "who" exclude: "unknown" max: 2 }
      nodes {
        id: "doer_count" @text(How many, {item})
        single_choice { @pick(one) @pick(several) @pick(crowd) }
      }
      nodes { id: "doer_note" relevant: "doer_count == 'several'" @text(Note {item}) text {} }
    }
  }
  nodes { id: "detail" relevant: "selected(harm,'threats')" @text(Detail) narrative {} }
  nodes {
    id: "people"
    group {
      letters: true
      repeat { while_node: "person_more" max: 2 }
      nodes {
        id: "person_more" @text(Add {item})
        single_choice { @pick(add affirms: true) @pick(enough denies: true) }
      }
      nodes { id: "person_age" @text(Person {item}) text {} }
    }
  }
  nodes {
    id: "more" @text(More)
    single_choice { @pick(yes affirms: true) @pick(no denies: true) }
  }
}
sections {
  id: "after" @titles(After)
  nodes { id: "risk" @text(Risk) single_choice { @pick(high) @pick(low) } }
}
)form";

inline std::shared_ptr<const Form> repeating_form() {
  static const std::shared_ptr<const Form> kForm = compiled(small_form_source(kRepeatingSections));
  return kForm;
}

}  // namespace resguardo::dialogue
