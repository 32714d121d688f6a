// SPDX-License-Identifier: AGPL-3.0-or-later
// Which parts were told and how much, never what: the server cannot read it back.
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire&, const pb::Node& node) {
  const auto& review = node.review();
  return {&review.send(), &review.change(), &review.erase()};
}
void check(const pb::Questionnaire&, const pb::Node& node, TypeProblems& problems) {
  const auto& review = node.review();
  for (const auto* choice : {&review.send(), &review.change(), &review.erase()}) {
    if (choice->code().empty()) problems.emplace_back("a review needs send, change and erase");
    if (!choice->goto_node().empty()) problems.emplace_back("a review's choices go nowhere else");
  }
  if (!node.required()) problems.emplace_back("the review cannot be skipped: set required");
}
Heard hear(const Scene& scene, const Utterance& said) {
  Heard heard = hear_one(scene, offered(scene), said);
  if (heard.kind != Heard::Kind::kCodes) return heard;
  const auto& review = scene.node.source->review();
  if (heard.codes.front() == review.change().code()) heard.kind = Heard::Kind::kChange;
  if (heard.codes.front() == review.erase().code()) heard.kind = Heard::Kind::kErase;
  return heard;
}

}  // namespace

const QuestionType kReviewType = {.arm = pb::Node::kReview,
                                  .name = "review",
                                  .variable = VariableType::Kind::kOneCode,
                                  .choices = choices,
                                  .check = check,
                                  .rows = offered,
                                  .hear = hear};

}  // namespace resguardo::dialogue
