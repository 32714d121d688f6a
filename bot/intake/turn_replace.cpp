// SPDX-License-Identifier: AGPL-3.0-or-later
// A receipt that is not known to have been delivered (docs/adr/161): its row in the store, and
// another receipt in its place for who writes after a restart.
#include <utility>

#include "bot/intake/turn.h"

namespace resguardo::intake {

using dialogue::Effect;

// What a start of this program left of a report's end. Where nothing else is known of the sender,
// the chat stands where it stood then.
Status Turn::find_lost_receipt() {
  Conversation& c = *conversation_;
  c.lost_receipt.reset();
  if (c.receipt && !c.receipt->taken()) return success();
  RESGUARDO_TRY(auto found, services_.people.find(receipt_address(address()).reveal()));
  const auto& also = pending_.event.sender().also_known;
  if (!found && also) {
    RESGUARDO_TRY(found, services_.people.find(receipt_address(also->reveal()).reveal()));
  }
  if (!found) return success();
  c.lost_receipt = lost_receipt(found->tag, found->counter, found->state);
  if (!c.lost_receipt || c.tag || c.state.ByteSizeLong() > 0) return success();
  c.state = std::move(found->state);
  c.state.clear_undelivered();
  c.awake = false;
  return success();
}

// One row waits for one sender's receipts; nothing: none does.
std::optional<ReceiptRow> Turn::waiting_row() const {
  const Conversation& c = *conversation_;
  if (c.lost_receipt) return c.lost_receipt->row;
  return c.receipt ? c.receipt->row() : std::nullopt;
}

// The next step comes when the store does not have it any more.
void Turn::without_waiting_row(Next next) {
  auto turn = without_row(*waiting_row(), pending_.now);
  turn.patience = patience();
  services_.store.submit(std::move(turn), [self = shared_from_this(),
                                           next](const Result<storage::Recorded>& result) mutable {
    const auto later = self->services_.later;  // its own: the turn may be gone before it is
    const bool gone = result.ok() || result.error().fault == Fault::kConflict;
    later([self = std::move(self), next, gone] {
      // Whoever leaves is let go, and looks no different.
      if (!gone && !self->step_.left)
        return self->failed({Fault::kUnavailable, "a receipt's row stays"});
      Conversation& c = *self->conversation_;
      c.lost_receipt.reset();
      if (c.receipt) c.receipt->take_row();
      ((*self).*next)();
    });
  });
}

// Called by the messenger's thread, when the person has it. Where the store fails the row stays
// until its day's key goes, and the person gets another receipt after a restart.
std::function<void(OwedReceipt&)> Turn::forgets_row() const {
  return [&store = services_.store, later = services_.later,
          now = pending_.now](OwedReceipt& receipt) {
    const auto row = receipt.take_row();
    if (!row) return;
    later([&store, row = *row, now] {
      store.submit(without_row(row, now), [](const Result<storage::Recorded>&) {});
    });
  };
}

// Whoever comes back with it has it, whatever the messenger said.
void Turn::it_was_delivered(const storage::ReceiptLookup& lookup) {
  Conversation& c = *conversation_;
  const bool was_lost = c.lost_receipt && c.lost_receipt->row.lookup == lookup;
  if (was_lost) {
    services_.store.submit(without_row(c.lost_receipt->row, pending_.now),
                           [](const Result<storage::Recorded>&) {});
    c.lost_receipt.reset();
  }
  if (!c.receipt || !c.receipt->is_of(lookup)) return;
  c.receipt->settled(true);
  forgets_row()(*c.receipt);
}

// As with one that waits in memory: turn_owed.cpp. Who tries a code is answered first.
bool Turn::owes_another_receipt() const {
  const Conversation& c = *conversation_;
  if (!c.lost_receipt || held_ || report_open() || c.tag) return false;
  if (step_.effect != Effect::kNone && step_.effect != Effect::kForget) return false;
  return step_.prompt && !step_.prompt->node.starts_with('@');
}

// On a worker. What cannot be done now is done with a later message, and nobody is kept waiting.
void Turn::find_place_to_replace() {
  const auto& lost = *conversation_->lost_receipt;
  const auto place = place_to_replace(services_.store, lost.row.lookup);
  if (!place.ok() || !services_.gate.enter(pending_.now).ok() ||
      !services_.replies.has_room(person()))
    return stay_with_the_step();
  if (!*place) return without_waiting_row(&Turn::stay_with_the_step);
  place_ = **place;
  if (has_receipt(&Turn::store_replacement)) store_replacement();
}

void Turn::store_replacement() {
  Conversation& c = *conversation_;
  step_ = dialogue::advance(*form_, services_.settings, c.lost_receipt->state, true,
                            circumstances(), dialogue::ReceiptReplaced{}, pending_.now);
  auto turn = sealed_replacement();
  if (!turn.ok()) return failed(turn.error());
  services_.store.submit(
      std::move(turn).value(),
      [self = shared_from_this()](const Result<storage::Recorded>& result) mutable {
        const auto later = self->services_.later;
        later([self = std::move(self), result] { self->replaced(result); });
      });
}

// One turn: a segment of the report that says the new mailbox, the entry that names the new key by
// the token of the old one, and the row with the new one's.
Result<storage::Turn> Turn::sealed_replacement() {
  const LostReceipt& lost = *conversation_->lost_receipt;
  storage::Turn turn;
  turn.delivered = {delivery_};
  turn.day = day_of(pending_.now);
  turn.patience = patience();
  RESGUARDO_TRY(turn.conversation, sealed_receipt_row(step_.state));
  turn.conversation->expected = lost.row.counter;
  turn.conversation->found_under = lost.row.tag;
  pb::ReportProgress progress;
  progress.set_report_id(place_->report.str());
  progress.set_next_segment(place_->segment);
  progress.set_first_segment(place_->segment);
  const std::vector<dialogue::Given> nothing;
  SealTurn seal;
  seal.given = &nothing;
  seal.stamp = {pending_.now, message_, target_, {}};
  seal.close = true;
  seal.receipt = &*receipt_;
  seal.token = token_;
  seal.replaces = ReplacementToken::from(as_bytes(lost.state.undelivered().token()));
  seal.language = step_.state.language();
  RESGUARDO_TRY(const auto pass, services_.gate.enter(pending_.now));
  ReportSealer sealer(services_.slab, services_.ids);
  RESGUARDO_TRY(turn.report, sealer.seal(frame(), pass.recipients, seal, progress));
  return turn;
}

// The row of the turn's receipt, under today's key.
Result<storage::ConversationWrite> Turn::sealed_receipt_row(const pb::ConversationState& closed) {
  const Conversation& c = *conversation_;
  const std::uint64_t before = place_ ? c.lost_receipt->row.counter : c.counter;
  const auto lookup = *storage::ReceiptLookup::from(receipt_->keys.lookup.view());
  RESGUARDO_TRY(auto sealed,
                services_.people.seal(receipt_address(address()).reveal(), before + 1,
                                      receipt_state(closed, lookup, token_), day_of(pending_.now)));
  storage::ConversationWrite write;
  write.tag = sealed.tag;
  write.sealed_state = std::move(sealed.state);
  row_ = ReceiptRow{sealed.tag, before + 1, lookup};
  return write;
}

// Where its fate is not known, the store says at the next message which receipt counts.
void Turn::replaced(const Result<storage::Recorded>& result) {
  Conversation& c = *conversation_;
  if (!result.ok()) {
    c.loaded = false;
    const Fault fault = result.error().fault;
    if (fault == Fault::kReplayed) return answer_duplicate();
    return failed(result.error());
  }
  c.lost_receipt.reset();
  shown_receipt_ = c.receipt = owed_receipt();
  using State = pb::ConversationState;
  const auto phase = c.state.phase();  // what they were telling meanwhile goes on
  if (phase == State::PHASE_CLOSED || phase == State::PHASE_NEW) {
    c.state = std::move(step_.state);
    c.as_stored = false;
    c.awake = true;
    offer_link();
  }
  ++counters_.stored;
  finish(Outcome::kStored);
}

}  // namespace resguardo::intake
