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
      if (found != lines_.end()) return source_.place(found->second.front().line);
      const auto cut = name.find_last_of("(:");
      if (cut == std::string::npos) break;
      name.resize(name.find_last_not_of(' ', cut == 0 ? 0 : cut - 1) + 1);
    }
    return {};
  }
  // All of them, of things of that type; empty: of any.
  std::vector<std::string> all_of(const std::string& name, std::string_view type) const {
    std::vector<std::string> places;
    const auto found = lines_.find(name);
    if (found == lines_.end()) return places;
    for (const NamedAt& each : found->second) {
      if (type.empty() || each.type == type) places.push_back(source_.place(each.line));
    }
    return places;
  }

 private:
  const FormSource& source_;
  std::map<std::string, std::vector<NamedAt>> lines_;
};

std::vector<Finding> syntax_findings(const FormSource& source) {
  std::vector<Finding> findings;
  for (auto& problem : syntax_problems(source)) {
    findings.push_back({Rule::kSyntax,
                        {},
                        std::move(problem.where),
                        std::move(problem.what),
                        std::move(problem.mend)});
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
    findings.push_back({each.rule, std::move(each.where), {}, std::move(each.what), {}});
  }
  return findings;
}

// Of what is there twice: where the second stands, and the first.
void tell_both_places(const Places& places, std::vector<Finding>& findings) {
  std::map<std::string, std::size_t> told;  // by what and name: how many
  for (Finding& each : findings) {
    std::string_view type;
    if (each.rule == Rule::kIdTwice) type = each.what.starts_with("section") ? "Section" : "Node";
    if (each.rule != Rule::kIdTwice && each.rule != Rule::kCodeTwice) continue;
    const auto all = places.all_of(each.where, type);
    const std::size_t at = ++told[std::string(type).append(each.where)];
    if (at >= all.size()) continue;
    each.place = all[at];
    each.what.append(", first in ").append(all.front());
  }
}

// Part of a form, and not the whole of it: whatever else would be said of it is beside the point.
bool is_part(const FormSource& source, const pb::Questionnaire& form) {
  return source.parts().size() == 1 && form.id().empty() && form.version().empty() &&
         form.languages().empty();
}

void lint_form(const FormSource& source, const LintOptions& options,
               std::vector<Finding>& findings) {
  std::shared_ptr<const dialogue::Form> compiled;
  pb::Questionnaire form;
  const bool parses =
      google::protobuf::TextFormat::ParseFromString(to_string(source.bytes()), &form);
  if (parses && is_part(source, form)) {
    findings.push_back({Rule::kFormIncomplete, "", source.parts().front().name,
                        "no id, version or languages: it looks like a part of a form",
                        "lint the directory that holds it and its parts.txt"});
    return;
  }
  findings = compiler_findings(source, compiled);
  if (!parses) return;
  Findings more(findings);
  lint_texts(form, more);
  lint_answers(form, more);
  lint_names(form, more);
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
  tell_both_places(places, report.findings);
  for (Finding& each : report.findings) {
    if (each.place.empty()) each.place = places.of(each.where);
    const bool error = dialogue::info(each.rule).severity == Severity::kError;
    ++(error ? report.errors : report.warnings);
  }
  return report;
}

}  // namespace resguardo::form
