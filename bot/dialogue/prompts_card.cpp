// SPDX-License-Identifier: AGPL-3.0-or-later
// What is said to who answers by card: the question's number and one sign. Never words, never rows:
// on every messenger the same few figures.
#include "bot/dialogue/card.h"
#include "bot/dialogue/prompts.h"

namespace resguardo::dialogue {

Prompt Prompts::by_card(const Spot& spot, std::string_view sign) const {
  const pb::Node& node = *form_.nodes[spot.node].source;
  if (spot.node == form_.receipt_node) return only(node.id(), std::string(kReceiptMark));
  std::string text = node.card_number() == 0 ? std::string() : std::to_string(node.card_number());
  text += sign;
  const bool order = asks_order(spot) && !sign.starts_with(' ');
  if (order) text += card_sign(Say::kDayOrMonth);
  return only(node.id(), text.empty() ? std::string(card_sign(Say::kPaused)) : std::move(text));
}

}  // namespace resguardo::dialogue
