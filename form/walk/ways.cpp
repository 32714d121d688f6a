// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/ways.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "bot/dialogue/question_type.h"

namespace resguardo::form {
namespace {

using dialogue::CompiledChoice;
using dialogue::CompiledNode;
using dialogue::kNoIndex;

constexpr std::size_t kMostSubsets = 9;  // of so many codes every subset is tried
constexpr std::string_view kEventFlag = "event_kind";

bool is_event_question(const pb::Node& node) {
  return std::find(node.flags().begin(), node.flags().end(), kEventFlag) != node.flags().end();
}

// What of a choice acts at once.
std::string effect_of(const CompiledChoice& choice) {
  const auto& source = *choice.source;
  std::string effect = source.goto_node();
  effect.append("/").append(std::to_string(static_cast<int>(source.mode())));
  return effect.append(source.discreet() ? "/discreet" : "/").append(source.kept() ? "/kept" : "/");
}
// Every subset as bits; of many codes each alone, each two, and all.
std::vector<std::size_t> subsets(std::size_t codes) {
  std::vector<std::size_t> sets;
  const std::size_t all = std::size_t{1} << codes;
  for (std::size_t set = 0; set < all; ++set) {
    const bool few = std::popcount(set) <= 2 || set + 1 == all;
    if (codes <= kMostSubsets || few) sets.push_back(set);
  }
  return sets;
}
const std::string kNoEffect = "/0//";

}  // namespace

Ways::Ways(const Stage& stage, const Reads& reads, Told told)
    : stage_(stage),
      reads_(reads),
      dominance_(stage.content(), reads),
      told_(told),
      done_word_(command_word(stage.content().form, pb::COMMAND_DONE)),
      skip_word_(command_word(stage.content().form, pb::COMMAND_SKIP)) {}

Use Ways::use_of(const Stand& stand, std::size_t node) const {
  Use use;
  const auto& content = stage_.content();
  const auto& uses = reads_.from(node, stand.mode());
  if (const auto found = uses.find(node); found != uses.end()) use = found->second;
  for (const auto& choice : content.nodes[node].choices) {  // a choice may change the depth
    const auto mode = choice.source->mode();
    if (mode == pb::MODE_UNSPECIFIED) continue;
    const auto& others = reads_.from(node, mode);
    if (const auto found = others.find(node); found != others.end()) use.merge(found->second);
  }
  if (node == content.language_node) use.every_code = true;
  return use;
}

std::vector<Ways::Answer> Ways::answers(const Stand& stand, std::size_t node) const {
  const CompiledNode& here = stage_.content().nodes[node];
  if (!here.type->asks) return {{{typed("ok")}, {{}, kNoEffect}}};
  if (here.source->has_review()) {
    const auto& send = here.source->review().send().code();
    return {{{"tap " + send}, {{send}, kNoEffect}}};
  }
  std::vector<Answer> all;
  if (here.type->takes_words || here.type->typed) {
    all = words(stand, node);
  } else {
    all = here.type->many ? picks(stand, node) : choices(stand, node);
  }
  if (!here.source->required()) all.push_back({{typed(skip_word_)}, {{}, kNoEffect}});
  return all;
}

std::vector<Way> Ways::at(const Stand& stand) {
  const std::size_t node = stage_.cursor(stand).node;
  if (stand.over() || node == kNoIndex) return {};
  return the_longest(stand, node, answers(stand, node));
}

std::vector<Way> Ways::every(const Stand& stand) const {
  std::vector<Way> ways;
  const std::size_t node = stage_.cursor(stand).node;
  if (stand.over() || node == kNoIndex) return ways;
  for (auto& answer : answers(stand, node)) ways.push_back(std::move(answer.way));
  return ways;
}

// More replies first: of two answers that lead to the same, the one with more stays.
std::vector<Way> Ways::the_longest(const Stand& stand, std::size_t node, std::vector<Answer> all) {
  // Not std::stable_sort: clang 19 refuses what GCC 12's library makes of it.
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const auto rank = [&](std::size_t i) {
      return std::pair(all[i].way.size(), all[i].outcome.codes.size());
    };
    return rank(a) != rank(b) ? rank(a) > rank(b) : a < b;
  });
  std::vector<Answer> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(all[i]));
  all = std::move(sorted);
  std::vector<Left> outcomes;
  for (const Answer& answer : all) outcomes.push_back(answer.outcome);
  std::vector<Way> ways;
  for (const auto left : dominance_.undominated(node, stand.mode(), outcomes)) {
    ways.push_back(std::move(all[left].way));
  }
  return ways;
}

std::vector<Ways::Answer> Ways::choices(const Stand& stand, std::size_t node) const {
  const CompiledNode& here = stage_.content().nodes[node];
  const bool language = node == stage_.content().language_node;
  const bool event = is_event_question(*here.source);
  std::vector<Answer> all;
  for (const auto& [code, number, line] : offered(stand, node)) {
    const CompiledChoice* choice = here.find(code);
    if (choice == nullptr) {
      if (!code.starts_with("_")) all.push_back({{line}, {{code}, code}});
      continue;
    }
    if (choice->explains) continue;
    std::string effect = effect_of(*choice);
    if (language || event) effect += code;
    all.push_back({{line}, {{code}, std::move(effect)}});
  }
  return all;
}

// Subsets of the codes that somebody reads later, with and without one that nobody does; what is
// exclusive alone. In one message: "1 3".
std::vector<Ways::Answer> Ways::picks(const Stand& stand, std::size_t node) const {
  struct Row {
    std::string number;
    std::string code;
  };
  const CompiledNode& here = stage_.content().nodes[node];
  const Use use = use_of(stand, node);
  std::vector<Row> read;
  std::optional<Row> unread;
  std::vector<Answer> all;
  for (const Offered& each : offered(stand, node)) {
    const CompiledChoice* choice = here.find(each.code);
    if (choice == nullptr || choice->explains) continue;
    Row row{each.number, choice->code};
    if (choice->source->exclusive()) {
      std::vector<std::string> codes = {choice->code};
      if (here.source->has_consent()) codes = agreed(stand, node, choice->code);
      all.push_back({{typed(row.number)}, {std::move(codes), effect_of(*choice)}});
    } else if (use.names(choice->code) || use.for_each) {
      read.push_back(std::move(row));
    } else if (!unread) {
      unread = std::move(row);
    }
  }
  const bool one = told_ == Told::kOneEvent && is_event_question(*here.source);
  const auto add = [&](const std::vector<Row>& rows) {
    Answer answer{{std::string()}, {{}, kNoEffect}};
    for (const Row& row : rows) {
      answer.way.front().append(answer.way.front().empty() ? "> " : " ").append(row.number);
      answer.outcome.codes.push_back(row.code);
    }
    const auto at_most = here.source->multiple_choice().at_most();
    const bool too_many = (one && rows.size() > 1) || (at_most > 0 && rows.size() > at_most);
    const bool too_often = told_ == Told::kOneEvent && use.times(answer.outcome.codes) > 1;
    if (rows.empty() || too_many || too_often) return;
    all.push_back(std::move(answer));
  };
  for (const std::size_t set : subsets(read.size())) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (((set >> i) & 1U) != 0) rows.push_back(read[i]);
    }
    add(rows);
    if (!unread) continue;
    rows.push_back(*unread);
    add(rows);
  }
  return all;
}

// What "all of it" and "none" of a consent question leave behind.
std::vector<std::string> Ways::agreed(const Stand& stand, std::size_t node,
                                      const std::string& code) const {
  const auto& consent = stage_.content().nodes[node].source->consent();
  if (code != consent.all().code()) return {code};
  std::vector<std::string> codes;
  for (const auto& purpose : consent.purposes()) {
    for (const Offered& each : offered(stand, node)) {
      if (each.code == purpose.choice().code()) codes.push_back(each.code);
    }
  }
  return codes;
}

// Something that a question of this type takes; the first that is understood.
std::vector<std::string> Ways::answers_of(std::size_t node) const {
  const auto& source = *stage_.content().nodes[node].source;
  if (node == stage_.content().returning.code) return {typed(std::string(Shelf::kReceipt))};
  switch (source.body_case()) {
    case pb::Node::kNumber:
      return {typed(std::to_string(std::max<std::int64_t>(source.number().min(), 1)))};
    case pb::Node::kDate:
      return {typed("hoy"), typed("today"), typed("1/2/2026")};
    case pb::Node::kMoney:
      return {typed("100 pesos"), typed("100")};
    case pb::Node::kPoint:
      return {"pin 31.5 -106.25 algo", typed("algo")};
    case pb::Node::kMedia:
      return {"file", typed("algo")};
    case pb::Node::kContact:
      return {typed("+525512345678"), typed("nombre.01"), typed("algo")};
    default:
      return {typed("algo"), typed("1")};
  }
}

bool Ways::understood(const Stand& before, const Stand& after) const {
  if (after.over()) return after.receipt();
  const bool moved = after.state.cursor() != before.state.cursor();
  const bool taken = after.state.misunderstood() == 0 &&
                     after.state.SerializeAsString() != before.state.SerializeAsString();
  return moved || taken;
}

std::string Ways::done(const Stand& stand) const {
  for (const auto& choice : stand.prompt->choices) {
    if (code_of(choice) == "_done") return "tap _done";
  }
  return typed(done_word_);
}

std::vector<Ways::Answer> Ways::words(const Stand& stand, std::size_t node) const {
  std::vector<Answer> all;
  const CompiledNode& here = stage_.content().nodes[node];
  if (!here.choices.empty() || here.source->has_place() || here.source->has_area()) {
    all = choices(stand, node);
  }
  for (const std::string& answer : answers_of(node)) {
    const Stand after = stage_.say(stand, answer);
    if (!understood(stand, after)) continue;
    Way way = {answer};
    if (!after.over() && stage_.cursor(after) == stage_.cursor(stand)) way.push_back(done(after));
    all.push_back({std::move(way), {{"?"}, kNoEffect}});
    break;
  }
  return all;
}

bool Ways::several_events(const Stand& stand) const {
  const auto& content = stage_.content();
  for (const auto& fact : stand.state.facts()) {
    const std::size_t node = content.find(fact.node());
    if (node == kNoIndex || !is_event_question(*content.nodes[node].source)) continue;
    if (fact.codes_size() > 1) return true;
  }
  return false;
}

bool Ways::too_much(const Stand& after) const {
  if (told_ == Told::kEverything) return false;
  if (several_events(after)) return true;
  const auto& content = stage_.content();
  const auto spot = stage_.cursor(after);
  for (const auto& repeat : content.repeats) {
    if (spot.node < repeat.first || spot.node > repeat.last) continue;
    const auto time = repeat.group ? spot.group : spot.section;
    const bool only_asks = repeat.begins() && spot.node == repeat.while_node;
    if (time > (only_asks ? 1U : 0U)) return true;
  }
  return false;
}

}  // namespace resguardo::form
