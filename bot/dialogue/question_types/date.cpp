// SPDX-License-Identifier: AGPL-3.0-or-later
// When it was, as exactly as it is said. Where 01/02 may begin with either, the next question is
// which of the two came first; the date itself is not shown.
#include "bot/dialogue/question_types/types.h"
#include "bot/dialogue/reading/dates.h"

namespace resguardo::dialogue {
namespace {

bool asked_for_order(const Scene& scene) {
  return scene.state.pending_date().node() == scene.node.source->id();
}
std::vector<Row> order_rows() {
  return {{Row::Kind::kDayFirst, "_day_first"}, {Row::Kind::kMonthFirst, "_month_first"}};
}
std::vector<Row> rows(const Scene& scene) {
  return asked_for_order(scene) ? order_rows() : offered_or_skip(scene);
}

DateRead read(const Scene& scene, std::string_view text, std::optional<DateOrder> order) {
  return read_date(scene.form.lexicons, language_of(scene), text, scene.today,
                   scene.node.source->date().not_future(), order);
}

// "The day": which of the two was written first; then the date is read again.
std::optional<Heard> heard_order(const Scene& scene, const Utterance& said) {
  const auto row = pick_one(scene, order_rows(), said);
  if (!row) return std::nullopt;
  const bool month = row->kind == Row::Kind::kMonthFirst;
  const auto order = month ? DateOrder::kMonthFirst : DateOrder::kDayFirst;
  DateRead date = read(scene, scene.state.pending_date().text(), order);
  if (date.kind != DateRead::Kind::kDate) return Heard{};
  Heard heard = heard_value(std::move(date.value));
  heard.of_pending = true;
  return heard;
}

Heard hear(const Scene& scene, const Utterance& said) {
  if (asked_for_order(scene)) {
    if (auto heard = heard_order(scene, said)) return *std::move(heard);
  }
  if (said.tapped) return hear_one(scene, rows(scene), said);
  if (says_unknown(scene, said)) return heard_value(DateValue{"XXXX", "unknown"});
  if (auto heard = heard_without_reading(scene, said)) return *std::move(heard);
  DateRead date = read(scene, said.verbatim, std::nullopt);
  switch (date.kind) {
    case DateRead::Kind::kDate:
      return heard_value(std::move(date.value));
    case DateRead::Kind::kWhichOrder:
      return {Heard::Kind::kWhich, {}, nullptr};
    case DateRead::Kind::kNone:
      break;
  }
  return {};
}

}  // namespace

const QuestionType kDateType = {
    .arm = pb::Node::kDate, .name = "date", .typed = true, .rows = rows, .hear = hear};

}  // namespace resguardo::dialogue
