// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/facts.h"
#include "bot/dialogue/prompts.h"
#include "bot/dialogue/step.h"
#include "proto/record.pb.h"

namespace resguardo::dialogue {

// One turn while it is being worked out; advance() makes one, runs it and throws it away.
class Turn {
 public:
  Turn(const Form& form, const Settings& settings, const pb::ConversationState& state,
       ChannelKind channel, TimePoint now);
  Step run(bool awake, const Said& said);

 private:
  using State = pb::ConversationState;

  // turn.cpp: which phase, and what is said in it
  void first_contact(const Said& said);
  void before_consent(bool awake, const Said& said);
  void open_report(bool awake, const Said& said);
  void closed(const Said& said);
  void wake(const Said& said);
  void come_back(const Said& said);
  void hello();
  bool silent_too_long() const;
  Step finish(const Said& said);

  // turn_hear.cpp: one thing said, at the node where the conversation stands
  void hear(const Said& said);
  void words(std::string_view text);
  void utter(const Utterance& said);
  void tap(std::string_view id);
  void tap_earlier(std::size_t node, std::string_view code);
  void take(std::size_t node, Heard heard, const Utterance& said);
  void take_words(std::size_t node, std::string_view text);
  void take_codes(std::size_t node, const Heard& heard, const Utterance& said);
  void take_safety(const Heard& heard);
  void take_consent(std::size_t node, const Heard& heard, const Utterance& said);
  void pick_section(const Utterance& said);
  void unclear(const Utterance& said);
  void attachment(const Attachment& said);
  void pin(const Pin& said);
  void not_for_us();
  std::vector<Row> section_rows() const;

  // turn_value.cpp: an answer in words that were understood
  void take_value(std::size_t node, Heard heard, const Utterance& said);
  void ask_day_or_month(std::size_t node, std::string_view text);

  // turn_commands.cpp
  std::optional<pb::CommandKind> command_in(std::string_view text) const;
  bool is_panic(std::string_view text) const;
  void command(pb::CommandKind kind);
  void leave(pb::EventKind event);
  void erase();
  void pause();
  void skip();
  void done();
  void back();
  void help(std::size_t node);
  void ask_language();

  // turn_flow.cpp: where to go next
  bool asked(std::size_t node) const;
  void go_on_from(std::size_t node);  // the first that is due after it
  void go_to(std::size_t node);       // there, even if it was answered
  void reopen(std::size_t node);
  void walk(std::size_t from, std::size_t home_section);
  bool pass_message(std::size_t node, std::vector<std::size_t>& passed, std::string& before);
  void stop_at(std::size_t node, const std::string& before);
  void show_alone(const std::vector<std::size_t>& passed);
  void end_at(std::string_view node, const std::string& text);
  void end_interlude_at(std::size_t node);
  void open_receipt(std::size_t node, const std::string& before);
  void forget_unasked();
  void owed(const std::string& before = {});
  std::size_t here() const;  // the node that an answer now belongs to
  std::size_t cursor() const { return form_.find(state().cursor()); }

  // turn_keep.cpp: what is sealed
  void keep(Given given);
  Given about(std::size_t node, Given::Kind kind) const;
  void keep_words(std::size_t node, std::string_view text);
  void keep_event(pb::EventKind event, std::string_view detail);
  void keep_change(Given::Kind kind, std::string_view text);
  void begin_report();

  bool stored() const;
  State& state() { return step_.state; }
  const State& state() const { return step_.state; }
  void say(Prompt prompt) { step_.prompt = std::move(prompt); }
  void start_afresh();
  void become(State::Phase phase);

  const Form::Content& form_;
  const Digest& digest_;
  const Settings& settings_;
  TimePoint now_;
  Step step_;
  Facts facts_;
  Prompts prompts_;
};

}  // namespace resguardo::dialogue
