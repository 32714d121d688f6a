// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/commands/lint.h"

#include <google/protobuf/text_format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "form/lint/lint.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::form {
namespace {

using dialogue::RuleInfo;
using dialogue::Severity;
using program::Outcome;
namespace json = boost::json;

const char* word(Severity severity) {
  return severity == Severity::kError ? "error" : "warning";
}

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string_view mend_of(const Finding& each) {
  return each.mend.empty() ? dialogue::info(each.rule).mend : std::string_view(each.mend);
}

json::object as_json(const LintReport& report) {
  json::array findings;
  for (const Finding& each : report.findings) {
    const RuleInfo& rule = dialogue::info(each.rule);
    findings.push_back(json::object{{"rule", rule.name},
                                    {"severity", word(rule.severity)},
                                    {"where", program::json_text(each.where)},
                                    {"place", program::json_text(each.place)},
                                    {"what", program::json_text(each.what)},
                                    {"danger", rule.danger},
                                    {"mend", mend_of(each)}});
  }
  return {
      {"findings", std::move(findings)}, {"errors", report.errors}, {"warnings", report.warnings}};
}

// "consent.txtpb:12: error: role (en): no title for self [missing-translation]; write it …"
std::string line_about(const Finding& each) {
  const RuleInfo& rule = dialogue::info(each.rule);
  std::string line = each.place.empty() ? std::string() : each.place + ": ";
  line.append(word(rule.severity)).append(": ");
  if (!each.where.empty() && !each.where.starts_with("line ")) line += each.where + ": ";
  line.append(each.what).append(" [").append(rule.name).append("]; ").append(mend_of(each));
  return program::visible(line) + "\n";
}

Outcome<std::optional<pb::Questionnaire>> version_before(const LintCommandOptions& options) {
  if (!options.before) return std::optional<pb::Questionnaire>();
  RESGUARDO_TRY(const auto source, FormSource::read(*options.before));
  pb::Questionnaire form;
  if (!google::protobuf::TextFormat::ParseFromString(to_string(source.bytes()), &form)) {
    return program::usage_problem(options.before->string(), "does not parse",
                                  "lint that version first");
  }
  return std::optional(std::move(form));
}

}  // namespace

Outcome<Done> lint_form(const LintCommandOptions& options, Call& call) {
  RESGUARDO_TRY(const auto source, FormSource::read(options.form));
  RESGUARDO_TRY(auto before, version_before(options));
  const LintReport report = lint(source, {call.now, std::move(before)});
  const std::string sum =
      counted(report.errors, "error") + ", " + counted(report.warnings, "warning");
  if (call.console.json()) {
    call.console.print(as_json(report));
  } else {
    for (const Finding& each : report.findings) call.console.print(line_about(each));
    call.console.print(sum + "\n");
  }
  if (report.errors == 0) return Done{};
  return program::Problem{options.form.string(), "not fit for use: " + sum,
                          "mend what the lines above name", program::ExitCode::kFailed};
}

Outcome<Done> list_rules(const RulesOptions&, Call& call) {
  json::array all;
  program::Table table({"rule", "", "otherwise"});
  for (const RuleInfo& rule : dialogue::rules()) {
    all.push_back(json::object{{"rule", rule.name},
                               {"severity", word(rule.severity)},
                               {"danger", rule.danger},
                               {"mend", rule.mend}});
    table.add({std::string(rule.name), word(rule.severity), std::string(rule.danger)});
  }
  if (call.console.json()) {
    call.console.print(json::value(std::move(all)));
  } else {
    call.console.print(table.text());
  }
  return Done{};
}

}  // namespace resguardo::form
