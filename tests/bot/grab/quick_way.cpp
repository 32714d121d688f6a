// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/grab/quick_way.h"

#include <stdexcept>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/fold.h"
#include "form/parts.h"
#include "form/walk/longest.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

using namespace dialogue;

// A relative, of age, who agrees to all of it and has little time.
std::vector<std::string> beginning(const Manner& manner) {
  return {"> hola",
          "tap " + manner.language,
          manner.shared ? "tap shared" : "tap safe",
          "tap family",
          "tap 18_24",
          "> 6",
          "tap quick"};
}

Answers found_answers(const Manner& manner) {
  const form::Stage stage(whole_form(), ChannelKind::kSignal);
  const auto paths = form::longest_paths_after(stage, beginning(manner), form::Told::kOneEvent);
  if (paths.size() != 1 || paths.front().mode != pb::MODE_QUICK)
    throw std::runtime_error("the form has no quick way, or it does not begin like this");
  Answers answers;
  form::Stand stand;
  for (const std::string& line : paths.front().lines) {
    const std::string words = line.starts_with("> ") ? line.substr(2) : line;
    answers[stand.prompt ? stand.prompt->node : ""].push_back(words);
    stand = stage.say(stand, line);
  }
  answers["resume_word"] = {kOwnWord};
  answers["more_incident"] = {"tap no"};  // where the depth changes
  answers["story_short"] = {"Los agentes nos pararon de noche y se llevaron a mi hermano"};
  return answers;
}

std::string padded(std::string_view text) {
  return " " + fold_name(text) + " ";
}

}  // namespace

std::shared_ptr<const Form> whole_form() {
  static const std::shared_ptr<const Form> kForm = [] {
    const auto source = form::FormSource::read(source_dir() / "proto/forms/border_abuse");
    if (!source.ok()) throw std::runtime_error("the form cannot be read");
    std::vector<FormProblem> problems;
    auto compiled = Form::compile(source->bytes(), problems);
    if (!compiled.ok()) throw std::runtime_error("the form does not compile");
    return std::move(compiled).value();
  }();
  return kForm;
}

Answers quick_answers(const Manner& manner) {
  static std::map<std::pair<std::string, bool>, Answers> known;
  const std::pair key(manner.language, manner.shared);
  auto found = known.find(key);
  if (found == known.end()) found = known.emplace(key, found_answers(manner)).first;
  return found->second;
}

std::string word_for(pb::CommandKind kind, const std::string& language) {
  for (const auto& command : whole_form()->content().form.commands()) {
    if (command.kind() != kind) continue;
    for (const auto& list : command.words()) {
      if (list.language() == language && list.words_size() > 0) return list.words(0);
    }
  }
  throw std::runtime_error("no such command in that language");
}

std::string sensitive_word_in(const std::string& text) {
  const std::string words = padded(text);
  for (const auto& list : whole_form()->content().form.sensitive()) {
    for (const auto& word : list.words()) {
      if (words.find(padded(word)) != std::string::npos) return word;
    }
  }
  return {};
}

}  // namespace resguardo::testing_support
