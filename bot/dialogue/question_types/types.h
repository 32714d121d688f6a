// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {

extern const QuestionType kAreaType;
extern const QuestionType kConsentType;
extern const QuestionType kContactType;
extern const QuestionType kDateType;
extern const QuestionType kLanguageType;
extern const QuestionType kMediaType;
extern const QuestionType kMessageType;
extern const QuestionType kMoneyType;
extern const QuestionType kMultipleChoiceType;
extern const QuestionType kNarrativeType;
extern const QuestionType kNumberType;
extern const QuestionType kPlaceType;
extern const QuestionType kPointType;
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

// Message after message; shared by narrative and media.
std::vector<Row> rows_of_parts(const Scene& scene);
Heard hear_part(const Scene& scene, const Utterance& said);

// Several rows at once, or one after the other; shared by multiple choice and consent.
std::vector<Row> rows_of_several(const Scene& scene);
std::optional<std::vector<Row>> pick_several(const Scene& scene, const std::vector<Row>& rows,
                                             const Utterance& said);

// Answers in words that have to be understood.
std::string_view language_of(const Scene& scene);  // of the person; the form's first if none
bool says_unknown(const Scene& scene, const Utterance& said);
// A tap on a row, "prefer not to say", "I do not know": what it means; nothing: read the words.
std::optional<Heard> heard_without_reading(const Scene& scene, const Utterance& said);
Heard heard_value(Value value);

// Pages of the gazetteer, found by what was answered before (place.cpp).
std::vector<const pb::Choice*> choices_of_pages(
    const pb::Questionnaire& form, const google::protobuf::RepeatedPtrField<std::string>& page_of);
std::vector<Row> rows_of_page(const Scene& scene,
                              const google::protobuf::RepeatedPtrField<std::string>& page_of);
void check_pages(const pb::Questionnaire& form,
                 const google::protobuf::RepeatedPtrField<std::string>& page_of,
                 TypeProblems& problems);
// A row of a page: a place, another page to show, or neither.
Heard heard_row_of_page(const Scene& scene, const Row& row);

}  // namespace resguardo::dialogue
