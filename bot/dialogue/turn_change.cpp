// SPDX-License-Identifier: AGPL-3.0-or-later
// "Change something": which part of what was told, and which time of it.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

// Told after consent, so it may be told anew.
bool Turn::to_change(const Spot& spot) const {
  return spot.node > form_.consent_node && spot.node != form_.review_node &&
         form_.nodes[spot.node].type->asks && route_.asked(spot);
}

std::vector<Row> Turn::section_rows() const {
  std::vector<std::vector<bool>> told(form_.sections.size());
  for (const Spot& spot : facts_.order()) {
    if (!to_change(spot)) continue;
    auto& times = told[form_.nodes[spot.node].section];
    times.resize(std::max<std::size_t>(times.size(), spot.section + 1));
    times[spot.section] = true;
  }
  std::vector<Row> rows;
  for (std::size_t i = 0; i < told.size(); ++i) {
    for (std::size_t time = 0; time < told[i].size(); ++time) {
      if (!told[i][time] || rows.size() + 1 == kMaxRows) continue;
      const auto& section = form_.sections[i];
      const auto& choice = told[i].size() > 1 ? section.as_choices[time] : section.as_choice;
      rows.push_back({Row::Kind::kChoice, choice.code, &choice});
    }
  }
  if (!rows.empty()) rows.push_back({Row::Kind::kContinue, "_continue"});
  return rows;
}

void Turn::pick_section(const Utterance& said) {
  const Scene review = prompts_.scene({form_.review_node});
  const auto row = pick_one(review, section_rows(), said);
  if (!row) {  // perhaps they thought better of it, and answer the review
    Heard heard = review.node.type->hear(review, said);
    if (heard.kind == Heard::Kind::kUnclear) return unclear(said);
    state().set_interlude(pb::INTERLUDE_NONE);
    return take({form_.review_node}, std::move(heard), said);
  }
  state().set_interlude(pb::INTERLUDE_NONE);
  if (row->choice == nullptr) return owed();
  for (std::size_t i = 0; i < form_.sections.size(); ++i) {
    const auto& section = form_.sections[i];
    if (row->choice == &section.as_choice) return change(i, 0);
    for (std::uint32_t time = 0; time < section.as_choices.size(); ++time) {
      if (row->choice == &section.as_choices[time]) return change(i, time);
    }
  }
}

// Asks again what was told there. "Another one?" that was affirmed stays: else what came after it
// would be forgotten.
void Turn::change(std::size_t section, std::uint32_t time) {
  Spot first;
  for (const Spot spot : facts_.order()) {
    const CompiledNode& node = form_.nodes[spot.node];
    if (node.section != section || spot.section != time || !to_change(spot)) continue;
    if (route_.leads_on(spot)) continue;
    tell_anew(spot);
    const bool earlier = first.node == kNoIndex || route_.before(spot.node, first.node) ||
                         (spot.node == first.node && spot.group < first.group);
    if (earlier) first = spot;
  }
  if (first.node == kNoIndex) return owed();
  walk(first, section);
}

// Of a story, what is told now takes the place of all of it; until something is, it stays.
void Turn::tell_anew(const Spot& spot) {
  reopen(spot);
  pb::Fact* fact = facts_.find(spot);
  if (fact == nullptr || !form_.nodes[spot.node].type->in_parts) return;
  fact->set_anew(fact->parts() > 0);
}

}  // namespace resguardo::dialogue
