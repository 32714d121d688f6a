// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/turn.h"

#include <algorithm>

#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {
namespace {

std::int64_t milliseconds(TimePoint time) {
  return time.time_since_epoch().count();
}

// What always works, whatever else is due first.
bool is_urgent(pb::CommandKind kind) {
  return kind == pb::COMMAND_EXIT || kind == pb::COMMAND_DURESS || kind == pb::COMMAND_DELETE ||
         kind == pb::COMMAND_PAUSE;
}
bool moves_no_answer(pb::CommandKind kind) {
  return kind == pb::COMMAND_HELP || kind == pb::COMMAND_HEALTH || kind == pb::COMMAND_WHY ||
         kind == pb::COMMAND_MENU || kind == pb::COMMAND_LANGUAGE || kind == pb::COMMAND_DISCREET ||
         kind == pb::COMMAND_MODE || kind == pb::COMMAND_CARD;
}

}  // namespace

Turn::Turn(const Form& form, const Settings& settings, pb::ConversationState&& state,
           const Circumstances& around, TimePoint now)
    : form_(form.content()),
      digest_(form.digest()),
      settings_(settings),
      around_(around),
      now_(now),
      step_{std::move(state), {}, std::nullopt, Effect::kNone, TakeBack::kNothing},
      facts_(form_, step_.state, around.channel, settings.media),
      route_(form_, facts_, step_.state, settings.media),
      prompts_(form_, settings_, step_.state, facts_, around.channel,
               day_of(now + settings.utc_offset)) {}

// A receipt that opens nothing says as little as an empty message.
Step Turn::run(bool awake, const Said& said) {
  was_discreet_ = state().discreet();
  if (const auto* tried = std::get_if<Tried>(&said)) {
    tried_later_ = tried->verdict == Tried::Verdict::kLater;
    const Said nothing = Words{};
    const bool right = tried->verdict == Tried::Verdict::kRight;
    if (!right && stays_paused()) return ask_in_pause();
    if (!right) return run_in_phase(awake, nothing);
    come_in(awake, tried->replies);
    return finish(nothing);
  }
  if (const auto* link = std::get_if<LinkFound>(&said)) {
    come_in_by_link(link->replies);
    return finish(said);
  }
  if (const auto* link = std::get_if<LinkMade>(&said)) {
    show_link_made(link->done);
    return finish(said);
  }
  if (std::holds_alternative<ReceiptReplaced>(said)) {
    show_replaced();
    return finish(said);
  }
  if (auto receipt = receipt_in(said)) {
    step_.receipt = std::move(*receipt);
    step_.effect = Effect::kTryReceipt;
    return std::move(step_);
  }
  return run_in_phase(awake, said);
}

Step Turn::run_in_phase(bool awake, const Said& said) {
  if (around_.vanishes.value_or(false)) state().set_told_it_stays(false);
  const Spot begun = cursor();
  at_identity_ = begun.node != kNoIndex && form_.nodes[begun.node].identity;
  switch (state().phase()) {
    case State::PHASE_BEFORE_CONSENT:
      before_consent(awake, said);
      break;
    case State::PHASE_OPEN:
    case State::PHASE_PAUSED:
      open_report(awake, said);
      break;
    case State::PHASE_CLOSED:
      closed(said);
      break;
    case State::PHASE_RETURNED:
      returned(awake, said);
      break;
    case State::PHASE_NEW:
    case State::PHASE_STRANGER:
    default:
      first_contact(said);
      break;  // also a phase that a later version wrote
  }
  return finish(said);
}

Step Turn::finish(const Said& said) {
  if (step_.prompt && state().phase() != State::PHASE_NEW) {
    state().set_owed_node(step_.prompt->node);
    state().set_owed_accepted(false);
  }
  const bool kept = state().phase() != State::PHASE_NEW;
  // Whoever cleans the chat before somebody else has the phone does not end the silence.
  if (kept && !said_nothing(said) && !changes_the_past(said))
    state().set_last_said_ms(milliseconds(now_));
  step_.unlink = step_.unlink || (state().discreet() && !was_discreet_);
  if (went_back_ && step_.effect == Effect::kForget) step_.effect = Effect::kNone;
  const bool open = state().phase() == State::PHASE_OPEN || state().phase() == State::PHASE_PAUSED;
  if (open && step_.effect == Effect::kNone && !said_nothing(said) && !went_back_) {
    step_.effect = Effect::kContinue;
  }
  const bool asks_on = step_.prompt && step_.take_back == TakeBack::kNothing;
  if (asks_on && state().discreet()) step_.take_back = TakeBack::kQuestions;
  return std::move(step_);
}

bool Turn::stored() const {
  return state().phase() == State::PHASE_OPEN || state().phase() == State::PHASE_PAUSED;
}

bool Turn::silent_too_long() const {
  const auto since = milliseconds(now_) - state().last_said_ms();
  const std::chrono::milliseconds limit = settings_.silence;
  return state().last_said_ms() != 0 && since > limit.count();
}

// All is forgotten but what intake keeps for itself, and where somebody stood who left. A report
// that is paused goes on.
void Turn::start_afresh() {
  if (back_to_before()) return;
  State fresh;
  if (state().has_progress()) fresh.mutable_progress()->Swap(state().mutable_progress());
  if (state().has_left()) fresh.mutable_left()->Swap(state().mutable_left());
  state().Swap(&fresh);
  facts_.index();
}
void Turn::become(State::Phase phase) {
  state().set_phase(phase);
  state().set_interlude(pb::INTERLUDE_NONE);
}

// Nobody knows this person, or nobody is supposed to: neutral, and nothing is remembered.
void Turn::first_contact(const Said& said) {
  if (state().discreet()) step_.take_back = TakeBack::kEverything;
  const bool soon = state().phase() == State::PHASE_NEW && !silent_too_long();
  const std::string language = soon ? state().language() : std::string();
  start_afresh();
  be_a_stranger();
  if (leads_back(said)) return come_home();
  step_.effect = Effect::kForget;
  if (said_nothing(said) || changes_the_past(said)) return;
  const auto* words = std::get_if<Words>(&said);
  const std::string_view text = words == nullptr ? std::string_view() : words->text.reveal();
  const auto command = command_in(text);
  const bool leaving = command == pb::COMMAND_EXIT || command == pb::COMMAND_DURESS ||
                       command == pb::COMMAND_DELETE || is_panic(text);
  const auto& start = settings_.start_words;
  const auto card = card_in(text);
  const bool opens = start.empty() || card || matches_any(start, text);
  // The receipt and the last words of a report that is over may still be on the phone.
  if (leaving) step_.take_back = TakeBack::kEverything;
  step_.unlink = leaving;
  step_.left = leaving;
  if (leaving || !opens) {
    if (auto cover = prompts_.cover()) say(prompts_.only("@cover", std::move(*cover)));
    return;
  }
  step_.effect = Effect::kNone;
  become(State::PHASE_BEFORE_CONSENT);
  state().set_form_digest(digest_.str());
  if (!card && !language.empty()) return begin_in(language);
  go_to({form_.language_node});
  if (card) begin_card(*card);
}

// They chose it minutes ago (end_at_message).
void Turn::begin_in(const std::string& language) {
  const Spot asked{form_.language_node};
  const CompiledChoice* choice = form_.nodes[asked.node].find(language);
  if (choice == nullptr) return go_to(asked);
  take_codes(asked, {Heard::Kind::kCodes, {choice->code}, choice}, {});
}

void Turn::before_consent(bool awake, const Said& said) {
  if (foreign()) return first_contact(said);
  if (said_nothing(said)) return hello();
  if (!awake || silent_too_long() || cursor().node == kNoIndex) return first_contact(said);
  if (changes_the_past(said)) return;
  if (leads_back(said)) return come_home();
  hear(said);
}

// The first thing after a restart may have been a code: what faded is still to be asked.
bool Turn::faded_in_pause() const {
  const auto& order = facts_.order();
  return state().phase() == State::PHASE_PAUSED &&
         std::any_of(order.begin(), order.end(),
                     [this](const Spot& spot) { return facts_.find(spot)->faded(); });
}

void Turn::open_report(bool was_awake, const Said& said) {
  const bool awake = was_awake && !faded_in_pause();
  if (foreign()) return hear_foreign(said);
  state().clear_form_missing_told();
  if (said_nothing(said)) return hello();
  if (const auto* edit = std::get_if<Rewording>(&said)) {
    return reword(*edit);
  }
  if (std::holds_alternative<TakenBack>(said)) {
    return keep_change(Given::Kind::kRetraction, {});
  }
  const bool back = state().phase() == State::PHASE_PAUSED || silent_too_long();
  if (back && silence_is_leaving()) {
    if (const auto event = way_out(said)) return leave(*event);
    step_.take_back = TakeBack::kEverything;
    go_out();
    return first_contact(said);
  }
  if (!awake) keep_event(pb::EVENT_RESUMED, {});
  if (cursor().node == kNoIndex) return go_on_from({form_.consent_node});
  // Safety is being asked already: who answers it now may be somebody else than who was asked.
  const bool asked = back && state().interlude() == pb::INTERLUDE_SAFETY;
  if (asked) state().set_offer_to_go_on(true);
  if (back && !asked) return come_back(awake, said);
  if (!awake) return wake(said);
  hear(said);
}

// After a pause or a long silence somebody else may hold the phone.
void Turn::come_back(bool awake, const Said& said) {
  if (const auto* words = std::get_if<Words>(&said)) {
    const auto text = words->text.reveal();
    const auto kind = command_in(text);
    if (is_panic(text)) return leave(pb::EVENT_PANIC);
    if (kind && is_urgent(kind->kind)) {
      if (!awake) ask_what_faded();  // they may pause, and come back to this process
      return command(*kind);
    }
    if (!kind) keep_words(here(), text);
  }
  if (std::holds_alternative<Attachment>(said) || std::holds_alternative<Pin>(said)) hear(said);
  if (!awake) ask_what_faded();
  state().set_offer_to_go_on(state().phase() != State::PHASE_PAUSED);
  become(State::PHASE_OPEN);
  state().set_interlude(pb::INTERLUDE_SAFETY);
  state().set_misunderstood(0);
  owed();
}

// After a restart the codes that were not for disk are gone. Questions whose codes decide what else
// is asked come first; then the prompt that was due. Words are kept, but move nothing: the person
// may never have seen the question. A story in several messages that was not done is due again.
void Turn::ask_what_faded() {
  const Spot due = cursor();
  Spot first = due;  // what comes after it is reached from there
  for (const Spot& spot : facts_.order()) {
    const bool faded = spot.node > form_.consent_node && facts_.find(spot)->faded() &&
                       form_.nodes[spot.node].read_by_expression;
    if (faded && (first.node == kNoIndex || route_.before(spot.node, first.node))) first = spot;
  }
  if (first == due) return;
  pb::Fact* told = due.node == kNoIndex ? nullptr : facts_.find(due);
  if (told != nullptr && form_.nodes[due.node].type->in_parts) told->set_reopened(true);
  const bool warned = state().told_it_stays();  // what is said here may not be what is shown
  go_to(first);
  state().set_told_it_stays(warned);
}

void Turn::wake(const Said& said) {
  const Spot due = here();
  const auto* words = std::get_if<Words>(&said);
  ask_what_faded();
  if (words == nullptr) return hear(said);
  const auto text = words->text.reveal();
  const auto kind = command_in(text);
  if (is_panic(text)) return leave(pb::EVENT_PANIC);
  if (kind && (is_urgent(kind->kind) || moves_no_answer(kind->kind))) return command(*kind);
  const bool in_parts = form_.nodes[due.node].type->in_parts;
  const pb::Fact* fact = facts_.find(due);
  const bool begun = fact != nullptr && fact->parts() > 0;
  if (here() == due && in_parts && (begun || !kind)) return this->words(text);
  if (!kind) keep_words(due, text);  // they saw that question, if any
  owed();
}

// The report is sealed and whole. Only the last words are left, and after a silence none.
void Turn::closed(const Said& said) {
  if (said_nothing(said)) return hello();
  if (changes_the_past(said)) return;
  if (silent_too_long()) return first_contact(said);
  const auto* words = std::get_if<Words>(&said);
  const std::string_view text = words == nullptr ? std::string_view() : words->text.reveal();
  const auto kind = command_in(text);
  // `delete` too: there is nothing unfinished to erase, but the code must not stay on the phone.
  if (is_panic(text) || kind == pb::COMMAND_EXIT || kind == pb::COMMAND_DURESS ||
      kind == pb::COMMAND_DELETE) {
    return leave(pb::EVENT_EXIT);
  }
  if (asks_to_link(said)) return;
  go_on_from(cursor().node == kNoIndex ? Spot{form_.receipt_node} : cursor());
}

void Turn::hello() {
  if (cursor().node == kNoIndex || state().phase() == State::PHASE_PAUSED) return;
  owed();
}

}  // namespace resguardo::dialogue
