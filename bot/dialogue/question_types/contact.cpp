// SPDX-License-Identifier: AGPL-3.0-or-later
// How to reach a person, in their way of writing it: what looks wrong to us may be right where they
// are. It is sealed to the identity's key and never understood.
#include <algorithm>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  if (node.compartment() != pb::COMPARTMENT_IDENTITY) {
    problems.add(Rule::kQuestionShape, "a contact belongs to the identity: set compartment");
  }
  const std::string& how = node.contact().how_node();
  const bool known =
      std::any_of(form.sections().begin(), form.sections().end(), [&](const pb::Section& section) {
        return std::any_of(section.nodes().begin(), section.nodes().end(), [&](const auto& each) {
          return each.id() == how && each.has_single_choice();
        });
      });
  if (!how.empty() && !known)
    problems.add(Rule::kQuestionShape, "how_node is no single choice: " + how);
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  return hear_words(scene, offered_or_skip(scene), said, Heard::Kind::kWords);
}

}  // namespace

const QuestionType kContactType = {.arm = pb::Node::kContact,
                                   .name = "contact",
                                   .takes_words = true,
                                   .check = check,
                                   .rows = offered_or_skip,
                                   .hear = hear};

}  // namespace resguardo::dialogue
