// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/roster_text.h"

#include <boost/json.hpp>

#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using open::MemberTask;
using open::RosterView;
using open::Standing;
using Roots = std::vector<PublicKey<RootRole>>;

const char* standing_text(Standing standing) {
  switch (standing) {
    case Standing::kActive:
      return "active";
    case Standing::kSuspended:
      return "suspended";
    case Standing::kRevoked:
      return "revoked";
  }
  return "";
}

const char* task_text(MemberTask task) {
  switch (task) {
    case MemberTask::kAnalyst:
      return "analyst";
    case MemberTask::kResearcher:
      return "researcher";
    case MemberTask::kWitness:
      return "witness";
  }
  return "";
}

std::string reads_text(const RosterView::Line& line) {
  if (line.reads.testimony && line.reads.identity) return "testimony, identity";
  return line.reads.testimony ? "testimony" : line.reads.identity ? "identity" : "nothing";
}

bool has_keys(const RosterView::Line& line) {
  return line.last_week.has_value();
}

// Weeks after this one that the list still has.
int weeks_left(const RosterView::Line& line, const Call& call) {
  return line.last_week->number - week_of(call.now).number;
}

std::string keys_text(const RosterView::Line& line, const Call& call) {
  if (!has_keys(line)) return "";
  const int weeks = weeks_left(line, call);
  return (weeks < 0 ? std::string("run out") : std::to_string(weeks) + " weeks") +
         (line.reserve ? " + reserve" : "");
}

json::array keys_json(const Roots& roots) {
  json::array keys;
  for (const auto& root : roots)
    keys.push_back(
        json::object{{"publicKey", to_hex(root.view())}, {"fingerprint", fingerprint(root)}});
  return keys;
}

json::object line_json(const RosterView::Line& line, const Call& call) {
  json::object object{{"member", to_hex(line.id.view())},
                      {"label", program::json_text(line.label)},
                      {"organisation", program::json_text(line.organisation)},
                      {"role", task_text(line.task)},
                      {"state", standing_text(line.standing)},
                      {"active", line.standing == Standing::kActive},
                      {"readsTestimony", line.reads.testimony},
                      {"readsIdentity", line.reads.identity},
                      {"fingerprint", fingerprint(line.key)}};
  if (has_keys(line)) {
    object["list"] = line.list_number;
    object["lastWeek"] = to_string(*line.last_week);
    object["weeksLeft"] = weeks_left(line, call);
    object["reserve"] = line.reserve;
  }
  return object;
}

json::object policy_json(const RosterView::Policy& policy) {
  json::array groups;
  for (const auto& group : policy.groups)
    groups.push_back(json::object{{"organisation", program::json_text(group.organisation)},
                                  {"needed", group.m},
                                  {"members", group.members}});
  return {{"policy", policy.type == PolicyType::kAny ? "any" : "quorum"}, {"groups", groups}};
}

json::object roster_json(const ShownRoster& roster, const Call& call) {
  const auto& [view, signers, to_sign] = roster;
  json::array members;
  for (const auto& line : view.members) members.push_back(line_json(line, call));
  json::array log_keys;
  for (const auto& key : view.terms.log_keys) log_keys.push_back(json::string(to_hex(key.view())));
  return {{"number", view.number},
          {"issued", to_string(view.terms.issued)},
          {"expires", to_string(view.terms.expires)},
          {"daysLeft", view.terms.expires.number - day_of(call.now).number},
          {"logOrigin", program::json_text(view.terms.log_origin)},
          {"logKeys", log_keys},
          {"nextRoot", view.terms.next_root ? json::value(to_hex(view.terms.next_root->view()))
                                            : json::value(nullptr)},
          {"signedBy", keys_json(signers)},
          {"toBeSignedBy", keys_json(to_sign)},
          {"testimony", policy_json(view.policies[0])},
          {"identity", policy_json(view.policies[1])},
          {"members", members}};
}

std::string policy_text(const RosterView::Policy& policy) {
  const bool any = policy.type == PolicyType::kAny;
  std::string text = any ? "any one of" : "together";
  for (const auto& group : policy.groups) {
    text += &group == policy.groups.data() ? " " : any ? ", " : " and ";
    if (!any) text += std::to_string(group.m) + " of ";
    text += std::to_string(group.members) + " of " + program::visible(group.organisation);
  }
  return text;
}

std::string roots_text(const char* what, const Roots& roots) {
  std::string text;
  for (const auto& root : roots)
    text +=
        (text.empty() ? std::string(what) : std::string("            ")) + fingerprint(root) + "\n";
  return text;
}

std::string head_text(const ShownRoster& roster, const Call& call) {
  const RosterView& view = roster.view;
  const int days = view.terms.expires.number - day_of(call.now).number;
  std::string text = "roster " + std::to_string(view.number) + ", issued " +
                     to_string(view.terms.issued) + ", valid through " +
                     to_string(view.terms.expires) +
                     (days < 0 ? " (expired)\n" : " (" + std::to_string(days) + " days left)\n");
  text += "testimony   " + policy_text(view.policies[0]) + "\n";
  text += "identity    " + policy_text(view.policies[1]) + "\n";
  if (!view.terms.log_origin.empty())
    text += "log         " + program::visible(view.terms.log_origin) + "\n";
  for (const auto& key : view.terms.log_keys) text += "log key     " + fingerprint(key) + "\n";
  text += roots_text("signed by   ", roster.signers);
  text += roots_text("to sign     ", roster.to_sign);
  if (view.terms.next_root) text += "next root   " + fingerprint(*view.terms.next_root) + "\n";
  return text;
}

}  // namespace

void print_roster(const ShownRoster& roster, Call& call) {
  if (call.console.json()) {
    call.console.print(roster_json(roster, call));
    return;
  }
  call.console.print(head_text(roster, call) + "\n");
  program::Table table({"label", "organisation", "state", "reads", "keys", "fingerprint", "id"});
  for (const auto& line : roster.view.members)
    table.add({line.label, line.organisation,
               line.task == MemberTask::kAnalyst
                   ? standing_text(line.standing)
                   : std::string(task_text(line.task)) + ", " + standing_text(line.standing),
               reads_text(line), keys_text(line, call), fingerprint(line.key),
               to_hex(line.id.view())});
  call.console.print(table.text());
}

}  // namespace resguardo::analyst
