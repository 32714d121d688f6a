// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {

extern const QuestionType kConsentType;
extern const QuestionType kLanguageType;
extern const QuestionType kMessageType;
extern const QuestionType kMultipleChoiceType;
extern const QuestionType kNarrativeType;
extern const QuestionType kReceiptType;
extern const QuestionType kReviewType;
extern const QuestionType kSingleChoiceType;
extern const QuestionType kTextType;

// A list of choices, or the rows of a taxonomy.
std::vector<const pb::Choice*> listed_choices(
    const pb::Questionnaire& form, const google::protobuf::RepeatedPtrField<pb::Choice>& choices,
    const std::string& taxonomy);
void check_listed(const pb::Questionnaire& form, std::size_t choices, const std::string& taxonomy,
                  TypeProblems& problems);

// Several rows at once, or one after the other; shared by multiple choice and consent.
std::vector<Row> rows_of_several(const Scene& scene);
std::optional<std::vector<Row>> pick_several(const Scene& scene, const std::vector<Row>& rows,
                                             const Utterance& said);

}  // namespace resguardo::dialogue
