// SPDX-License-Identifier: AGPL-3.0-or-later
// What texts say and how hard they are.
#include <cmath>
#include <map>
#include <set>

#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"
#include "form/lint/padded.h"
#include "form/lint/reading_level.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

constexpr std::size_t kWordsToMeasure = 25;  // less says nothing about sentences
constexpr double kSlack = 15;                // one text may be harder than the form on the whole

// Texts that must look harmless: the first two questions, short texts for shared phones, and what
// the engine says at any time.
class SensitiveWords {
 public:
  SensitiveWords(const pb::Questionnaire& form, Findings& findings)
      : form_(form), findings_(findings) {
    for (const auto& list : form.sensitive()) {
      for (const auto& word : list.words()) words_.push_back({padded(word), word});
    }
  }
  void run() {
    if (words_.empty()) return;
    const auto& marks = form_.landmarks();
    for (const auto& [section, node] : all_nodes(form_)) {
      const bool neutral = node->id() == marks.language() || node->id() == marks.safety();
      for (const auto& text : node->texts()) {
        check(in_language(node->id(), text.language()), text.brief());
        if (neutral) check(in_language(node->id(), text.language()), text.full());
      }
      if (!neutral) continue;
      for (const auto* choice : choices_of(form_, *node)) titles(*node, *choice);
    }
    for (const auto& phrase : form_.phrases()) {
      for (const auto& wording : phrase.wordings()) {
        check(in_language("phrase " + phrase.key(), wording.language()), wording.text());
      }
    }
  }

 private:
  struct Word {
    std::string folded;
    std::string written;
  };
  void titles(const pb::Node& node, const pb::Choice& choice) {
    for (const auto& title : choice.titles()) {
      const std::string place = in_language(node.id() + ":" + choice.code(), title.language());
      check(place, title.title());
      check(place, title.description());
    }
  }
  void check(const std::string& where, const std::string& text) {
    if (text.empty()) return;
    const std::string folded = padded(text);
    for (const Word& word : words_) {
      if (folded.find(word.folded) == std::string::npos) continue;
      findings_.add(Rule::kSensitiveWord, where, "says \"" + word.written + "\"");
    }
  }
  const pb::Questionnaire& form_;
  Findings& findings_;
  std::vector<Word> words_;
};

// Words that somebody wrote for some languages and not for others: a list of no language is for
// all.
template <class Lists>
void check_languages(const pb::Questionnaire& form, const Lists& lists, const std::string& where,
                     const char* what, Findings& findings) {
  std::set<std::string> given;
  for (const auto& list : lists) given.insert(list.language());
  if (given.empty() || given.contains("")) return;
  for (const auto& language : form.languages()) {
    if (given.contains(language)) continue;
    findings.add(Rule::kMissingTranslation, in_language(where, language), what);
  }
}

// No text of a node, so nobody would miss them.
void check_word_lists(const pb::Questionnaire& form, Findings& findings) {
  check_languages(form, form.sensitive(), "sensitive", "no words that its neutral texts must avoid",
                  findings);
  std::map<int, std::vector<pb::WordList>> words;  // by kind and depth
  for (const auto& command : form.commands()) {
    auto& all = words[command.kind() * 100 + command.mode()];
    all.insert(all.end(), command.words().begin(), command.words().end());
  }
  for (const auto& [kind, lists] : words) {
    const std::string name = pb::CommandKind_Name(static_cast<pb::CommandKind>(kind / 100));
    check_languages(form, lists, "command " + name, "no word for it", findings);
  }
}

void check_reading(const pb::Node& node, const pb::Text& text, Findings& findings) {
  const auto& language = text.language();
  const Reading reading = read_text(text.full(), language);
  if (reading.words < kWordsToMeasure) return;
  const auto ease = reading_ease(reading, language);
  if (!ease || *ease >= easy_enough(language) - kSlack) return;
  findings.add(Rule::kHardToRead, in_language(node.id(), language),
               "reading ease " + std::to_string(std::lround(*ease)) + ", should be " +
                   std::to_string(std::lround(easy_enough(language))) + " or more (" +
                   std::to_string(reading.words) + " words, " + std::to_string(reading.sentences) +
                   " sentences)");
}

bool needs_why(const pb::Node& node) {
  constexpr std::uint32_t kDistressing = 2;
  return asks(node) && node.sensitivity() >= kDistressing;
}

}  // namespace

void lint_texts(const pb::Questionnaire& form, Findings& findings) {
  SensitiveWords(form, findings).run();
  check_word_lists(form, findings);
  for (const auto& [section, node] : all_nodes(form)) {
    for (const auto& text : node->texts()) check_reading(*node, text, findings);
    if (!needs_why(*node) || node->texts().empty()) continue;
    if (node->texts(0).why().empty()) {
      findings.add(Rule::kWhyMissing, node->id(), "sensitive, and does not say why it is asked");
    }
  }
}

}  // namespace resguardo::form
