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
  Scene scene(std::size_t node) const {
    return {form_, form_.nodes[node], language(), facts_, state_, today_};
  }
  // A node's words; in every language where nobody chose one yet.
  std::string text(std::size_t node) const;
  std::string say(Say what) const;
  std::string explanation(std::size_t node) const;
  std::string why(std::size_t node) const;
  std::string retry(std::size_t node) const;

  // `before` and the node's own words in one message, with its rows. Where both do not fit,
  // `before` comes alone and any answer to it is an answer to the node.
  Prompt ask(std::size_t node, const std::string& before) const;
  Prompt explain(std::size_t node) const;
  Prompt after_part(std::size_t node) const;  // "go on when you want; DONE when you have finished"
  Prompt day_or_month(std::size_t node) const;  // which of the two a date begins with
  bool fits(std::size_t node, const std::string& before) const;
  Prompt sections_to_change(const std::vector<Row>& rows) const;
  Prompt only(std::string_view name, std::string text) const;
  // Nothing: the operator set no cover text.
  std::optional<std::string> cover() const;

 private:
  std::string fill(std::string_view text, std::size_t language) const;
  std::string value_of(std::string_view name, std::size_t language) const;
  std::string parts(std::size_t language) const;
  std::vector<Row> rows_shown(std::size_t node) const;
  Prompt with_rows(std::size_t node, std::string text, const std::vector<Row>& rows) const;
  PromptChoice choice(std::size_t node, const Row& row, std::size_t rows) const;
  std::string body(std::size_t node, const std::vector<Row>& rows) const;
  bool asks_order(std::size_t node) const;
  std::size_t limit(const std::vector<Row>& rows) const;

  const Form::Content& form_;
  const Settings& settings_;
  const pb::ConversationState& state_;
  const Facts& facts_;
  ChannelKind channel_;
  Day today_;
};

}  // namespace resguardo::dialogue
