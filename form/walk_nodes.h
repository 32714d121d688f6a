// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "proto/questionnaire.pb.h"

namespace resguardo::form {

struct NodeAt {
  const pb::Section* section;
  const pb::Node* node;
};

// All nodes in the order in which they stand, those of groups after their group.
std::vector<NodeAt> all_nodes(const pb::Questionnaire& form);
// The choices of a node, its taxonomy's rows and its consent's purposes among them.
std::vector<const pb::Choice*> choices_of(const pb::Questionnaire& form, const pb::Node& node);
// Asks something (a message and a group do not).
bool asks(const pb::Node& node);

}  // namespace resguardo::form
