// SPDX-License-Identifier: AGPL-3.0-or-later
// What a person is owed by an earlier turn and gets first: a receipt nobody took, a change of
// identity that the store did not take.
#include <utility>

#include "bot/intake/turn.h"

namespace resguardo::intake {

using dialogue::Effect;

// The receipt of this turn, if it closes a report.
std::shared_ptr<OwedReceipt> Turn::owed_receipt() {
  if (!receipt_ || !step_.prompt || !row_) return nullptr;
  return std::make_shared<OwedReceipt>(*step_.prompt, std::move(receipt_->digits), *row_);
}

// What this turn ends with, if it closes or erases and shows no receipt.
std::optional<dialogue::Prompt> Turn::last_words() const {
  const bool ends = step_.effect == Effect::kCloseReport || step_.effect == Effect::kEraseReport;
  if (!ends || receipt_ || !step_.prompt) return std::nullopt;
  dialogue::Prompt words;  // without what is a view into a form
  words.node = step_.prompt->node;
  words.text = step_.prompt->text;
  return words;
}

// A turn whose fate was unknown has taken its conversation out of the store.
void Turn::ended_after_all() {
  Conversation& c = *conversation_;
  auto after = std::move(*c.uncertain);
  auto receipt = std::move(c.uncertain_receipt);
  end_ = std::move(c.uncertain_end);
  c.start_over();
  if (!receipt) return;
  after.clear_progress();
  c.state = std::move(after);
  c.receipt = std::move(receipt);
  recovered_ = true;
}

// Whoever writes instead of having a receipt gets it, and what they wrote is no answer to a
// question they never saw. Nothing that is to be stored waits for it, and to who leaves or erases
// the bot shows nothing. Who came back with another receipt is shown what they ask for, and what is
// shown is what is forgotten then: theirs waits until the stay is over.
bool Turn::receipt_comes_first() const {
  const Conversation& c = *conversation_;
  if (c.state.phase() == pb::ConversationState::PHASE_RETURNED) return false;
  if (!c.receipt || !c.receipt->due() || report_open() || c.tag) return false;
  if (step_.effect != Effect::kNone && step_.effect != Effect::kForget) return false;
  return step_.prompt && !step_.prompt->node.starts_with('@');
}

void Turn::show_receipt() {
  shown_receipt_ = conversation_->receipt;
  step_.state = conversation_->state;
  step_.effect = Effect::kNone;
  keep_in_memory();
}

// The message waits until the store has forgotten whose address this was.
void Turn::wipe_first() {
  Conversation& c = *conversation_;
  if (waiting_row()) return without_waiting_row(&Turn::wipe_first);
  if (without_link(&Turn::wipe_first)) return;
  if (!c.tag) {
    c.start_over();
    return go_on();
  }
  storage::Turn turn;
  turn.day = day_of(pending_.now);
  turn.patience = patience();
  turn.conversation.emplace();
  turn.conversation->tag = *c.tag;
  turn.conversation->expected = c.counter;
  turn.conversation->remove = true;
  services_.store.submit(std::move(turn), [self = shared_from_this()](
                                              const Result<storage::Recorded>& result) mutable {
    const auto later = self->services_.later;
    later([self = std::move(self), result] { self->wiped(result); });
  });
}

void Turn::wiped(const Result<storage::Recorded>& result) {
  Conversation& c = *conversation_;
  if (result.ok()) {
    c.start_over();
    return go_on();
  }
  c.loaded = false;  // the store says at the next turn whether there is anything left to wipe
  if (result.error().fault == Fault::kConflict && !std::exchange(retried_, true)) return run();
  failed(result.error());
}

}  // namespace resguardo::intake
