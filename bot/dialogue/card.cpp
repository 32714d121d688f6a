// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/card.h"

#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {

std::vector<const CompiledChoice*> card_options(const Form::Content& form,
                                                const CompiledNode& node) {
  std::vector<const CompiledChoice*> options;
  for (const auto& choice : node.choices) {
    const bool page = node.type->paged && form.places.find(choice.code) == nullptr;
    if (page || choice.explains || choice.source->not_on_card()) continue;
    options.push_back(&choice);
  }
  return options;
}

bool asked_by_card(const Form::Content& form, std::size_t node) {
  return form.nodes[node].source->card_number() != 0 || node == form.receipt_node;
}

std::string_view card_sign(Say what) {
  switch (what) {
    case Say::kNotUnderstood:
    case Say::kNotUnderstoodAgain:
    case Say::kOfferSkip:
    case Say::kNotForUs:
    case Say::kNotYet:
    case Say::kAnotherWord:
      return "?";
    case Say::kCannotSkip:
      return "!";
    case Say::kPartTaken:
    case Say::kPinTaken:
    case Say::kMediaTaken:
      return "+";
    case Say::kMediaLater:
    case Say::kMediaTooLarge:
    case Say::kMediaRefused:
    case Say::kMediaLost:
      return "x";
    case Say::kWillNotVanish:
      return "*";
    case Say::kWhatToChange:
      return "#";
    case Say::kDayOrMonth:
      return " 1/2";
    case Say::kDeleted:
    case Say::kNothingKept:
      return "0";
    case Say::kGoodbye:
    case Say::kPaused:
      return ".";
    case Say::kUnavailable:
      return "x";
    default:  // titles of rows, and hints that stand on the card
      return {};
  }
}

}  // namespace resguardo::dialogue
