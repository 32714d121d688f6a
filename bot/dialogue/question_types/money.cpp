// SPDX-License-Identifier: AGPL-3.0-or-later
// An amount and, if it is said, its currency.
#include "bot/dialogue/reading/money.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

void check(const pb::Questionnaire& form, const pb::Node& node, TypeProblems& problems) {
  for (const auto& code : node.money().currencies()) {
    bool known = false;
    for (const auto& understanding : form.understanding()) {
      for (const auto& currency : understanding.currencies()) known |= currency.code() == code;
    }
    if (!known)
      problems.add(Rule::kQuestionShape, "no language has a word for this currency: " + code);
  }
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  if (said.verbatim.size() > kLongestFolded) return {};
  const SecretText folded = fold_figures(said.verbatim);
  const WordsView words = split(folded.reveal());
  const auto& listed = scene.node.source->money().currencies();
  const std::vector<std::string> preferred(listed.begin(), listed.end());
  bool own = true;
  std::optional<MoneyValue> found;
  for (const Lexicon* lexicon : scene.form.lexicons.beginning_with(language_of(scene))) {
    auto money = read_money(scene.form.lexicons, *lexicon, words, preferred, own);
    own = false;
    if (!money) continue;
    if (!money->currency.empty()) return heard_value(*std::move(money));
    if (!found) found = std::move(money);  // perhaps another language knows the currency
  }
  return found ? heard_value(*std::move(found)) : Heard{};
}

}  // namespace

const QuestionType kMoneyType = {.arm = pb::Node::kMoney,
                                 .name = "money",
                                 .typed = true,
                                 .check = check,
                                 .rows = offered_or_skip,
                                 .hear = hear};

}  // namespace resguardo::dialogue
