// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/lint/lint.h"

#include <algorithm>

#include <google/protobuf/text_format.h>

#include "form/syntax.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;
using dialogue::Severity;

// Where a name of a problem was written: the name itself, else what it belongs to.
class Places {
 public:
  explicit Places(const FormSource& source)
      : source_(source), lines_(parse_part(to_string(source.bytes())).lines) {}

  std::string of(std::string name) const {
    constexpr std::string_view kLine = "line ";
    if (name.starts_with(kLine)) return source_.place(std::stoul(name.substr(kLine.size())));
    while (!name.empty()) {
      const auto found = lines_.find(name);
      if (found != lines_.end()) return source_.place(found->second);
      const auto cut = name.find_last_of("(:");
      if (cut == std::string::npos) break;
      name.resize(name.find_last_not_of(' ', cut == 0 ? 0 : cut - 1) + 1);
    }
    return {};
  }

 private:
  const FormSource& source_;
  std::map<std::string, std::size_t> lines_;
};

std::vector<Finding> syntax_findings(const FormSource& source) {
  std::vector<Finding> findings;
  for (auto& problem : syntax_problems(source)) {
    findings.push_back({Rule::kSyntax, {}, std::move(problem.where), std::move(problem.what)});
  }
  return findings;
}

std::vector<Finding> compiler_findings(const FormSource& source,
                                       std::shared_ptr<const dialogue::Form>& form) {
  std::vector<dialogue::FormProblem> problems;
  auto compiled = dialogue::Form::compile(source.bytes(), problems);
  if (compiled.ok()) form = std::move(compiled).value();
  std::vector<Finding> findings;
  for (auto& each : problems) {
    findings.push_back({each.rule, std::move(each.where), {}, std::move(each.what)});
  }
  return findings;
}

void lint_form(const FormSource& source, const LintOptions& options,
               std::vector<Finding>& findings) {
  std::shared_ptr<const dialogue::Form> compiled;
  findings = compiler_findings(source, compiled);
  pb::Questionnaire form;
  if (!google::protobuf::TextFormat::ParseFromString(to_string(source.bytes()), &form)) return;
  Findings more(findings);
  lint_texts(form, more);
  lint_answers(form, more);
  lint_flow(form, more);
  lint_places(form, more);
  lint_data(form, options, more);
  if (compiled == nullptr) return;
  lint_paths(compiled, more);
  lint_card(compiled, more);
}

}  // namespace

std::string in_language(std::string_view where, std::string_view language) {
  std::string text(where);
  return text.append(" (").append(language).append(")");
}

LintReport lint(const FormSource& source, const LintOptions& options) {
  LintReport report;
  report.findings = syntax_findings(source);
  if (report.findings.empty()) lint_form(source, options, report.findings);
  const Places places(source);
  for (Finding& each : report.findings) {
    if (each.place.empty()) each.place = places.of(each.where);
    const bool error = dialogue::info(each.rule).severity == Severity::kError;
    ++(error ? report.errors : report.warnings);
  }
  return report;
}

}  // namespace resguardo::form
