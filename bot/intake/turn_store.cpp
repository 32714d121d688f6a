// SPDX-License-Identifier: AGPL-3.0-or-later
// The half of a turn that reaches the disk: seal, one transaction, and what its fate means.
#include <utility>

#include "bot/dialogue/summary.h"
#include "bot/intake/translate.h"
#include "bot/intake/turn.h"

namespace resguardo::intake {

using dialogue::Effect;

// A running report goes on under a roster that expired meanwhile; a new one does not begin.
bool Turn::somebody_can_read() {
  if (step_.effect == Effect::kBeginReport) return services_.gate.may_begin(pending_.now).ok();
  return services_.gate.enter(pending_.now).ok();
}

void Turn::store_turn() {
  if (!step_.given.empty() && !somebody_can_read()) {
    const bool goes = step_.effect == Effect::kLeave || step_.effect == Effect::kEraseReport;
    if (!goes) return answer_no_roster();
    step_.given.clear();  // whoever leaves is let go, and looks no different
  }
  // A report does not close before its receipt can be shown: the messenger sends this again.
  if (owes_receipt() && !services_.replies.has_room(person()))
    return failed({Fault::kUnavailable, "no room to show the receipt"});
  if (owes_receipt() && waiting_row()) return without_waiting_row(&Turn::store_turn);
  if (waits_for_receipt()) return;
  auto turn = sealed_turn();
  if (!turn.ok()) {
    conversation_->sealer.drop();  // perhaps pushed, and never stored
    return failed(turn.error());
  }
  submit(std::move(turn).value());
}

// What was added to a report closes with none: the report has one.
bool Turn::owes_receipt() const {
  const auto& progress = step_.state.progress();
  return step_.effect == Effect::kCloseReport && !progress.report_id().empty() &&
         progress.first_segment() == 0;
}

bool Turn::waits_for_receipt() {
  return owes_receipt() && !has_receipt(&Turn::store_turn);
}

// Where none lies ready the turn goes on when one is made: this may be a thread that serves others
// too.
bool Turn::has_receipt(Next next) {
  if (receipt_) return true;
  token_ = services_.ids.make<ReplacementToken>();
  receipt_ = services_.receipts.take();
  if (receipt_) return true;
  after_receipt_ = next;
  services_.receipts.make([self = shared_from_this()](Result<ReadyReceipt> made) mutable {
    const auto later = self->services_.later;  // its own: the turn may be gone before it is
    auto receipt = std::make_shared<Result<ReadyReceipt>>(std::move(made));
    later([self = std::move(self), receipt] { self->receipt_came(std::move(*receipt)); });
  });
  return false;
}

void Turn::receipt_came(Result<ReadyReceipt> receipt) {
  if (!receipt.ok()) return failed(receipt.error());
  receipt_ = std::move(receipt).value();
  (this->*after_receipt_)();
}

Result<storage::Turn> Turn::sealed_turn() {
  Conversation& c = *conversation_;
  storage::Turn turn;
  turn.delivered = {delivery_};
  turn.day = day_of(pending_.now);
  turn.patience = patience();
  if (step_.effect != Effect::kForget) RESGUARDO_CHECK(seal_report(turn));
  take_file(turn);
  storage::ConversationWrite write;
  write.expected = c.counter;
  write.remove = leaves_store_;
  if (owes_receipt() && receipt_) {
    RESGUARDO_TRY(turn.conversation, sealed_receipt_row(step_.state));
    turn.conversation->expected = c.counter;
    turn.conversation->found_under = c.tag;
  } else if (leaves_store_) {
    write.tag = *c.tag;
    turn.conversation = std::move(write);
  } else if (step_.effect != Effect::kCloseReport && step_.effect != Effect::kEraseReport) {
    auto durable = dialogue::durable_part(*form_, step_.state);
    c.sent.save(durable);
    RESGUARDO_TRY(auto sealed, services_.people.seal(address(), c.counter + 1, durable, turn.day));
    new_tag_ = sealed.tag;
    write.tag = sealed.tag;
    write.sealed_state = std::move(sealed.state);
    if (c.tag && *c.tag != sealed.tag) write.found_under = c.tag;
    turn.conversation = std::move(write);
  }
  return turn;
}

Status Turn::seal_report(storage::Turn& turn) {
  Conversation& c = *conversation_;
  auto* progress = step_.state.mutable_progress();
  // Once said, it holds until the report's end: leaving forgets the rest.
  progress->set_keep_partial(progress->keep_partial() || step_.state.kept());
  if (step_.effect == Effect::kEraseReport) {
    storage::ReportWrite erase;
    const auto id = ReportId::from(as_bytes(progress->report_id()));
    if (!id) return success();  // nothing had been stored
    erase.report = *id;
    erase.day = turn.day;
    erase.change = storage::ReportChange::kErase;  // of an addition, that alone
    turn.report = std::move(erase);
    c.sealer.drop();
    return success();
  }
  SealTurn seal;
  seal.given = &step_.given;
  if (file_given() != nullptr) media_ = services_.ids.make<MediaId>();
  seal.stamp = {pending_.now, message_, target_, media_};
  seal.close = step_.effect == Effect::kCloseReport;
  if (seal.given->empty() && !seal.close) return success();
  // Only consent begins a report. What is told of one is never thrown away unsaid.
  const auto phase = step_.state.phase();
  const bool of_a_report = seal.close || phase == pb::ConversationState::PHASE_OPEN ||
                           phase == pb::ConversationState::PHASE_PAUSED;
  if (progress->report_id().empty() && step_.effect != Effect::kBeginReport)
    return of_a_report ? Status(Error{Fault::kNotFound, "nobody knows which report this is of"})
                       : success();
  if (seal.close && receipt_) {
    seal.receipt = &*receipt_;
    seal.token = token_;
  }
  seal.language = step_.state.language();
  seal.consent = dialogue::consented_purposes(*form_, step_.state);
  RESGUARDO_TRY(auto pass, services_.gate.enter(pending_.now));
  week_ = std::move(pass.week);
  RESGUARDO_TRY(auto write, c.sealer.seal(frame(), pass.recipients, seal, *progress));
  turn.report = std::move(write);
  return success();
}

// The form is the one that the report began on, also where that one is not here to be asked.
ReportFrame Turn::frame() const {
  const std::string channel(channel_name(pending_.event.sender().channel));
  const auto& state = conversation_->state;
  const auto begun_on = Digest::from(as_bytes(state.form_digest()));
  if (begun_on && !dialogue::runs_on(*form_, state)) return {*begun_on, {}, {}, channel};
  return {form_->digest(), form_->id(), form_->version(), channel};
}

std::chrono::milliseconds Turn::patience() const {
  const bool comes_again = gateway::repeats(pending_.event.sender().channel);
  return comes_again ? std::chrono::milliseconds{0} : services_.patience;
}

void Turn::submit(storage::Turn turn) {
  // This is the store's writer thread: the rest runs elsewhere, and the turn goes along. Were the
  // last reference here, the conversation could end on this thread, after what it needs.
  services_.store.submit(std::move(turn), [self = shared_from_this()](
                                              const Result<storage::Recorded>& result) mutable {
    const auto later = self->services_.later;  // its own: the turn may be gone before it is
    later([self = std::move(self), result] { self->recorded(result); });
  });
}

void Turn::recorded(const Result<storage::Recorded>& result) {
  Conversation& c = *conversation_;
  week_.reset();
  if (!result.ok()) return not_recorded(result.error());
  const bool closed = step_.effect == Effect::kCloseReport;
  if (leaves_store_ || closed || step_.effect == Effect::kEraseReport) {
    pb::ConversationState after = std::move(step_.state);
    auto returned = std::move(c.returned);  // a stranger came back: finish() lets go of others'
    c.start_over();
    c.returned = std::move(returned);
    after.clear_progress();
    if (closed && receipt_) shown_receipt_ = c.receipt = owed_receipt();
    // The last questions, and the first ones of somebody who had left, live in memory only.
    if (closed || step_.effect == Effect::kNone) c.state = std::move(after);
    if (shown_receipt_) offer_link();
  } else {
    c.state = std::move(step_.state);
    c.counter = result->counter;
    c.tag = new_tag_;
    c.sent.saved();
    // Before consent the store has only the place of somebody who left.
    c.as_stored = c.state.phase() != pb::ConversationState::PHASE_NEW &&
                  c.state.phase() != pb::ConversationState::PHASE_BEFORE_CONSENT;
    c.awake = c.awake || !target_;  // a change is silent: what faded is still to be asked
    if (step_.effect == Effect::kLeave) c.sealer.drop();  // the sender is a stranger now
  }
  ++counters_.stored;
  finish(Outcome::kStored);
}

void Turn::not_recorded(const Error& error) {
  Conversation& c = *conversation_;
  c.sealer.drop();  // pushed, and perhaps stored: never again (protocol.md §3.5)
  switch (error.fault) {
    case Fault::kReplayed:
      return answer_duplicate();
    case Fault::kConflict:  // the store knows more than we do: look again, once
      if (begins_adding() && !std::exchange(retried_, true))
        return on_a_worker(&Turn::begin_adding);
      c.loaded = false;
      leaves_store_ = false;
      if (!std::exchange(retried_, true)) return run();
      return failed(error);
    case Fault::kNotFound:
      if (begins_adding()) return say_not_now();
      [[fallthrough]];
    case Fault::kMalformed:
    case Fault::kUnauthentic:
    case Fault::kStale:
    case Fault::kRefused:
    case Fault::kUnavailable:
      c.uncertain = std::move(step_.state);
      c.uncertain_receipt = owed_receipt();
      c.uncertain_end = last_words();
      return failed(error);
  }
}

}  // namespace resguardo::intake
