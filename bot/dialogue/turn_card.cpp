// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers by card: the questions are on paper, the chat holds figures (docs/adr/110).
#include <algorithm>

#include "bot/dialogue/card.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/question_types/types.h"
#include "bot/dialogue/turn.h"
#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {
namespace {

bool is_nothing(const Utterance& said) {
  return said.words.size() == 1 && said.words.front() == "0";
}
bool only_figures(const Utterance& said) {
  return std::all_of(said.words.begin(), said.words.end(), [](std::string_view word) {
    return word.find_first_not_of("0123456789,-") == std::string_view::npos;
  });
}
bool has_figure(const Form::Content& form, const Utterance& said) {
  return std::any_of(said.words.begin(), said.words.end(), [&](std::string_view word) {
    return (word.front() >= '0' && word.front() <= '9') ||
           form.number_words.contains(std::string(word));
  });
}

std::vector<Row> rows_of(const std::vector<const CompiledChoice*>& options) {
  std::vector<Row> rows;
  rows.reserve(options.size());
  for (const auto* each : options) rows.push_back({Row::Kind::kChoice, each->code, each});
  return rows;
}

// Which of what is printed is meant; nothing: unclear.
std::vector<std::size_t> picked(const Scene& scene, const std::vector<Row>& rows,
                                const Utterance& said) {
  if (scene.node.type->many) {
    return understand_several(scene, rows, said.words).value_or(std::vector<std::size_t>{});
  }
  const auto one = understand_one(scene, rows, said.words);
  return one ? std::vector{*one} : std::vector<std::size_t>{};
}

// The same picks by the numbers of what is offered now; nothing: one of them is not.
std::optional<std::vector<std::string>> as_offered(const Scene& scene, const std::vector<Row>& rows,
                                                   const std::vector<std::size_t>& picks) {
  const auto offered = scene.node.type->rows(scene);
  std::vector<std::string> numbers(picks.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    const auto found = std::find_if(offered.begin(), offered.end(), [&](const Row& row) {
      return row.choice == rows[picks[i]].choice;
    });
    if (found == offered.end()) return std::nullopt;
    numbers[i] = std::to_string(found - offered.begin() + 1);
  }
  return numbers;
}

}  // namespace

// The card's word alone, or after the start word where this server wants one.
std::optional<CompiledCommand> Turn::card_in(std::string_view text) const {
  if (text.size() > kLongestFolded) return std::nullopt;
  const std::string said = fold_name(text);
  const auto card_after = [&](const std::string& begin) -> std::optional<CompiledCommand> {
    if (!said.starts_with(begin)) return std::nullopt;
    const auto found = form_.commands.find(said.substr(begin.size()));
    const bool card = found != form_.commands.end() && found->second == pb::COMMAND_CARD;
    return card ? std::optional(found->second) : std::nullopt;
  };
  if (settings_.start_words.empty()) return card_after({});
  for (const auto& word : settings_.start_words) {
    if (auto card = card_after(fold_name(word) + ' ')) return card;
  }
  return std::nullopt;
}

// Interviews are held in words: their questions are on no card.
void Turn::begin_card(const CompiledCommand& command) {
  if (state().adding()) return owed();
  if (route_.mode() == pb::MODE_INTERVIEWER) return owed();
  if (!state().card()) keep_event(pb::EVENT_MODE, "card");
  if (!state().card()) state().clear_picks();  // they were picked from what another page says
  state().set_card(true);
  const bool chosen = command.language != kNoIndex;
  const Spot asked{form_.language_node};
  if (chosen && cursor() == asked && state().interlude() == pb::INTERLUDE_NONE) {
    const CompiledChoice* language =
        form_.nodes[asked.node].find(form_.languages[command.language]);
    set_card_depth(command.mode);
    return take_codes(asked, {Heard::Kind::kCodes, {language->code}, language}, {});
  }
  if (chosen) state().set_language(form_.languages[command.language]);
  set_card_depth(command.mode);
  const bool idle = state().interlude() == pb::INTERLUDE_LANGUAGE ||
                    state().interlude() == pb::INTERLUDE_UNFINISHED ||
                    state().interlude() == pb::INTERLUDE_WORD;
  if (idle) state().set_interlude(pb::INTERLUDE_NONE);
  if (state().interlude() != pb::INTERLUDE_NONE) return owed();
  const Spot from = cursor();
  const std::size_t section = form_.nodes[from.node].section;
  walk(route_.first_of(section, from.section), section);
}

void Turn::set_card_depth(pb::Mode mode) {
  if (mode != pb::MODE_UNSPECIFIED && route_.mode() != pb::MODE_MINOR) set_mode(mode);
}

// Another depth's word is the way back to words.
void Turn::end_card() {
  if (state().card()) keep_event(pb::EVENT_MODE, "words");
  if (state().card()) state().clear_picks();
  state().set_card(false);
}

void Turn::utter_by_card(const Utterance& said) {
  if (state().interlude() == pb::INTERLUDE_CHANGE) return change_by_card(said);
  if (state().interlude() == pb::INTERLUDE_UNFINISHED) state().set_interlude(pb::INTERLUDE_NONE);
  const Spot spot = here();
  const QuestionType& type = *form_.nodes[spot.node].type;
  if (is_nothing(said) && type.asks) return type.in_parts ? done() : skip();
  if (auto heard = heard_by_card(spot, said)) return take(spot, *std::move(heard), said);
  take(spot, type.hear(prompts_.scene(spot), said), said);
}

// Numbers mean what is printed, not what is offered now. Nothing: there are no numbers in it, or
// none is printed.
std::optional<Heard> Turn::heard_by_card(const Spot& spot, const Utterance& said) const {
  const Scene scene = prompts_.scene(spot);
  const auto rows = rows_of(card_options(form_, scene.node));
  if (rows.empty() || !has_figure(form_, said)) return std::nullopt;
  const auto picks = picked(scene, rows, said);
  if (scene.node.type->paged) {  // a place's name may hold figures
    if (picks.empty()) return only_figures(said) ? std::optional(Heard{}) : std::nullopt;
    return heard_row_of_page(scene, rows[picks.front()]);
  }
  const auto numbers = as_offered(scene, rows, picks);
  if (picks.empty() || !numbers) return Heard{};
  const std::vector<std::string_view> words(numbers->begin(), numbers->end());
  return scene.node.type->hear(scene, {said.verbatim, words, std::nullopt});
}

// The review's "change": by the number of the question.
void Turn::change_by_card(const Utterance& said) {
  const auto word = said.words.size() == 1 ? said.words.front() : std::string_view();
  const auto answered = [&](const Spot& spot) {
    return word == std::to_string(form_.nodes[spot.node].source->card_number()) && to_change(spot);
  };
  const auto& order = facts_.order();
  const auto found = std::find_if(order.begin(), order.end(), answered);
  if (found == order.end() && !is_nothing(said)) return owed();
  state().set_interlude(pb::INTERLUDE_NONE);
  if (found == order.end()) return owed();
  const Spot spot = *found;
  tell_anew(spot);
  go_to(spot);
}

}  // namespace resguardo::dialogue
