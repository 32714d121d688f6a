// SPDX-License-Identifier: AGPL-3.0-or-later
// What analysts, expressions and exports call things by.
#include <algorithm>
#include <set>

#include "bot/dialogue/fold.h"
#include "form/lint/lint.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
// What an expression can name.
bool is_id(const std::string& id) {
  return is_small(id.front()) && std::all_of(id.begin(), id.end(), [](char c) {
           return is_small(c) || is_digit(c) || c == '_';
         });
}
// Codes of offices and places are written as others write them: "MX-INM", "60_plus".
bool is_code(const std::string& code) {
  return std::all_of(code.begin(), code.end(), [](char c) {
    return is_small(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
  });
}
// `code-reserved` tells these.
bool is_reserved(const std::string& code) {
  return code.starts_with("_") || code.find(':') != std::string::npos;
}

std::string cannot_be(const std::string& name, const char* what) {
  std::string better = dialogue::fold_name(name);
  std::replace(better.begin(), better.end(), ' ', '_');
  std::string said = "\"" + name + "\" cannot be " + what;
  const bool good = !better.empty() && is_id(better);
  return good ? said.append(": write ").append(better) : said;
}

class NameCheck {
 public:
  NameCheck(const pb::Questionnaire& form, Findings& findings) : form_(form), findings_(findings) {}

  void run() {
    std::set<std::string> sections;
    for (const auto& section : form_.sections()) {
      const std::string& id = section.id();
      check_id(id);
      if (!id.empty() && !sections.insert(id).second)
        findings_.add(Rule::kIdTwice, id, "section id used twice");
    }
    for (const auto& taxonomy : form_.taxonomies()) {
      check_id(taxonomy.id());
      for (const auto& choice : taxonomy.rows()) check_code(taxonomy.id(), choice.code());
    }
    for (const auto& [section, node] : all_nodes(form_)) {
      check_id(node->id());
      for (const auto* choice : choices_of(form_, *node)) check_code(node->id(), choice->code());
    }
  }

 private:
  void check_id(const std::string& id) {
    if (id.empty() || is_id(id) || !told_.insert(id).second) return;
    findings_.add(Rule::kNameShape, id, cannot_be(id, "an id"));
  }
  void check_code(const std::string& owner, const std::string& code) {
    if (code.empty() || is_code(code) || is_reserved(code) || !told_.insert(code).second) return;
    findings_.add(Rule::kNameShape, owner + ":" + code, cannot_be(code, "a code"));
  }
  const pb::Questionnaire& form_;
  Findings& findings_;
  std::set<std::string> told_;  // a taxonomy's codes stand in several questions
};

}  // namespace

void lint_names(const pb::Questionnaire& form, Findings& findings) {
  NameCheck(form, findings).run();
}

}  // namespace resguardo::form
