// SPDX-License-Identifier: AGPL-3.0-or-later
// Directories, card numbers, and codes compared with the version before.
#include <algorithm>
#include <chrono>
#include <map>

#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

constexpr std::int64_t kOldAfterDays = 365;

void check_resources(const pb::Questionnaire& form, TimePoint now, Findings& findings) {
  const std::int64_t today =
      std::chrono::duration_cast<std::chrono::days>(now.time_since_epoch()).count();
  for (const auto& resource : form.resources()) {
    const std::string where = "resource " + resource.id();
    if (resource.reviewed_day() == 0) {
      findings.add(Rule::kResourceUndated, where, "without reviewed_day");
    } else if (today - resource.reviewed_day() > kOldAfterDays) {
      findings.add(
          Rule::kResourceOld, where,
          "last reviewed " + std::to_string(today - resource.reviewed_day()) + " days ago");
    }
  }
}

void check_card_numbers(const pb::Questionnaire& form, Findings& findings) {
  std::map<std::uint32_t, std::string> taken;
  for (const auto& [section, node] : all_nodes(form)) {
    if (node->card_number() == 0) continue;
    const auto [entry, is_new] = taken.emplace(node->card_number(), node->id());
    if (is_new) continue;
    findings.add(
        Rule::kCardNumberTwice, node->id(),
        "card_number " + std::to_string(node->card_number()) + " is " + entry->second + "'s too");
  }
}

// The first language's title of every choice, by "node:code".
std::map<std::string, std::string> meanings(const pb::Questionnaire& form) {
  std::map<std::string, std::string> titles;
  for (const auto& [section, node] : all_nodes(form)) {
    for (const auto* choice : choices_of(form, *node)) {
      for (const auto& title : choice->titles()) {
        if (form.languages().empty() || title.language() != form.languages(0)) continue;
        titles[node->id() + ":" + choice->code()] = title.title();
      }
    }
  }
  return titles;
}

// Same code, not a word in common: a typing error mended keeps some.
bool another_meaning(const std::string& before, const std::string& now) {
  const std::string old_words = dialogue::fold_name(before);
  const std::string new_words = " " + dialogue::fold_name(now) + " ";
  for (const auto word : dialogue::split(old_words)) {
    if (new_words.find(" " + std::string(word) + " ") != std::string::npos) return false;
  }
  return true;
}

void check_reused_codes(const pb::Questionnaire& before, const pb::Questionnaire& form,
                        Findings& findings) {
  const auto old_titles = meanings(before);
  for (const auto& [choice, title] : meanings(form)) {
    const auto old_title = old_titles.find(choice);
    if (old_title == old_titles.end() || !another_meaning(old_title->second, title)) continue;
    findings.add(Rule::kCodeReused, choice,
                 "was \"" + old_title->second + "\" and is \"" + title + "\"");
  }
}

}  // namespace

void lint_data(const pb::Questionnaire& form, const LintOptions& options, Findings& findings) {
  check_resources(form, options.now, findings);
  check_card_numbers(form, findings);
  if (options.before) check_reused_codes(*options.before, form, findings);
}

}  // namespace resguardo::form
