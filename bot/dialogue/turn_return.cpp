// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back with a receipt: what they may do, and more that they tell (docs/adr/157).
#include <algorithm>

#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {
namespace {

constexpr std::size_t kReceiptFigures = 24;
constexpr std::size_t kLongestReceipt = 64;  // with what people put between the figures

bool may_stand_between(char c) {
  return c == ' ' || c == '.' || c == '-' || c == '\t' || c == '\r' || c == '\n';
}

// The figures, if a whole message is so many of them.
std::optional<SecretText> receipt_figures(std::string_view text) {
  if (text.size() < kReceiptFigures || text.size() > kLongestReceipt) return std::nullopt;
  SecretText digits;
  for (const char& c : text) {
    if (c >= '0' && c <= '9') {
      digits.append({&c, 1});
    } else if (!may_stand_between(c)) {
      return std::nullopt;
    }
  }
  if (digits.size() != kReceiptFigures) return std::nullopt;
  return digits;
}

}  // namespace

// Within an open report it is an answer like any other, and by card nothing of the menu is printed.
std::optional<SecretText> Turn::receipt_in(const Said& said) const {
  const auto* words = std::get_if<Words>(&said);
  if (words == nullptr || !form_.returning.open() || !settings_.receipt_fits) return std::nullopt;
  const auto phase = state().phase();
  const bool inside = phase == State::PHASE_RETURNED && !state().returned().linked();
  if (phase == State::PHASE_OPEN || inside || state().card()) return std::nullopt;
  auto digits = receipt_figures(words->text.reveal());
  if (!digits || !settings_.receipt_fits(digits->reveal())) return std::nullopt;
  return digits;
}

bool Turn::is_return_node(const Spot& spot) const {
  const auto& back = form_.returning;
  return back.open() && spot.node != kNoIndex && spot.node != back.code &&
         form_.nodes[spot.node].section == form_.nodes[back.menu].section;
}

// They are asked for their language and whether they are safe, like anybody: the section of that.
bool Turn::leads_to_menu(const Spot& spot) const {
  return state().phase() == State::PHASE_RETURNED && !is_return_node(spot) &&
         form_.nodes[spot.node].section != form_.nodes[form_.safety_node].section &&
         form_.nodes[spot.node].type->asks;
}

// The receipt is right. What this phone was about stays aside, if it is a report that is paused;
// of anything else only the language and how careful to be are known from now on.
void Turn::come_in(bool awake, std::uint32_t replies) {
  const auto phase = state().phase();
  const bool soon = awake && !silent_too_long() && !foreign();
  const bool asked = phase == State::PHASE_BEFORE_CONSENT && soon;
  const bool closed = phase == State::PHASE_CLOSED && soon;
  const bool past_safety = cursor().node != kNoIndex && form_.nodes[cursor().node].section !=
                                                            form_.nodes[form_.safety_node].section;
  const bool linked = phase == State::PHASE_RETURNED && soon;
  const bool safe = closed || linked || (asked && past_safety);
  const bool knows_language = soon || phase == State::PHASE_PAUSED;
  const std::string language = knows_language ? state().language() : std::string();
  const bool discreet = (soon || phase == State::PHASE_PAUSED) && state().discreet();
  State fresh;
  if (phase != State::PHASE_PAUSED) be_a_stranger();
  if (phase == State::PHASE_PAUSED) {
    fresh.mutable_returned()->mutable_before()->Swap(&state());
  } else if (state().has_left()) {
    fresh.mutable_left()->Swap(state().mutable_left());
  }
  state().Swap(&fresh);
  facts_.index();
  become(State::PHASE_RETURNED);
  state().set_form_digest(digest_.str());
  state().mutable_returned()->set_replies(replies);
  state().set_language(language);
  state().set_discreet(discreet);
  const Spot first{form_.language_node};
  if (language.empty() || form_.nodes[first.node].find(language) == nullptr) return go_to(first);
  facts_.at(first).add_codes(language);
  if (safe) return show_menu();
  go_on_from(first);
}

// After a wrong code the pause is what it was: a right one opens, and nothing more is sealed than
// after a right one.
bool Turn::stays_paused() const {
  return state().phase() == State::PHASE_PAUSED && !silence_is_leaving();
}

Step Turn::ask_in_pause() {
  state().set_interlude(pb::INTERLUDE_SAFETY);
  state().set_misunderstood(0);
  owed();
  return finish(Hello{});
}

// True: a report that is paused goes on where it was.
bool Turn::back_to_before() {
  if (!state().returned().has_before()) return false;
  State place;
  place.Swap(state().mutable_returned()->mutable_before());
  state().Swap(&place);
  facts_.index();
  went_back_ = true;
  return true;
}

void Turn::end_return(bool awake, const Said& said) {
  if (!back_to_before()) {
    first_contact(said);
    if (step_.take_back == TakeBack::kNothing) step_.take_back = TakeBack::kQuestions;
    return;
  }
  went_back_ = false;
  open_report(awake, said);
}

void Turn::returned(bool awake, const Said& said) {
  if (const auto* reply = std::get_if<ReplyRead>(&said)) return show_reply(*reply);
  if (const auto* done = std::get_if<Withdrawn>(&said)) return show_withdrawn(done->done);
  if (said_nothing(said)) return hello();
  if (foreign() || !awake || silent_too_long() || cursor().node == kNoIndex)
    return end_return(awake, said);
  if (changes_the_past(said)) return;
  if (const auto event = way_out(said)) return leave(*event);
  const auto* words = std::get_if<Words>(&said);
  if (words != nullptr && return_command(words->text.reveal())) return;
  if (const auto* tap = std::get_if<Tap>(&said)) {
    const auto tapped = choice_named(form_, tap->id);
    if (!tapped || tapped->spot != here()) return owed();
    if (shows_reply()) return read_next();
    if (here().node == form_.returning.confirm) return tap_confirmation(tapped->code);
    // Nothing was told yet: to skip that, or to be done with it, is to go back.
    return cursor().node == form_.returning.add && here() == cursor() ? show_menu() : hear(said);
  }
  const bool waits = state().interlude() == pb::INTERLUDE_NONE;
  if (shows_reply())
    return goes_on(said) ? read_next() : show_menu(prompts_.text({form_.returning.not_kept}));
  if (waits && cursor().node == form_.returning.add) return want_to_add(said);
  hear(said);
}

// True: it was an order. Of those that change a report none does: `delete` asks for a yes first.
bool Turn::return_command(std::string_view text) {
  const auto found = command_in(text);
  if (!found) return false;
  const bool inside = is_return_node(cursor()) && state().interlude() == pb::INTERLUDE_NONE;
  switch (found->kind) {
    case pb::COMMAND_DELETE:
      if (state().returned().linked()) {
        end_link();
        return true;
      }
      if (inside && withdraws_all() != nullptr) {
        take_return_menu(*withdraws_all());
        return true;
      }
      [[fallthrough]];
    case pb::COMMAND_PAUSE:
      end_at(form_.nodes[form_.returning.left].id, prompts_.text({form_.returning.left}));
      return true;
    case pb::COMMAND_BACK:
    case pb::COMMAND_SKIP:
    case pb::COMMAND_DONE:
      inside&& cursor().node != return_menu() ? show_menu() : owed();
      return true;
    case pb::COMMAND_MODE:
    case pb::COMMAND_CARD:
      owed();
      return true;
    default:
      command(*found);
      return true;
  }
}

// From the first thing told on, all is stored.
void Turn::want_to_add(const Said& said) {
  if (const auto* file = std::get_if<Attachment>(&said); file != nullptr && refuses(*file)) {
    if (file->caption.reveal().empty()) return owed(prompts_.say(refusal_words(*file)));
  }
  if (const auto* said_words = std::get_if<Words>(&said)) {
    const auto text = said_words->text.reveal();
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return owed();
  }
  if (std::holds_alternative<NotForUs>(said)) return owed(prompts_.say(Say::kNotForUs));
  begin_adding();
  hear(said);
}

void Turn::begin_adding() {
  state().clear_returned();
  state().clear_left();  // one phone, one open report
  state().clear_facts();
  facts_.index();
  become(State::PHASE_OPEN);
  state().set_adding(true);
  state().set_kept(true);
  step_.effect = Effect::kBeginAdding;
}

// `delete`: what is being told now. The report that it belongs to stays, and the person is told so.
void Turn::drop_addition() {
  say(prompts_.only(form_.nodes[form_.returning.dropped].id,
                    prompts_.text({form_.returning.dropped})));
  step_.take_back = TakeBack::kEverything;
  start_afresh();
  step_.effect = Effect::kEraseReport;
}

// They may write again soon, and are not asked for their language anew.
void Turn::close_addition(const Spot& spot, const std::string& text) {
  say(prompts_.only(form_.nodes[spot.node].id, text));
  step_.take_back = TakeBack::kQuestions;
  step_.effect = Effect::kCloseReport;
  const std::string language = state().language();
  start_afresh();
  state().set_language(language);
  state().set_last_said_ms(now_.time_since_epoch().count());
}

}  // namespace resguardo::dialogue
