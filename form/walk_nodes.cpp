// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk_nodes.h"

#include "bot/dialogue/question_type.h"

namespace resguardo::form {
namespace {

void add(const pb::Section& section, const pb::Node& node, std::vector<NodeAt>& all) {
  all.push_back({&section, &node});
  for (const auto& inner : node.group().nodes()) all.push_back({&section, &inner});
}

}  // namespace

std::vector<NodeAt> all_nodes(const pb::Questionnaire& form) {
  std::vector<NodeAt> all;
  for (const auto& section : form.sections()) {
    for (const auto& node : section.nodes()) add(section, node, all);
  }
  return all;
}

std::vector<const pb::Choice*> choices_of(const pb::Questionnaire& form, const pb::Node& node) {
  const auto* type = dialogue::question_type(node.body_case());
  return type == nullptr ? std::vector<const pb::Choice*>() : type->choices(form, node);
}

bool asks(const pb::Node& node) {
  const auto body = node.body_case();
  return body != pb::Node::kMessage && body != pb::Node::kGroup && body != pb::Node::BODY_NOT_SET;
}

}  // namespace resguardo::form
