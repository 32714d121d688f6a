// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/dialogue/form.h"
#include "crypto/base/clock.h"
#include "form/parts.h"
#include "proto/questionnaire.pb.h"

namespace resguardo::form {

// One thing wrong with a form, by the name of its rule.
struct Finding {
  dialogue::Rule rule = dialogue::Rule::kSyntax;
  std::string where;  // node, choice or phrase, and the language
  std::string place;  // "consent.txtpb:12"; may be empty
  std::string what;
  std::string mend = {};  // empty: as its rule says
};
struct LintReport {
  std::vector<Finding> findings;
  std::size_t errors = 0;
  std::size_t warnings = 0;
};
struct LintOptions {
  TimePoint now;                            // for advice that has grown old
  std::optional<pb::Questionnaire> before;  // the version before this one
};

// Every rule of bot/dialogue/rules.h asked, in the order of the form. Pure.
LintReport lint(const FormSource& source, const LintOptions& options);

// The rules that only lint asks; each adds what it finds. `form` may be broken in any way that the
// compiler complains about.
class Findings {
 public:
  explicit Findings(std::vector<Finding>& all) : all_(all) {}
  void add(dialogue::Rule rule, std::string where, std::string what) {
    all_.push_back({rule, std::move(where), {}, std::move(what), {}});
  }
  std::size_t count() const { return all_.size(); }

 private:
  std::vector<Finding>& all_;
};
void lint_texts(const pb::Questionnaire& form, Findings& findings);    // rules_text.cpp
void lint_answers(const pb::Questionnaire& form, Findings& findings);  // rules_answers.cpp
void lint_names(const pb::Questionnaire& form, Findings& findings);    // rules_names.cpp
void lint_flow(const pb::Questionnaire& form, Findings& findings);     // rules_flow.cpp
void lint_places(const pb::Questionnaire& form, Findings& findings);   // rules_places.cpp
void lint_data(const pb::Questionnaire& form, const LintOptions& options, Findings& findings);
void lint_paths(const std::shared_ptr<const dialogue::Form>& form,
                Findings& findings);  // rules_paths.cpp
void lint_card(const std::shared_ptr<const dialogue::Form>& form,
               Findings& findings);  // rules_card.cpp

std::string in_language(std::string_view where, std::string_view language);  // "role (en)"

}  // namespace resguardo::form
