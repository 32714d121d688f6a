// SPDX-License-Identifier: AGPL-3.0-or-later
// A whole number, in figures or words of any of the form's languages.
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_types/types.h"
#include "bot/dialogue/reading/numbers.h"

namespace resguardo::dialogue {
namespace {

void check(const pb::Questionnaire&, const pb::Node& node, TypeProblems& problems) {
  const auto& range = node.number();
  if (range.min() == 0 && range.max() == 0) {
    problems.add(Rule::kNumberRange, "says no min and max, so it takes only 0");
  } else if (range.min() >= range.max()) {
    problems.add(Rule::kNumberRange, "min must be less than max, and both must be given");
  }
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  if (said.verbatim.size() > kLongestFolded) return {};
  const SecretText folded = fold_figures(said.verbatim);
  const WordsView words = split(folded.reveal());
  const auto& range = scene.node.source->number();
  bool own = true;
  for (const Lexicon* lexicon : scene.form.lexicons.beginning_with(language_of(scene))) {
    const auto number = read_number(*lexicon, words, own);
    own = false;
    if (number && *number >= range.min() && *number <= range.max()) return heard_value(*number);
  }
  return {};
}

}  // namespace

const QuestionType kNumberType = {.arm = pb::Node::kNumber,
                                  .name = "number",
                                  .typed = true,
                                  .check = check,
                                  .rows = offered_or_skip,
                                  .hear = hear};

}  // namespace resguardo::dialogue
