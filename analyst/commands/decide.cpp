// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/decide.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/incident/decisions.h"
#include "analyst/vault/vault_decisions.h"
#include "program/json_output.h"
#include "program/output_file.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

bool of_an_incident(DecisionKind kind) {
  return kind != DecisionKind::kTag && kind != DecisionKind::kNote;
}

Outcome<CodedReport> coded_here(OpenVault& open, const ReportId& report) {
  RESGUARDO_TRY(const ReportView view, read_report(open, report));
  RESGUARDO_TRY(const ReportCoder coder, at("codes", ReportCoder::built_in()));
  return coder.code(view, open.forms);
}

Outcome<Done> is_there(OpenVault& open, const IncidentKey& incident, const std::string& name) {
  RESGUARDO_TRY(const CodedReport coded, coded_here(open, incident.report));
  Decision about;
  about.incident = incident.number;
  if (is_about_nothing(about, coded))
    return Problem{name, "is no incident that its report tells of", "`incidents` names them"};
  return Done{};
}

Outcome<std::string> note_of(const DecideOptions& options) {
  if (options.text_file.empty()) return options.reason;
  const auto file = options.text_file == "-" ? "/dev/stdin" : options.text_file;
  RESGUARDO_TRY(Bytes bytes, program::read_file(file, kMostDecisionText + 1));
  std::string text = to_string(bytes);
  wipe(bytes);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Outcome<DecisionKind> kind_of(const DecideOptions& options) {
  if (options.coded.empty()) return options.kind;
  for (const auto kind : {DecisionKind::kViolation, DecisionKind::kPolicy, DecisionKind::kActor})
    if (kind_text(kind) == options.coded) return kind;
  return usage_problem(options.coded, "cannot be coded", "violation, policy or actor");
}

Outcome<DecisionHow> how_of(const DecideOptions& options) {
  if (options.coded.empty()) return options.undo ? DecisionHow::kUndo : DecisionHow::kConfirm;
  if (options.confirm + options.reject + options.undo != 1)
    return usage_problem("code", "needs one of --confirm, --reject and --undo");
  if (options.undo) return DecisionHow::kUndo;
  return options.confirm ? DecisionHow::kConfirm : DecisionHow::kReject;
}

// The report, and what is decided of it.
struct DecisionDraft {
  ReportId report;
  std::vector<Decision> decisions;
};
Outcome<DecisionDraft> decision_draft_of(const DecideOptions& options, OpenVault& open) {
  DecisionDraft draft;
  Decision one;
  RESGUARDO_TRY(one.kind, kind_of(options));
  RESGUARDO_TRY(one.how, how_of(options));
  RESGUARDO_TRY(one.reason, note_of(options));
  if (of_an_incident(one.kind)) {
    RESGUARDO_TRY(const IncidentKey incident, find_incident(open.vault, options.what));
    RESGUARDO_CHECK(is_there(open, incident, options.what));
    draft.report = incident.report;
    one.incident = incident.number;
  } else {
    RESGUARDO_TRY(draft.report, find_report(open.vault, options.what));
  }
  if (one.kind == DecisionKind::kLink) {
    RESGUARDO_TRY(const IncidentKey other, find_incident(open.vault, options.other));
    RESGUARDO_CHECK(is_there(open, other, options.other));
    if (other.report == draft.report && other.number == one.incident)
      return usage_problem(options.other, "is the same incident");
    one.code = options.type;
    one.other = other.report;
    one.other_incident = other.number;
  }
  if (one.kind == DecisionKind::kNote && one.reason.empty())
    return usage_problem("note", "is empty", "give --text-file FILE");
  if (one.kind == DecisionKind::kLevel && one.reason.empty())
    return usage_problem("--reason", "is needed: others will ask why");
  if (options.codes.empty()) draft.decisions.push_back(one);
  for (const std::string& code : options.codes) {
    one.code = code;
    draft.decisions.push_back(one);
  }
  return draft;
}

Outcome<Done> codes_exist(const DecisionDraft& draft) {
  RESGUARDO_TRY(const Codes codes, at("codes", Codes::built_in()));
  for (const Decision& one : draft.decisions) {
    if (is_code_of(one, codes)) continue;
    if (one.kind == DecisionKind::kTag)
      return usage_problem(one.code, "is no tag", "small letters, digits and single hyphens");
    return usage_problem(one.code, "is no code of that kind",
                         one.kind == DecisionKind::kLink ? "precedes, causes, part-of or parallel"
                                                         : "`codes` names them");
  }
  return Done{};
}

void tell_decided(const DecisionDraft& draft, Call& call) {
  const Decision& first = draft.decisions.front();
  if (call.console.json())
    return call.console.print(
        boost::json::object{{"report", to_hex(draft.report.view())},
                            {"incident", first.incident},
                            {"kind", boost::json::string_view(kind_text(first.kind))},
                            {"how", boost::json::string_view(how_text(first.how))},
                            {"decisions", draft.decisions.size()}});
  if (first.kind == DecisionKind::kLevel &&
      (first.code == "corroborated" || first.code == "verified"))
    call.console.note(
        "verified means that two or more independent sources say each material fact, "
        "corroborated that one more does: this program cannot know whether they do");
  call.console.note("written down, with your name, as the analysts' and not the reporter's");
}

}  // namespace

Outcome<Done> decide(const DecideOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(DecisionDraft draft, decision_draft_of(options, open));
  RESGUARDO_CHECK(codes_exist(draft));
  RESGUARDO_TRY(auto custody, custody_of(open.vault, options.vault.as, call));
  if (!custody)
    return Problem{open.where, "has nobody yet in whose name this could be decided",
                   "`import` a bundle with your keys first"};
  RESGUARDO_CHECK(at(
      options.what,
      VaultDecisions(open.vault).add(draft.report, draft.decisions, *custody, call.ids, call.now)));
  tell_decided(draft, call);
  return Done{};
}

std::string decisions_text(const ReportView& view, const CodedReport& coded,
                           const RosterShelf& shelf) {
  const auto standing = standing_decisions(view.decisions);
  if (standing.empty()) return "";
  std::string text = "\nDecided by analysts, not told by the reporter:\n";
  for (const Decision& one : standing) {
    const std::string label = program::visible(shelf.label(one.member));
    text += "  " + to_string(day_of(one.time)) + "  " +
            (one.incident == 0 ? "report" : "incident " + std::to_string(one.incident)) + "  " +
            std::string(kind_text(one.kind));
    if (!one.code.empty()) text += " " + program::visible(one.code);
    if (one.other) text += " " + incident_name(*one.other, one.other_incident);
    if (one.how == DecisionHow::kReject) text += "  rejected";
    if (is_about_nothing(one, coded)) text += "  (the report tells of no such incident any more)";
    text += "  by " + (label.empty() ? to_hex(one.member.view()).substr(0, 8) : label) + "\n";
    if (!one.reason.empty()) text += "      " + program::visible_block(one.reason, 6) + "\n";
  }
  return text;
}

}  // namespace resguardo::analyst
