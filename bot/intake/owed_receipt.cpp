// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/owed_receipt.h"

#include <utility>

#include "bot/intake/translate.h"

namespace resguardo::intake {

SecretText receipt_address(std::string_view address) {
  SecretText own(address);
  own.append("\nreceipt");
  return own;
}

pb::ConversationState receipt_state(const pb::ConversationState& closed,
                                    const storage::ReceiptLookup& lookup,
                                    const ReplacementToken& token) {
  pb::ConversationState state;
  state.set_phase(pb::ConversationState::PHASE_CLOSED);
  state.set_form_digest(closed.form_digest());
  state.set_language(closed.language());
  state.set_discreet(closed.discreet());
  state.set_card(closed.card());
  state.set_last_said_ms(closed.last_said_ms());
  state.mutable_undelivered()->set_lookup(lookup.str());
  state.mutable_undelivered()->set_token(token.str());
  return state;
}

storage::Turn without_row(const ReceiptRow& row, TimePoint now) {
  storage::Turn turn;
  turn.day = day_of(now);
  turn.conversation.emplace();
  turn.conversation->tag = row.tag;
  turn.conversation->expected = row.counter;
  turn.conversation->remove = true;
  return turn;
}

std::optional<LostReceipt> lost_receipt(const storage::ConversationTag& tag, std::uint64_t counter,
                                        const pb::ConversationState& state) {
  const auto lookup = storage::ReceiptLookup::from(as_bytes(state.undelivered().lookup()));
  const auto token = ReplacementToken::from(as_bytes(state.undelivered().token()));
  if (!lookup || !token) return std::nullopt;
  return LostReceipt{{tag, counter, *lookup}, state};
}

OwedReceipt::OwedReceipt(const dialogue::Prompt& prompt, SecretText digits, const ReceiptRow& row)
    : text_(prompt.text),
      shows_(reply_of(prompt, {})),
      digits_(std::move(digits)),
      row_(row),
      lookup_(row.lookup) {}

gateway::Reply OwedReceipt::reply() {
  const std::lock_guard lock(mutex_);
  ++on_its_way_;
  auto shown = shows_.clone();
  shown.text = with_receipt(text_, digits_ ? digits_->reveal() : std::string_view());
  return shown;
}

void OwedReceipt::settled(bool taken) {
  const std::lock_guard lock(mutex_);
  if (on_its_way_ > 0) --on_its_way_;
  if (taken) digits_.reset();
}

bool OwedReceipt::due() const {
  const std::lock_guard lock(mutex_);
  return digits_.has_value() && on_its_way_ == 0;
}

std::optional<ReceiptRow> OwedReceipt::take_row() {
  const std::lock_guard lock(mutex_);
  return std::exchange(row_, std::nullopt);
}

std::optional<ReceiptRow> OwedReceipt::row() const {
  const std::lock_guard lock(mutex_);
  return row_;
}

bool OwedReceipt::is_of(const storage::ReceiptLookup& lookup) const {
  return lookup_ == lookup;
}

bool OwedReceipt::taken() const {
  const std::lock_guard lock(mutex_);
  return !digits_.has_value();
}

}  // namespace resguardo::intake
