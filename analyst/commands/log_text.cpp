// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/log_text.h"

#include <boost/json.hpp>
#include <set>

#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;

const char* kind_name(LogKind kind) {
  switch (kind) {
    case LogKind::kReport:
      return "REPORT";
    case LogKind::kAddendum:
      return "ADDENDUM";
    case LogKind::kIncomplete:
      return "INCOMPLETE";
    case LogKind::kWithdrawal:
      return "WITHDRAWAL";
    case LogKind::kConsentChange:
      return "CONSENT_CHANGE";
    case LogKind::kExpired:
      return "EXPIRED";
    case LogKind::kRoster:
      return "ROSTER";
    case LogKind::kEpochList:
      return "EPOCH_LIST";
    case LogKind::kEpochClosed:
      return "EPOCH_CLOSED";
    case LogKind::kQuestionnaire:
      return "QUESTIONNAIRE";
    case LogKind::kRestart:
      return "RESTART";
  }
  return "?";
}

const char* fate_text(LogFate fate) {
  switch (fate) {
    case LogFate::kUnsigned:
      return "no checkpoint";
    case LogFate::kFirst:
      return "consistent in itself; the first of this log here";
    case LogFate::kSame:
      return "consistent, as before";
    case LogFate::kGrown:
      return "consistent with what was seen before";
    case LogFate::kContinues:
      return "consistent with the earlier checkpoint that it goes on from";
    case LogFate::kOlder:
      return "consistent, older than what was seen before";
  }
  return "?";
}

}  // namespace

std::string entry_name(const LogFact& fact) {
  std::string name = kind_name(fact.kind);
  if (fact.week) return name + " " + to_string(*fact.week);
  if (!fact.id.empty()) name += " " + to_hex(fact.id);
  return name;
}

std::string log_line(const LogFindings& log) {
  const std::string waiting =
      log.waiting > 0 ? ", " + std::to_string(log.waiting) + " wait for the next" : "";
  if (!log.checkpoint) return "no checkpoint" + waiting;
  std::string line = std::to_string(log.checkpoint->size) + " entries, checkpoint of " +
                     to_string(log.day) + ", " + fate_text(log.fate) + waiting;
  if (!log.signature_checked) return line + "; signature not checked: give --root";
  if (log.witnesses.empty()) return line;
  line += "; witnessed by ";
  for (std::size_t at = 0; at < log.witnesses.size(); ++at)
    line += (at > 0 ? ", " : "") + log.witnesses[at];
  return line;
}

std::vector<std::string> restart_lines(const LogFindings& log) {
  if (!log.restart) return {};
  const LogRestart& restart = *log.restart;
  std::vector<std::string> lines;
  lines.push_back("the server was restored from a backup on " + to_string(restart.day) +
                  ": this log began anew, and says again what the backup knew");
  if (!restart.before) {
    lines.emplace_back("the log before it had no checkpoint");
    return lines;
  }
  const std::string before = "log " + program::visible(restart.before->origin) +
                             ", which ended at " + std::to_string(restart.before->size) +
                             " entries on " + to_string(restart.ended);
  switch (restart.fit) {
    case LogRestart::Fit::kUnknown:
      lines.push_back("it goes on from " + before + "; nothing of that one is known here");
      break;
    case LogRestart::Fit::kSame:
      lines.push_back("it goes on from " + before + ", as this vault has it");
      break;
    case LogRestart::Fit::kLonger:
      lines.push_back("it goes on from " + before + "; this vault has less of it");
      break;
    case LogRestart::Fit::kShorter:
      lines.push_back("it goes on from " + before + ", and this vault has " +
                      std::to_string(restart.more) +
                      " entries more of it: the restore was given an older checkpoint than yours");
      break;
  }
  return lines;
}

json::object log_json(const LogFindings& log) {
  json::object object{{"origin", program::json_text(log.origin)}, {"waiting", log.waiting}};
  if (!log.checkpoint) return object;
  json::array witnesses;
  for (const std::string& label : log.witnesses) witnesses.emplace_back(program::json_text(label));
  json::array broken;
  for (const std::string& line : broken_promises(log)) broken.emplace_back(line);
  object["entries"] = log.checkpoint->size;
  object["checkpointDay"] = to_string(log.day);
  object["signatureChecked"] = log.signature_checked;
  object["consistency"] = fate_text(log.fate);
  object["witnesses"] = std::move(witnesses);
  if (log.restart) {
    json::array restart;
    for (const std::string& line : restart_lines(log)) restart.emplace_back(line);
    object["restart"] = std::move(restart);
  }
  object["promisesBroken"] = std::move(broken);
  return object;
}

json::array logs_json(const std::vector<LogFindings>& logs) {
  json::array array;
  for (const LogFindings& log : logs) array.push_back(log_json(log));
  return array;
}

program::Outcome<Done> tell_logs(const std::vector<LogFindings>& logs, Vault& vault, Call& call) {
  std::set<std::string> origins;
  VaultLog known(vault);
  for (const LogFindings& log : logs) {
    if (!call.console.json()) call.console.print("log: " + log_line(log) + "\n");
    const bool behind = log.restart && log.restart->fit == LogRestart::Fit::kShorter;
    for (const std::string& line : restart_lines(log))
      behind ? call.console.warn(line) : call.console.note(line);
    for (const std::string& line : broken_promises(log)) call.console.warn(line);
    if (!origins.insert(log.origin).second) continue;
    RESGUARDO_TRY(const auto kept, program::at("vault", known.kept(log.origin)));
    if (!kept) continue;
    RESGUARDO_TRY(const auto missing,
                  program::at("vault", known.missing(kept->origin, kept->size)));
    if (missing.empty()) continue;
    call.console.warn(std::to_string(missing.size()) +
                      " reports that the log names are not here whole: " +
                      to_hex(missing.front().view()) + (missing.size() > 1 ? ", …" : ""));
  }
  return Done{};
}

std::vector<std::string> broken_promises(const LogFindings& log) {
  std::vector<std::string> lines;
  for (const LogPromise& promise : log.broken) {
    const auto fact = parse_log_entry(promise.entry);
    lines.push_back("an entry that a bundle of " + to_string(promise.day) +
                    " showed never came into the log: " + (fact.ok() ? entry_name(*fact) : "?"));
  }
  return lines;
}

}  // namespace resguardo::analyst
