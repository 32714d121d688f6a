// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/dialogue/facts.h"
#include "bot/dialogue/prompts.h"
#include "bot/dialogue/route.h"
#include "bot/dialogue/step.h"
#include "proto/record.pb.h"

namespace resguardo::dialogue {

MediaRef reference_to(const Attachment& said);
// durable_part() of step.h.
pb::ConversationState durable_of(const Form::Content& content, const pb::ConversationState& state);

// One turn while it is being worked out; advance() makes one, runs it and throws it away.
class Turn {
 public:
  Turn(const Form& form, const Settings& settings, pb::ConversationState&& state,
       const Circumstances& around, TimePoint now);
  Step run(bool awake, const Said& said);

 private:
  Step run_in_phase(bool awake, const Said& said);
  using State = pb::ConversationState;

  // turn.cpp: which phase, and what is said in it
  void first_contact(const Said& said);
  void before_consent(bool awake, const Said& said);
  void open_report(bool was_awake, const Said& said);
  bool faded_in_pause() const;
  void closed(const Said& said);
  void wake(const Said& said);
  void ask_what_faded();
  void come_back(bool awake, const Said& said);
  void hello();
  void begin_in(const std::string& language);
  bool silent_too_long() const;
  Step finish(const Said& said);

  // turn_leave.cpp
  void leave(pb::EventKind event);
  void go_out();
  void be_a_stranger();
  bool has_way_back(const State& place) const;
  bool leads_back(const Said& said);
  bool is_common(std::string_view text, const std::string& folded) const;
  std::optional<pb::EventKind> way_out(const Said& said) const;
  bool silence_is_leaving() const;
  std::string tag_of_word(std::string_view text) const;
  void come_home();
  bool wants_word() const;
  void to_the_questions();
  void without_word();
  bool could_be_word(std::string_view text) const;
  std::string tag_of_own_word(std::string_view text) const;
  void take_resume_word(const Spot& spot, std::string_view text);

  // turn_return.cpp: who comes back with a receipt
  std::optional<SecretText> receipt_in(const Said& said) const;
  bool is_return_node(const Spot& spot) const;
  bool leads_to_menu(const Spot& spot) const;
  void come_in(bool awake, std::uint32_t replies);
  bool stays_paused() const;
  Step ask_in_pause();
  void returned(bool awake, const Said& said);
  void end_return(bool awake, const Said& said);
  bool back_to_before();
  bool return_command(std::string_view text);
  void want_to_add(const Said& said);
  void begin_adding();
  void drop_addition();
  void close_addition(const Spot& spot, const std::string& text);
  // turn_return_menu.cpp: what they read there, and what they withdraw
  bool shows_reply() const;
  void read_next();
  bool goes_on(const Said& said) const;
  void take_return(const Spot& spot, const Heard& heard);
  void take_return_menu(const CompiledChoice& choice);
  void show_menu(const std::string& before = {});
  void show_reply(const ReplyRead& reply);
  void show_withdrawn(bool done);
  const CompiledChoice* withdraws_all() const;
  void tap_confirmation(std::string_view code);
  Spot confirmation_of(const CompiledChoice& choice) const;

  // turn_link.cpp: replies without a receipt
  bool may_link() const;
  bool asks_to_link(const Said& said);
  std::optional<bool> wants_link(const Said& said);
  void show_link_made(bool done);
  bool looks_for_link(const Spot& spot) const;
  void come_in_by_link(std::uint32_t replies);
  void end_link();
  std::size_t return_menu() const;

  // turn_hear.cpp: one thing said, at the node where the conversation stands
  void hear(const Said& said);
  void words(std::string_view text);
  void utter(const Utterance& said);
  void tap(std::string_view id);
  void tap_earlier(const Spot& spot, std::string_view code);
  void keep_late_tap(const Spot& spot, std::string_view code);
  bool is_barred(const CompiledChoice* choice) const;
  void take(const Spot& spot, Heard heard, const Utterance& said);
  void take_words(const Spot& spot, std::string_view text);
  void take_codes(const Spot& spot, const Heard& heard, const Utterance& said);
  void unclear(const Utterance& said);
  void pin(const Pin& said);
  void not_for_us();

  // turn_doors.cpp: answers that let somebody in or keep them out
  void take_team_code(const Spot& spot, const Utterance& said);
  void take_safety(const Heard& heard);
  void whether_to_go_on(const Utterance& said);
  void take_consent(const Spot& spot, const Heard& heard, const Utterance& said);

  // turn_change.cpp: which part is to be told anew
  void pick_section(const Utterance& said);
  std::vector<Row> section_rows() const;
  bool to_change(const Spot& spot) const;
  void change(std::size_t section, std::uint32_t time);
  void tell_anew(const Spot& spot);

  // turn_foreign.cpp: a report whose form is not here
  bool foreign() const;
  void hear_foreign(const Said& said);
  void keep_foreign(const Said& said);

  // turn_media.cpp
  void attachment(const Attachment& said);
  bool refuses(const Attachment& said) const;
  void note_refusal(const Attachment& said);
  Say refusal_words(const Attachment& said) const;
  void take_file(const Spot& spot, Given given);
  void take_voice(const Spot& spot, Given given);
  std::uint32_t add_part(const Spot& spot);
  bool is_told_anew(const Spot& spot) const;
  void begin_anew(const Spot& spot);

  // turn_value.cpp: an answer that was understood
  void pick(const Spot& spot, const std::string& code);
  void hold_picks(const Spot& spot, const std::vector<std::string>& codes);
  bool goes_on_picking(const Spot& spot) const;
  bool sealed_as_picked(const Spot& spot, const std::vector<std::string>& codes) const;
  void take_value(const Spot& spot, Heard heard, const Utterance& said);
  void ask_day_or_month(const Spot& spot, std::string_view text);

  // turn_commands.cpp
  std::optional<CompiledCommand> command_in(std::string_view text) const;
  std::optional<CompiledCommand> command_in(std::string_view text, std::string_view folded) const;
  bool is_panic(std::string_view text) const;
  void command(const CompiledCommand& command);
  void erase();
  void pause();
  void skip();
  void done();
  bool may_return_to(const Spot& spot) const;
  void back();
  void help(std::size_t node);
  void why();
  void ask_language();
  void end_language();

  // turn_mode.cpp: how deep the questions go
  void set_mode(pb::Mode mode);
  void take_mode_back(const Spot& spot);
  void change_mode(pb::Mode mode);
  std::string mode_taken(pb::Mode mode) const;

  // turn_card.cpp: the questions are on paper
  std::optional<CompiledCommand> card_in(std::string_view text) const;
  void begin_card(const CompiledCommand& command);
  void set_card_depth(pb::Mode mode);
  void end_card();
  void utter_by_card(const Utterance& said);
  std::optional<Heard> heard_by_card(const Spot& spot, const Utterance& said) const;
  void change_by_card(const Utterance& said);

  // turn_flow.cpp: where to go next
  void go_on_from(const Spot& spot);  // the first that is due after it
  void go_to(const Spot& spot);       // there, even if it was answered
  void reopen(const Spot& spot);
  bool needs_code(const Spot& spot) const;
  void walk(Spot spot, std::size_t home_section);
  bool pass_message(const Spot& spot, std::vector<Spot>& passed, std::string& before);
  bool pass_unsaid(const Spot& spot);
  std::string with_warning(const Spot& spot, const std::string& before);
  void stop_at(const Spot& spot, const std::string& before);
  void show_alone(const std::vector<Spot>& passed);
  void end_at(std::string_view node, const std::string& text);
  void end_at_message(const Spot& spot, const std::string& text);
  void end_interlude_at(Spot spot);
  void open_receipt(const Spot& spot, const std::string& before);
  void show_replaced();
  void forget(const Spot& spot);
  void forget_unasked(const Spot& answered);
  void forget_times_of(const Spot& for_each);
  bool says_other(const Spot& spot, const std::vector<std::string>& codes) const;
  void forget_within(const Spot& changed);
  void owed(const std::string& before = {});
  Spot here() const;  // what an answer now belongs to
  Spot cursor() const;

  // turn_keep.cpp: what is sealed
  void keep(Given given);
  Given about(const Spot& spot, Given::Kind kind) const;
  Given said_beside(const Spot& spot, Given::Kind kind) const;
  void forget_held(std::string_view node);
  void keep_words(const Spot& spot, std::string_view text);
  void keep_event(pb::EventKind event, std::string_view detail);
  void keep_change(Given::Kind kind, std::string_view text);
  void keep_change(Given change);
  void reword(const Rewording& said);
  void begin_report();

  static bool changes_the_past(const Said& said) {
    return std::holds_alternative<Rewording>(said) || std::holds_alternative<TakenBack>(said);
  }
  static bool said_nothing(const Said& said) { return std::holds_alternative<Hello>(said); }
  bool stored() const;
  State& state() { return step_.state; }
  const State& state() const { return step_.state; }
  void say(Prompt prompt) { step_.prompt = std::move(prompt); }
  void start_afresh();
  void become(State::Phase phase);

  const Form::Content& form_;
  const Digest& digest_;
  const Settings& settings_;
  const Circumstances around_;
  TimePoint now_;
  Step step_;
  mutable std::size_t at_ = kNoIndex;  // the node that cursor() found last
  // The turn began where a name or a number is asked for: words and files that are no answer to
  // anything may be that, whatever is asked meanwhile.
  bool at_identity_ = false;
  bool was_discreet_ = false;
  bool tried_later_ = false;  // a receipt was not looked at: it may be right
  bool went_back_ = false;    // from the return menu to a report that is paused
  Facts facts_;
  Route route_;
  Prompts prompts_;
};

}  // namespace resguardo::dialogue
