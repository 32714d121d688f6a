// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

constexpr std::array<const QuestionType*, 17> kTypes = {
    &kAreaType,         &kConsentType, &kContactType, &kDateType,           &kLanguageType,
    &kMediaType,        &kMessageType, &kMoneyType,   &kMultipleChoiceType, &kNarrativeType,
    &kNumberType,       &kPlaceType,   &kPointType,   &kReceiptType,        &kReviewType,
    &kSingleChoiceType, &kTextType};

constexpr std::array<pb::Node::BodyCase, 1> kReserved = {pb::Node::kGroup};

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
