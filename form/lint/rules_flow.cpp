// SPDX-License-Identifier: AGPL-3.0-or-later
// What comes after what.
#include <map>
#include <set>

#include "form/lint/lint.h"
#include "form/walk_nodes.h"

namespace resguardo::form {
namespace {

using dialogue::Rule;

constexpr std::uint32_t kDistressing = 2;
constexpr std::uint32_t kDangerous = 3;
constexpr std::string_view kWarningFlag = "soft_warning";

bool has_flag(const pb::Node& node, std::string_view flag) {
  for (const auto& each : node.flags()) {
    if (each == flag) return true;
  }
  return false;
}

// From a message that points on to where it ends: a node that asks, or a message seen before.
void check_loops(const pb::Questionnaire& form, Findings& findings) {
  std::map<std::string, const pb::Node*> by_id;
  for (const auto& [section, node] : all_nodes(form)) by_id[node->id()] = node;
  std::set<std::string> told;
  for (const auto& [section, first] : all_nodes(form)) {
    std::set<std::string> passed;
    const pb::Node* at = first;
    while (at != nullptr && at->has_message() && at->message().after() == pb::Message::AFTER_GO) {
      if (!passed.insert(at->id()).second) break;
      const auto next = by_id.find(at->message().go_to());
      at = next == by_id.end() ? nullptr : next->second;
    }
    if (at != first || passed.empty() || told.contains(first->id())) continue;
    told.merge(passed);
    findings.add(Rule::kMessageLoop, first->id(), "comes back to itself without a question");
  }
}

void check_warnings(const pb::Questionnaire& form, Findings& findings) {
  bool after_consent = false;
  bool warned = false;
  for (const auto& [section, node] : all_nodes(form)) {
    after_consent = after_consent || node->has_consent();
    warned = warned || (node->has_message() && has_flag(*node, kWarningFlag));
    const bool hard = asks(*node) && node->sensitivity() >= kDangerous;
    if (!after_consent || warned || !hard) continue;
    findings.add(Rule::kUnwarned, node->id(),
                 "the first question of sensitivity 3, and no message before it with the flag "
                 "\"soft_warning\"");
    return;
  }
}

}  // namespace

void lint_flow(const pb::Questionnaire& form, Findings& findings) {
  check_loops(form, findings);
  check_warnings(form, findings);
  for (const auto& [section, node] : all_nodes(form)) {
    if (node->sensitivity() > kDangerous) {
      findings.add(Rule::kSensitivityUnknown, node->id(),
                   "sensitivity " + std::to_string(node->sensitivity()) + ", and 3 is the most");
    }
    const bool hard = node->sensitivity() >= kDistressing && asks(*node);
    if (!hard || !node->persist()) continue;
    findings.add(Rule::kSensitivePersisted, node->id(),
                 "sensitivity " + std::to_string(node->sensitivity()) + " and persist");
  }
}

}  // namespace resguardo::form
