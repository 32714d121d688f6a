// SPDX-License-Identifier: AGPL-3.0-or-later
// What a text would tell about the answer before it, and names that mean two things.
#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"
#include "form/lint/padded.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

constexpr std::size_t kShortestTelling = 4;  // letters: "yes" and "no" tell nothing

struct Answer {
  std::string node;
  std::string code;
  friend auto operator<=>(const Answer&, const Answer&) = default;
};

void add_all(const std::string& expression, const std::regex& pattern, std::set<Answer>& answers) {
  static const std::regex kCode("'([^']*)'");
  for (std::sregex_iterator found(expression.begin(), expression.end(), pattern), none;
       found != none; ++found) {
    const auto before = expression.substr(0, static_cast<std::size_t>(found->position()));
    if (std::regex_search(before, std::regex("not[ (]*$"))) continue;
    const std::string codes = (*found)[2].str();
    for (std::sregex_iterator code(codes.begin(), codes.end(), kCode); code != none; ++code) {
      answers.insert({(*found)[1].str(), (*code)[1].str()});
    }
  }
}

// The answers that a condition asks for by name; what it excludes is not among them.
std::set<Answer> asked_for(const std::string& expression) {
  static const std::regex kEqual("([a-z_][a-z0-9_]*) *== *('[^']*')");
  static const std::regex kIn("([a-z_][a-z0-9_]*) +in *\\[([^\\]]*)\\]");
  static const std::regex kSelected("selected\\( *([a-z_][a-z0-9_]*) *, *('[^']*') *\\)");
  std::set<Answer> answers;
  add_all(expression, kEqual, answers);
  add_all(expression, kIn, answers);
  add_all(expression, kSelected, answers);
  return answers;
}

// A node that comes after one answer of a question and no other, and whose text names it: whoever
// reads the chat reads the answer, although the bot never repeats one.
class GivenAway {
 public:
  GivenAway(const pb::Questionnaire& form, Findings& findings) : form_(form), findings_(findings) {
    for (const auto& [section, node] : all_nodes(form)) by_id_[node->id()] = node;
  }
  void run() {
    for (const auto& [section, node] : all_nodes(form_)) {
      auto led_here = asked_for(node->relevant());
      led_here.merge(asked_for(section->relevant()));
      for (const auto& [owner, from] : all_nodes(form_)) {
        for (const auto* choice : choices_of(form_, *from)) {
          if (choice->goto_node() == node->id()) led_here.insert({from->id(), choice->code()});
        }
      }
      for (const Answer& answer : led_here) {
        const bool others = std::any_of(led_here.begin(), led_here.end(), [&](const Answer& other) {
          return other.node == answer.node && other.code != answer.code;
        });
        if (!others) check(*node, answer);  // one of several answers is not told by its name
      }
    }
  }

 private:
  void check(const pb::Node& node, const Answer& answer) {
    const auto found = by_id_.find(answer.node);
    if (found == by_id_.end()) return;
    for (const auto* choice : choices_of(form_, *found->second)) {
      if (choice->code() != answer.code) continue;
      for (const auto& title : choice->titles()) check(node, answer, title);
    }
  }
  void check(const pb::Node& node, const Answer& answer, const pb::Title& title) {
    const std::string name = padded(title.title());
    if (name.size() < kShortestTelling + 2) return;
    for (const auto& text : node.texts()) {
      if (text.language() != title.language()) continue;
      const bool tells = padded(text.full()).find(name) != std::string::npos ||
                         padded(text.brief()).find(name) != std::string::npos;
      if (!tells) continue;
      findings_.add(Rule::kAnswerGivenAway, in_language(node.id(), text.language()),
                    "says \"" + title.title() + "\", the answer " + answer.node + ":" +
                        answer.code + " that led here");
    }
  }
  const pb::Questionnaire& form_;
  Findings& findings_;
  std::map<std::string, const pb::Node*> by_id_;
};

// A code typed as it stands that is another choice's name.
void check_codes(const pb::Questionnaire& form, const pb::Node& node, Findings& findings) {
  const auto choices = choices_of(form, node);
  for (const auto* one : choices) {
    const std::string code = dialogue::fold_name(one->code());
    for (const auto* other : choices) {
      if (one == other) continue;
      for (const auto& title : other->titles()) {
        if (code.empty() || dialogue::fold_name(title.title()) != code) continue;
        findings.add(Rule::kAmbiguousName, in_language(node.id(), title.language()),
                     "\"" + title.title() + "\" is the title of " + other->code() +
                         " and the code of another choice");
      }
    }
  }
}

}  // namespace

void lint_answers(const pb::Questionnaire& form, Findings& findings) {
  GivenAway(form, findings).run();
  for (const auto& [section, node] : all_nodes(form)) check_codes(form, *node, findings);
}

}  // namespace resguardo::form
