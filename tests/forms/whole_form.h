// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "proto/questionnaire.pb.h"
#include "proto/taxonomy.pb.h"

namespace resguardo::forms {

// proto/forms/border_abuse, joined; empty and a failed test if it cannot be read.
const std::string& whole_form_text();
const pb::Questionnaire& whole_form();
// proto/forms/taxonomies, together.
const pb::ResearchCodes& research_codes();

// Every node, those of groups too; `in_group` says which.
struct FormNode {
  const pb::Node* node = nullptr;
  bool in_group = false;
};
std::vector<FormNode> nodes_of(const pb::Questionnaire& form);
const pb::Node* node_named(const std::string& id);

// Choices as they are offered, a taxonomy's rows too.
std::vector<const pb::Choice*> choices_of(const pb::Node& node);
std::set<std::string> codes_of(const pb::Node& node);

}  // namespace resguardo::forms
