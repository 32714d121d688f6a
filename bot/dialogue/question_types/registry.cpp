// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

constexpr std::array<const QuestionType*, 9> kTypes = {
    &kConsentType,        &kLanguageType,     &kMessageType,
    &kMultipleChoiceType, &kNarrativeType,    &kReceiptType,
    &kReviewType,         &kSingleChoiceType, &kTextType};

constexpr std::array<pb::Node::BodyCase, 9> kReserved = {
    pb::Node::kNumber, pb::Node::kDate,  pb::Node::kArea,    pb::Node::kPlace, pb::Node::kPoint,
    pb::Node::kMoney,  pb::Node::kMedia, pb::Node::kContact, pb::Node::kGroup};

}  // namespace

std::span<const QuestionType* const> question_types() {
  return kTypes;
}
std::span<const pb::Node::BodyCase> reserved_arms() {
  return kReserved;
}

const QuestionType* question_type(pb::Node::BodyCase arm) {
  const auto type = std::find_if(kTypes.begin(), kTypes.end(),
                                 [&](const QuestionType* each) { return each->arm == arm; });
  return type == kTypes.end() ? nullptr : *type;
}

}  // namespace resguardo::dialogue
