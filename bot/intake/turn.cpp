// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/turn.h"

#include <algorithm>
#include <utility>

#include "bot/dialogue/summary.h"
#include "bot/intake/translate.h"

namespace resguardo::intake {
namespace {

using dialogue::Effect;

constexpr std::size_t kHeardDeliveries = 64;

const SecretText* target_of(const gateway::Content& content) {
  if (const auto* edit = std::get_if<gateway::Edit>(&content)) return &edit->target_id;
  if (const auto* retract = std::get_if<gateway::Retract>(&content)) return &retract->target_id;
  return nullptr;
}

HeardDelivery heard_name(const storage::DedupeTag& delivery) {
  return *HeardDelivery::from(delivery.view().first(HeardDelivery::kSize));
}

}  // namespace

Turn::Turn(Services& services, IntakeCounters& counters, dialogue::Forms forms,
           std::shared_ptr<Conversation> conversation, Pending pending, Ended ended)
    : services_(services),
      counters_(counters),
      forms_(std::move(forms)),
      form_(forms_.current()),
      conversation_(std::move(conversation)),
      pending_(std::move(pending)),
      ended_(std::move(ended)) {
  const std::string_view id = pending_.event.message_id().reveal();
  const std::string_view whole = whole_message(pending_.event);
  const auto names = services.people.names(id);
  delivery_ = names.delivery;
  message_ = whole == id ? names.message : services.people.message(whole);
  if (const SecretText* target = target_of(pending_.event.content()))
    target_ = services.people.message(target->reveal());
  said_ = said_of(pending_.event.content());
  judge_file();
}

void Turn::run() {
  if (std::holds_alternative<gateway::TimerChange>(pending_.event.content()))
    return see_timer_change();
  if (const auto loaded = load(); !loaded.ok()) return failed(loaded.error());
  Conversation& c = *conversation_;
  if (c.wipe_owed) return wipe_first();
  if (services_.doubts->since(pending_.event.sender().channel, c.state.last_said_ms()))
    c.awake = false;
  begin();
}

void Turn::go_on() {
  form_ = forms_.for_state(conversation_->state);
  const auto seen = already_seen();
  if (!seen.ok()) return failed(seen.error());
  if (*seen) return answer_duplicate();
  if (!said_) return wipe_identity();
  auto* edit = std::get_if<dialogue::Rewording>(&*said_);
  if (edit != nullptr && target_ && target_ == conversation_->word_message)
    edit->of_own_word = true;
  take_step(*said_);
}

// A repeated delivery is answered once: nothing is said again, unless the turn it belongs to is
// known only now to be stored, and its prompt never went out.
void Turn::answer_duplicate() {
  ++counters_.duplicates;
  step_ = {};
  if (recovered_ && conversation_->receipt && conversation_->receipt->due()) {
    shown_receipt_ = conversation_->receipt;
  } else if (end_) {
    step_.prompt = std::move(end_);
  } else if (recovered_) {
    Conversation& c = *conversation_;
    step_.prompt = dialogue::advance(*form_, services_.settings, c.state, true, circumstances(),
                                     dialogue::Hello{}, pending_.now)
                       .prompt;
  }
  finish(Outcome::kDuplicate);
}

Result<bool> Turn::already_seen() {
  const auto& heard = conversation_->heard;
  if (std::ranges::find(heard, heard_name(delivery_)) != heard.end()) return true;
  return services_.store.seen(delivery_);
}

// The address may belong to somebody else now: tag and state go, what was sealed stays sealed.
void Turn::wipe_identity() {
  if (waiting_row()) return without_waiting_row(&Turn::wipe_identity);
  if (without_link(&Turn::wipe_identity)) return;
  forget_lost_files();
  services_.replies.forget(person());
  conversation_->sent.forget();
  conversation_->receipt.reset();
  conversation_->returned.reset();
  conversation_->link_offer.reset();
  conversation_->wipe_owed = true;  // until the store has it
  leaves_store_ = conversation_->tag.has_value();
  step_ = {};
  step_.effect = Effect::kForget;
  if (!leaves_store_) return keep_in_memory();
  store_turn();
}

dialogue::Circumstances Turn::circumstances() const {
  const auto& event = pending_.event;
  std::optional<bool> vanishes;
  if (event.expires_in()) vanishes = *event.expires_in() != 0;
  dialogue::Circumstances around(channel_of(event.sender().channel), vanishes);
  const bool may_try = conversation_->state.phase() == pb::ConversationState::PHASE_BEFORE_CONSENT;
  around.refuses_codes = may_try && !services_.code_tries->allows(person(), pending_.now);
  around.refuses_words =
      conversation_->state.has_left() && !services_.word_tries->allows(person(), pending_.now);
  around.may_link = conversation_->link_offer != nullptr;
  return around;
}

void Turn::take_step(const dialogue::Said& said) {
  Conversation& c = *conversation_;
  if (c.turns > 0 && c.accepted == c.turns) c.state.set_owed_accepted(true);
  if (!dialogue::runs_on(*form_, c.state)) ++counters_.no_form;
  const auto around = circumstances();
  step_ =
      dialogue::advance(*form_, services_.settings, c.state, c.awake, around, said, pending_.now);
  if (step_.tried_code == dialogue::TriedCode::kWrong && !around.refuses_codes) {
    services_.code_tries->was_wrong(person(), pending_.now);
  }
  if (step_.meant_as_word && !target_) c.word_message = message_;
  if (step_.wrong_word && !around.refuses_words)
    services_.word_tries->was_wrong(person(), pending_.now);
  follow_step();
}

void Turn::follow_step() {
  if (step_.unlink && !unlinked_ && services_.links != nullptr) return on_a_worker(&Turn::unlink);
  const bool asks = step_.effect == Effect::kTryReceipt || step_.effect == Effect::kReadReply ||
                    step_.effect == Effect::kWithdraw || step_.effect == Effect::kFindLink ||
                    step_.effect == Effect::kLinkPhone;
  if (asks) return follow_effect();  // and what comes of it is the step
  watch_lost_files();
  if (receipt_comes_first()) return show_receipt();
  if (owes_another_receipt()) return on_a_worker(&Turn::find_place_to_replace);
  stay_with_the_step();
}

void Turn::stay_with_the_step() {
  if (step_.prompt) {
    step_.state.set_owed_node(step_.prompt->node);
    step_.state.set_owed_accepted(false);
  }
  follow_effect();
}

void Turn::follow_effect() {
  const Conversation& c = *conversation_;
  if (step_.left && !std::exchange(gave_up_receipt_, true) && waiting_row())
    return without_waiting_row(&Turn::follow_effect);
  if (step_.left) conversation_->receipt.reset();
  switch (step_.effect) {
    case Effect::kTryReceipt:
      return try_receipt();
    case Effect::kReadReply:
      return on_a_worker(&Turn::read_reply);
    case Effect::kWithdraw:
      return on_a_worker(&Turn::take_back_what_was_agreed);
    case Effect::kFindLink:
      return on_a_worker(&Turn::find_link);
    case Effect::kLinkPhone:
      return on_a_worker(&Turn::link_phone);
    case Effect::kBeginAdding:
      return on_a_worker(&Turn::begin_adding);
    case Effect::kNone:
      // Somebody who left begins anew: until they consent again the store knows nothing of them.
      leaves_store_ = c.tag && dialogue::durable_part(*form_, step_.state).ByteSizeLong() == 0;
      // What a code opened is in memory only, and so is what a wrong one led to.
      return (report_open() && !after_try_) || leaves_store_ ? store_turn() : keep_in_memory();
    case Effect::kLeave:
      return report_open() || report_waits() ? store_turn() : keep_in_memory();
    case Effect::kForget:
      // Of somebody who left, the place stays for whoever knows the word.
      leaves_store_ = c.tag && !step_.state.has_left();
      return leaves_store_ ? store_turn() : keep_in_memory();
    case Effect::kBeginReport:
    case Effect::kContinue:
      return store_turn();
    case Effect::kCloseReport:
    case Effect::kEraseReport:
      leaves_store_ = c.tag.has_value();
      return store_turn();
  }
}

// Before consent, and after the end: nothing of it may reach the disk.
void Turn::keep_in_memory(bool changed) {
  Conversation& c = *conversation_;
  c.heard.push_back(heard_name(delivery_));
  if (c.heard.size() > kHeardDeliveries) c.heard.erase(c.heard.begin());
  const bool nothing_stays = step_.effect == Effect::kForget && !step_.state.has_left();
  c.state = std::move(step_.state);
  c.as_stored = c.as_stored && !changed;
  // A silence that is leaving leaves no stream behind either: who comes home begins another
  // segment.
  const bool no_report = c.state.progress().report_id().empty() && !c.state.returned().has_before();
  if (no_report) c.sealer.drop();
  if (nothing_stays) {  // at most the language, in memory, for minutes
    const std::string language = c.state.language();
    const auto said = c.state.last_said_ms();
    c.start_over();
    c.state.set_language(language);
    c.state.set_last_said_ms(said);
  }
  // Of a report that is paused what faded is still to be asked.
  c.awake = c.awake || (changed && c.state.phase() != pb::ConversationState::PHASE_PAUSED);
  ++counters_.heard;
  finish(Outcome::kHeard);
}

void Turn::failed(const Error&) {
  if (!said_) conversation_->wipe_owed = true;
  ++counters_.unavailable;
  step_.prompt.reset();
  finish(Outcome::kUnavailable);
}

void Turn::answer_no_roster() {
  ++counters_.no_roster;
  step_.prompt = dialogue::Prompt{};
  step_.prompt->text = dialogue::unavailable_text(*form_, conversation_->state);
  step_.state = conversation_->state;  // the question of consent stays open
  step_.effect = Effect::kNone;
  keep_in_memory(false);
}

// The reply first, then what concerns the messages before it.
std::function<void()> Turn::reply_and_tidy() {
  Conversation& c = *conversation_;
  const bool replies = step_.prompt || shown_receipt_;
  if (replies) ++c.turns;
  const std::uint64_t number = c.turns;
  std::shared_ptr<gateway::Reply> reply;
  if (replies) {
    reply = std::make_shared<gateway::Reply>(
        shown_receipt_ ? shown_receipt_->reply()
                       : reply_of(*step_.prompt, reply_ ? reply_->text.reveal() : ""));
  }
  auto arrived = when_reply_arrived();
  auto gone = std::make_shared<std::vector<SecretText>>(
      c.sent.take_back(step_.take_back, replies ? number : number + 1));
  const bool wants_timer = timer_is_off();
  const bool goes = step_.forget_contact || step_.effect == Effect::kForget ||
                    step_.effect == Effect::kLeave || step_.effect == Effect::kEraseReport;
  auto read = std::make_shared<const SecretText>(whole_message(pending_.event));
  // Not the turn: it holds what was said, and a messenger may take a day.
  auto to = std::make_shared<const gateway::Sender>(pending_.event.sender().clone());
  return [&replies = services_.replies, person = person(), to, conversation = conversation_,
          receipt = shown_receipt_, reply, number, gone, wants_timer, goes, read,
          arrived = std::move(arrived), delivered = forgets_row()] {
    if (reply) {
      replies.post(
          person, *to, *reply,
          [&replies, person, to, conversation, receipt, number, arrived, delivered](
              bool taken, const SecretText& our_id) {
            if (receipt) receipt->settled(taken);
            if (receipt && taken) delivered(*receipt);
            if (arrived) arrived(taken);
            if (!taken) return;
            if (receipt) replies.forget_contact(person, *to);
            conversation->accepted = number;
            if (!conversation->sent.note(number, receipt != nullptr, our_id)) return;
            std::vector<SecretText> late;
            late.push_back(our_id.clone());
            replies.unsend(person, *to, std::move(late));
          },
          receipt || arrived ? outbox::SettledWhen::kArrived : outbox::SettledWhen::kTaken);
    }
    if (wants_timer) replies.set_timer(person, *to);
    if (!gone->empty()) replies.unsend(person, *to, std::move(*gone));
    replies.mark_read(person, *to, *read);
    if (goes) replies.forget_contact(person, *to);
  };
}

// Every message tells whether it will vanish. Asked for again after a while: the person may have
// turned it off, or the messenger may have refused.
bool Turn::timer_is_off() {
  constexpr std::chrono::minutes kAgain{10};
  Conversation& c = *conversation_;
  const auto expires = pending_.event.expires_in();
  if (!expires) return false;
  if (*expires != 0) {
    c.timer_asked.reset();
    return false;
  }
  if (c.timer_asked && pending_.now - *c.timer_asked < kAgain) return false;
  c.timer_asked = pending_.now;
  return true;
}

void Turn::see_timer_change() {
  ++counters_.heard;
  finish(Outcome::kHeard);
}

void Turn::finish(Outcome outcome) {
  std::function<void()> release = [] {};
  if (outcome != Outcome::kUnavailable) release = with_loss(reply_and_tidy());
  pass_file_on(outcome);
  Conversation& c = *conversation_;
  if (c.state.phase() != pb::ConversationState::PHASE_RETURNED) c.returned.reset();
  if (c.state.phase() != pb::ConversationState::PHASE_CLOSED) c.link_offer.reset();
  if (held_) {
    held_->ready([self = shared_from_this(), release = std::move(release)] {
      release();
      self->ended_(self->conversation_);
    });
    if (counted_) ++counters_.receipts_looked_up;  // and what came of it is stored
    return;
  }
  pending_.done(outcome, std::move(release));
  ended_(conversation_);
}

}  // namespace resguardo::intake
