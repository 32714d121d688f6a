// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/facts.h"
#include "bot/dialogue/question_type.h"
#include "bot/dialogue/step.h"

namespace resguardo::dialogue {

// Puts prompts together from the form and the operator's settings: by construction nothing that a
// person said can be in one, because none of it is ever passed in.
class Prompts {
 public:
  Prompts(const Form::Content& form, const Settings& settings, const pb::ConversationState& state,
          const Facts& facts, ChannelKind channel, Day today)
      : form_(form),
        settings_(settings),
        state_(state),
        facts_(facts),
        channel_(channel),
        today_(today) {}

  std::size_t language() const { return form_.language_index(state_.language()); }
  Scene scene(const Spot& spot) const {
    return {.form = form_,
            .node = form_.nodes[spot.node],
            .language = language(),
            .values = Seen(facts_, spot),
            .state = state_,
            .today = today_,
            .known = facts_.find(spot)};
  }
  // A node's words; in every language where nobody chose one yet.
  std::string text(const Spot& spot) const;
  std::string say(Say what) const;
  std::string explanation(const Spot& spot) const;
  std::string why(const Spot& spot) const;
  std::string retry(const Spot& spot) const;
  std::string how_to_pick(const Spot& spot) const;  // "reply with one number"; empty: no rows

  // `before` and the node's own words in one message, with its rows. Where both do not fit,
  // `before` comes alone and any answer to it is an answer to the node.
  Prompt ask(const Spot& spot, const std::string& before) const;
  Prompt explain(const Spot& spot) const;
  Prompt after_part(const Spot& spot) const;  // "go on when you want; DONE when you have finished"
  Prompt day_or_month(const Spot& spot) const;  // which of the two a date begins with
  bool fits(const Spot& spot, const std::string& before) const;
  // What interrupts the questions; `before` as in ask().
  Prompt sections_to_change(const std::vector<Row>& rows, const std::string& before) const;
  Prompt unfinished(const Spot& spot, const std::string& before) const;  // and nothing of what
  Prompt only(std::string_view name, std::string text) const;
  // Nothing: the operator set no cover text.
  std::optional<std::string> cover() const;

 private:
  // prompts_card.cpp: who answers by card is told figures and signs, never words
  Prompt by_card(const Spot& spot, std::string_view sign) const;

  std::string fill(std::string_view text, const Spot& spot, std::size_t language) const;
  std::string value_of(std::string_view name, const Spot& spot, std::size_t language) const;
  std::vector<std::string_view> around() const;
  std::string parts(std::size_t language) const;
  std::string chosen_title(std::size_t language) const;
  std::vector<Row> rows_shown(const Spot& spot) const;
  Prompt interrupting(const Spot& spot, const std::string& before, const std::string& text,
                      const std::vector<Row>& rows) const;
  Prompt with_rows(const Spot& spot, std::string text, const std::vector<Row>& rows) const;
  // Title and description of one of that many rows.
  void word(PromptChoice& shown, const Row& row, std::size_t rows, std::size_t language) const;
  std::string body(const Spot& spot, const std::vector<Row>& rows) const;
  bool asks_order(const Spot& spot) const;
  std::size_t limit(const std::vector<Row>& rows) const;

  const Form::Content& form_;
  const Settings& settings_;
  const pb::ConversationState& state_;
  const Facts& facts_;
  ChannelKind channel_;
  Day today_;
};

}  // namespace resguardo::dialogue
