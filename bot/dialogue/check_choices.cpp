// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <set>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

class ChoiceCheck {
 public:
  ChoiceCheck(const Form::Content& content, const CompiledNode& node, Problems& problems)
      : content_(content), node_(node), problems_(problems) {}

  void run() {
    if (node_.type == nullptr || node_.choices.empty()) return;
    const std::size_t all = node_.choices.size();
    const std::size_t choices = node_.type->paged ? std::min(all, kMaxRows) : all;
    const bool skip_row = !node_.source->required() && choices != kMaxButtons && choices < kMaxRows;
    rows_ = choices + (skip_row ? 1 : 0);
    if (rows_ > kMaxRows) add(Rule::kTooManyRows, "more than 10 rows");
    codes();
    for (std::size_t i = 0; i < content_.languages.size(); ++i) titles(i);
  }

 private:
  void add(Rule rule, std::string what) { problems_.add(rule, where(node_), std::move(what)); }
  void codes() {
    std::set<std::string> seen;
    for (const auto& choice : node_.choices) {
      if (choice.code.empty()) add(Rule::kCodeMissing, "a choice without a code");
      if (!seen.insert(choice.code).second)
        problems_.add(Rule::kCodeTwice, where(node_).append(":").append(choice.code),
                      "code used twice");
      if (choice.code.starts_with("_") || choice.code.find(':') != std::string::npos) {
        add(Rule::kCodeReserved, "a code neither starts with _ nor holds a colon: " + choice.code);
      }
      if (choice.explains && node_.texts[0].explain.empty())
        add(Rule::kNothingToExplain, "nothing to explain");
    }
  }
  void titles(std::size_t language) {
    const auto& name = content_.languages[language];
    // WhatsApp: up to three are buttons, and those are shorter.
    const std::size_t limit = rows_ <= kMaxButtons ? kButtonTitle : kRowTitle;
    std::set<std::string> seen;
    for (const auto& choice : node_.choices) {
      const std::string place = where(node_).append(":").append(choice.code);
      const auto add_here = [&](Rule rule, std::string what) {
        problems_.add(rule, place + " (" + name + ")", std::move(what));
      };
      const auto& title = choice.titles[language];
      if (title.title.empty()) add_here(Rule::kMissingTranslation, "no title");
      if (visible_length(title.title) > limit) {
        add_here(Rule::kTitleTooLong,
                 "title longer than " + std::to_string(limit) + " characters: " + title.title);
      }
      if (visible_length(title.description) > kRowDescription)
        add_here(Rule::kTitleTooLong, "description longer than 72 characters");
      for (const auto& other : title.names) {
        if (!seen.insert(other).second && !node_.type->paged)
          add_here(Rule::kAmbiguousName, "two choices by the name of " + other);
        if (content_.commands.contains(other)) {
          add_here(Rule::kCommandAsChoice,
                   "\"" + other + "\" is a command, so it can never be an answer");
        }
      }
    }
  }

  const Form::Content& content_;
  const CompiledNode& node_;
  Problems& problems_;
  std::size_t rows_ = 0;
};

}  // namespace

void check_choices(const Form::Content& content, Problems& problems) {
  constexpr std::uint32_t kDistressing = 2;
  for (const auto& node : content.nodes) {
    ChoiceCheck(content, node, problems).run();
    const bool asks = node.type != nullptr && node.type->asks;
    const bool consent = node.source->body_case() == pb::Node::kConsent;
    if (asks && !consent && node.source->required() && node.source->sensitivity() >= kDistressing) {
      problems.add(Rule::kSensitiveRequired, where(node), "a sensitive question must be skippable");
    }
  }
}

}  // namespace resguardo::dialogue
