// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/prompts.h"

#include <algorithm>

#include "bot/dialogue/card.h"
#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/placeholders.h"

namespace resguardo::dialogue {
namespace {

std::string joined_lines(const std::string& before, const std::string& text) {
  if (before.empty() || text.empty()) return before + text;
  return before + "\n\n" + text;
}

// One figure, however many there are.
std::string waiting_replies(std::uint32_t replies) {
  constexpr std::uint32_t kMost = 9;
  return std::to_string(std::min(replies, kMost));
}

// Of a section.
struct Told {
  std::uint32_t times = 0;
  std::size_t messages = 0;
};

}  // namespace

std::string Prompts::fill(std::string_view text, const Spot& spot, std::size_t language) const {
  return with_placeholders_filled(
      text, [&](std::string_view name) { return value_of(name, spot, language); });
}

std::string Prompts::value_of(std::string_view name, const Spot& spot, std::size_t language) const {
  if (name == "org") return settings_.organisation;
  if (name == "signal_link") return settings_.signal_link;
  if (name == "retention") return settings_.retention;
  if (name == "receipt" || name == "reply") return std::string(kReceiptMark);
  if (name == "replies") return waiting_replies(state_.returned().replies());
  if (name == "chosen") return chosen_title(language);
  if (name == "parts") return parts(language);
  if (name == "min") return std::to_string(form_.nodes[spot.node].source->number().min());
  if (name == "max") return std::to_string(form_.nodes[spot.node].source->number().max());
  if (name == "item") return item_name(form_, spot);
  if (!name.starts_with("resources:")) return {};
  return std::string(form_.resources.text(name.substr(10), around(), language));
}

// What somebody who came back is asked to confirm: the row as the menu has it.
std::string Prompts::chosen_title(std::size_t language) const {
  if (!form_.returning.open()) return {};
  const auto* chosen = form_.nodes[form_.returning.menu].find(state_.returned().chosen());
  return chosen == nullptr ? std::string() : std::string(chosen->titles[language].title);
}

// Codes of where help is needed, the surest and narrowest first. Of what was asked several times,
// the last time only: an earlier one was elsewhere. A name that may be two places says nothing.
std::vector<std::string_view> Prompts::around() const {
  const auto& order = facts_.order();
  const auto& asked = form_.whereabouts;
  std::uint32_t latest = 0;
  for (const Spot& spot : order) {
    if (std::find(asked.begin(), asked.end(), spot.node) != asked.end())
      latest = std::max(latest, spot.section);
  }
  std::vector<std::string_view> codes;
  for (const std::size_t node : asked) {
    const std::uint32_t time = form_.nodes[node].section_repeats ? latest : 0;
    const auto last = std::find_if(order.rbegin(), order.rend(), [&](const Spot& spot) {
      return spot.node == node && spot.section == time && facts_.answered(spot) &&
             facts_.find(spot)->codes_size() == 1;
    });
    if (last == order.rend()) continue;
    form_.places.add_around(facts_.find(*last)->codes(0), codes);
  }
  return codes;
}

// "What happened (2) ✓", "In your words ✓ (3)": that, how many times, and how many messages;
// never what.
std::string Prompts::parts(std::size_t language) const {
  std::vector<Told> told(form_.sections.size());
  for (const Spot& spot : facts_.order()) {
    if (spot.node <= form_.consent_node || !facts_.answered(spot)) continue;
    const CompiledNode& node = form_.nodes[spot.node];
    Told& section = told[node.section];
    if (node.type->asks) section.times = std::max(section.times, spot.section + 1);
    section.messages += facts_.find(spot)->parts();
  }
  std::string list;
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i].times == 0) continue;
    if (!list.empty()) list += '\n';
    list.append("• ").append(form_.sections[i].titles[language]);
    if (told[i].times > 1) list.append(" (").append(std::to_string(told[i].times)).append(")");
    list.append(" ✓");
    if (told[i].messages > 0) {
      list.append(" (").append(std::to_string(told[i].messages)).append(")");
    }
  }
  return list;
}

std::string Prompts::text(const Spot& spot) const {
  if (state_.card()) return {};
  const auto one = [&](std::size_t language) {
    const auto& texts = form_.nodes[spot.node].texts[language];
    const bool brief = state_.discreet() && !texts.brief.empty();
    return fill(brief ? texts.brief : texts.full, spot, language);
  };
  const std::size_t chosen = language();
  if (!form_.nodes[spot.node].source->same_for_all() && chosen != kNoIndex) return one(chosen);
  std::string all;
  for (std::size_t i = 0; i < form_.languages.size(); ++i) all += (i > 0 ? "\n" : "") + one(i);
  return all;
}

std::string Prompts::say(Say what) const {
  if (state_.card()) return std::string(card_sign(what));
  if (const std::size_t chosen = language(); chosen != kNoIndex) return form_.phrase(what, chosen);
  std::string all;
  for (std::size_t i = 0; i < form_.languages.size(); ++i) {
    all += (i > 0 ? "\n" : "") + form_.phrase(what, i);
  }
  return all;
}

std::string Prompts::explanation(const Spot& spot) const {
  if (state_.card()) return {};
  const std::size_t chosen = language() == kNoIndex ? 0 : language();
  return fill(form_.nodes[spot.node].texts[chosen].explain, spot, chosen);
}
std::string Prompts::why(const Spot& spot) const {
  if (state_.card()) return {};
  const std::size_t chosen = language() == kNoIndex ? 0 : language();
  const auto& why = form_.nodes[spot.node].texts[chosen].why;
  return why.empty() ? say(Say::kNoWhy) : fill(why, spot, chosen);
}

std::string Prompts::retry(const Spot& spot) const {
  if (state_.card() || language() == kNoIndex) return say(Say::kNotUnderstood);
  const CompiledNode& node = form_.nodes[spot.node];
  const auto& retry = node.texts[language()].retry;
  if (!retry.empty()) return fill(retry, spot, language());
  // Which numbers there are, and never which one was written.
  const bool number = node.type->arm == pb::Node::kNumber;
  return number ? fill(say(Say::kNumberRange), spot, language()) : say(Say::kNotUnderstood);
}

std::string Prompts::how_to_pick(const Spot& spot) const {
  const QuestionType& type = *form_.nodes[spot.node].type;
  if (state_.card() || type.takes_words || type.typed || type.paged || rows_shown(spot).empty())
    return {};
  return say(type.many ? Say::kSeveralNumbers : Say::kOneNumber);
}

// Rows beside a question that takes words are buttons or nothing: as a numbered list, "1" would
// have two meanings.
std::vector<Row> Prompts::rows_shown(const Spot& spot) const {
  const auto* type = form_.nodes[spot.node].type;
  const bool words = type->takes_words || (type->typed && !asks_order(spot));
  if (type->asks && words && channel_ != ChannelKind::kWhatsApp) return {};
  return type->rows(scene(spot));
}

std::string Prompts::body(const Spot& spot, const std::vector<Row>& rows) const {
  if (asks_order(spot)) return say(Say::kDayOrMonth);
  const Scene here = scene(spot);
  const bool question = here.node.type->asks && here.node.type->arm != pb::Node::kReceipt;
  const bool skippable = question && may_skip(here);
  const bool shown = std::any_of(rows.begin(), rows.end(),
                                 [](const Row& row) { return row.kind != Row::Kind::kChoice; });
  const pb::Fact* fact = facts_.find(spot);
  const bool begun = !state_.picks().empty() || (fact != nullptr && fact->parts() > 0);
  std::string all = text(spot);
  if (!skippable || shown || begun) return all;
  if (!all.empty()) all.append("\n\n");
  return all.append(say(Say::kSkipHint));
}

std::size_t Prompts::limit(const std::vector<Row>& rows) const {
  return rows.empty() ? kBodyAlone : kBodyWithRows;
}

bool Prompts::fits(const Spot& spot, const std::string& before) const {
  if (state_.card()) return true;
  const auto rows = rows_shown(spot);
  return visible_length(joined_lines(before, body(spot, rows))) <= limit(rows);
}

Prompt Prompts::ask(const Spot& spot, const std::string& before) const {
  if (state_.card()) return by_card(spot, before);
  const auto rows = rows_shown(spot);
  std::string text = before.empty() ? body(spot, rows) : joined_lines(before, body(spot, rows));
  if (before.empty() || text.size() <= limit(rows) || visible_length(text) <= limit(rows))
    return with_rows(spot, std::move(text), rows);
  // Longer than a message with rows may be: any answer to it is an answer to the question.
  if (visible_length(before) > kBodyWithRows)
    return only(form_.nodes[spot.node].source->id(), before);
  return with_rows(spot, before, continue_row());
}

Prompt Prompts::explain(const Spot& spot) const {
  return with_rows(spot, explanation(spot), rows_shown(spot));
}

bool Prompts::asks_order(const Spot& spot) const {
  return state_.pending_date().node() == form_.nodes[spot.node].source->id();
}
Prompt Prompts::day_or_month(const Spot& spot) const {
  return with_rows(spot, say(Say::kDayOrMonth), rows_shown(spot));
}

Prompt Prompts::after_part(const Spot& spot) const {
  return with_rows(spot, say(Say::kPartTaken), rows_shown(spot));
}

Prompt Prompts::interrupting(const Spot& spot, const std::string& before, const std::string& text,
                             const std::vector<Row>& rows) const {
  if (before.empty() || state_.card()) return with_rows(spot, text, rows);
  const std::string all = joined_lines(before, text);
  if (visible_length(all) <= kBodyWithRows) return with_rows(spot, all, rows);
  if (visible_length(before) <= kBodyWithRows) return with_rows(spot, before, rows);
  return only(form_.nodes[spot.node].source->id(), before);
}

Prompt Prompts::sections_to_change(const std::vector<Row>& rows, const std::string& before) const {
  return interrupting({form_.review_node}, before, say(Say::kWhatToChange), rows);
}

Prompt Prompts::unfinished(const Spot& spot, const std::string& before) const {
  Prompt prompt = interrupting(spot, before, say(Say::kUnfinished), continue_row());
  prompt.multiple = false;
  return prompt;
}

Prompt Prompts::only(std::string_view name, std::string text) const {
  Prompt prompt;
  prompt.node = name;
  prompt.text = std::move(text);
  return prompt;
}

Prompt Prompts::with_rows(const Spot& spot, std::string text, const std::vector<Row>& rows) const {
  if (state_.card()) return by_card(spot, text);
  const std::size_t chosen = language() == kNoIndex ? 0 : language();
  Prompt prompt = only(form_.nodes[spot.node].source->id(), std::move(text));
  prompt.choices.reserve(rows.size());
  prompt.asks_location = form_.nodes[spot.node].type->location;
  if (rows.empty()) return prompt;
  std::string ids_begin = choice_ids_begin(form_, spot);
  // A button that lies in the chat confirms the purpose it was shown for, and no other.
  if (spot.node == form_.returning.confirm) ids_begin += state_.returned().chosen() + "/";
  for (const Row& row : rows) {
    PromptChoice& shown = prompt.choices.emplace_back();
    shown.id.reserve(ids_begin.size() + row.code.size());
    shown.id.append(ids_begin).append(row.code);
    word(shown, row, rows.size(), chosen);
  }
  prompt.multiple = form_.nodes[spot.node].type->many;
  prompt.list_button = form_.phrase(Say::kListButton, chosen);
  prompt.numbers_hint =
      form_.phrase(prompt.multiple ? Say::kSeveralNumbers : Say::kOneNumber, chosen);
  if (prompt.multiple) prompt.list_hint = form_.phrase(Say::kPickOneByOne, chosen);
  return prompt;
}

void Prompts::word(PromptChoice& shown, const Row& row, std::size_t rows,
                   std::size_t chosen) const {
  switch (row.kind) {
    case Row::Kind::kChoice:
      shown.title = row.choice->titles[chosen].title;
      shown.description = row.choice->titles[chosen].description;
      break;
    case Row::Kind::kSkip:
      shown.title = form_.phrase(rows <= kMaxButtons ? Say::kSkipShort : Say::kSkip, chosen);
      break;
    case Row::Kind::kDone:
      shown.title = form_.phrase(Say::kDone, chosen);
      break;
    case Row::Kind::kContinue:
      shown.title = form_.phrase(Say::kContinue, chosen);
      break;
    case Row::Kind::kDayFirst:
      shown.title = form_.phrase(Say::kDayFirst, chosen);
      break;
    case Row::Kind::kMonthFirst:
      shown.title = form_.phrase(Say::kMonthFirst, chosen);
      break;
  }
}

std::optional<std::string> Prompts::cover() const {
  for (const auto& [code, text] : settings_.cover_text) {
    if (code == state_.language()) return text;
  }
  if (settings_.cover_text.empty()) return std::nullopt;
  return settings_.cover_text.front().second;
}

}  // namespace resguardo::dialogue
