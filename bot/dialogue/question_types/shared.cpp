// SPDX-License-Identifier: AGPL-3.0-or-later
// What several question types do alike.
#include <algorithm>

#include "bot/dialogue/question_type.h"
#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {

std::vector<const pb::Choice*> no_choices(const pb::Questionnaire&, const pb::Node&) {
  return {};
}
void no_check(const pb::Questionnaire&, const pb::Node&, TypeProblems&) {}

std::vector<Row> offered(const Scene& scene) {
  const auto& picks = scene.state.picks();
  std::vector<Row> rows;
  rows.reserve(scene.node.choices.size() + 1);
  for (const auto& choice : scene.node.choices) {
    const bool picked =
        !picks.empty() && std::find(picks.begin(), picks.end(), choice.code) != picks.end();
    if (picked) continue;
    if (!picks.empty() && choice.source->exclusive()) continue;
    if (!choice.relevant.holds(scene.values)) continue;
    rows.push_back({Row::Kind::kChoice, choice.code, &choice});
  }
  return rows;
}

bool may_skip(const Scene& scene) {
  return !scene.node.source->required();
}

// Where there is room. Three rows are buttons on WhatsApp, and a fourth would make a list of them;
// an eleventh has no place. There the word SKIP does.
void add_skip_row(const Scene& scene, std::vector<Row>& rows) {
  constexpr std::size_t kButtons = 3;
  constexpr std::size_t kMostRows = 10;
  if (may_skip(scene) && rows.size() != kButtons && rows.size() < kMostRows)
    rows.push_back({Row::Kind::kSkip, "_skip"});
}

std::vector<Row> offered_or_skip(const Scene& scene) {
  auto all = offered(scene);
  add_skip_row(scene, all);
  return all;
}

std::vector<Row> continue_row() {
  return {{Row::Kind::kContinue, "_continue"}};
}

std::optional<Row> pick_one(const Scene& scene, const std::vector<Row>& rows,
                            const Utterance& said) {
  if (said.tapped) {
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const Row& each) { return each.code == *said.tapped; });
    return row == rows.end() ? std::nullopt : std::optional(*row);
  }
  const auto found = understand_one(scene, rows, said.words);
  return found ? std::optional(rows[*found]) : std::nullopt;
}

Heard from_row(const Row& row) {
  switch (row.kind) {
    case Row::Kind::kSkip:
      return {Heard::Kind::kSkip, {}, nullptr};
    case Row::Kind::kDone:
    case Row::Kind::kContinue:
      return {Heard::Kind::kGoOn, {}, nullptr};
    case Row::Kind::kDayFirst:
    case Row::Kind::kMonthFirst:
      return {};
    case Row::Kind::kChoice:
      break;
  }
  if (row.choice->explains) return {Heard::Kind::kExplain, {}, row.choice};
  return {Heard::Kind::kCodes, {std::string(row.code)}, row.choice};
}

Heard hear_one(const Scene& scene, const std::vector<Row>& rows, const Utterance& said) {
  const auto row = pick_one(scene, rows, said);
  return row ? from_row(*row) : Heard{};
}

Heard hear_words(const Scene& scene, const std::vector<Row>& rows, const Utterance& said,
                 Heard::Kind kind) {
  if (said.tapped) return hear_one(scene, rows, said);
  if (said.verbatim.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  return {kind, {}, nullptr};
}

}  // namespace resguardo::dialogue
