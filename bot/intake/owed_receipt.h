// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "bot/dialogue/step.h"
#include "bot/gateway/gateway.h"
#include "crypto/base/secret_text.h"
#include "proto/conversation.pb.h"
#include "storage/store.h"

namespace resguardo::intake {

// What the store has of a receipt that is not known to have been delivered (docs/adr/161): a row of
// its own under the sender's key of that day, which outlives the report's conversation.
struct ReceiptRow {
  storage::ConversationTag tag;
  std::uint64_t counter = 0;
  storage::ReceiptLookup lookup;  // of the receipt
};
// Under which address that row lies: no sender has one like it.
SecretText receipt_address(std::string_view address);
// What is sealed in it: where the chat stands, without an answer.
pb::ConversationState receipt_state(const pb::ConversationState& closed,
                                    const storage::ReceiptLookup& lookup,
                                    const ReplacementToken& token);
// The turn that takes it out of the store. kConflict: it is not there any more.
storage::Turn without_row(const ReceiptRow& row, TimePoint now);

// As it is found after a restart: the digits are gone, and another receipt may take their place.
struct LostReceipt {
  ReceiptRow row;
  pb::ConversationState state;
};
std::optional<LostReceipt> lost_receipt(const storage::ConversationTag& tag, std::uint64_t counter,
                                        const pb::ConversationState& state);

// The receipt of a report that is closed, until its person has it: the digits are nowhere else.
// In memory only; after a crash its row is left. Thread-safe, because the
// messenger's answer comes on a thread of its own.
class OwedReceipt {
 public:
  // The prompt's text holds dialogue::kReceiptMark where the digits go. Nothing of it is kept as a
  // view: its form may go before the receipt does.
  OwedReceipt(const dialogue::Prompt& prompt, SecretText digits, const ReceiptRow& row);

  // The message that shows it, which is now on its way; settled() says what became of it.
  gateway::Reply reply();
  void settled(bool taken);  // true: the digits are wiped
  // Neither taken nor on its way: it is to be shown again.
  bool due() const;
  bool taken() const;
  // Its row in the store, once: whoever asks takes it out.
  std::optional<ReceiptRow> take_row();
  std::optional<ReceiptRow> row() const;
  bool is_of(const storage::ReceiptLookup& lookup) const;

 private:
  const std::string text_;
  const gateway::Reply shows_;
  mutable std::mutex mutex_;
  std::optional<SecretText> digits_;
  std::optional<ReceiptRow> row_;
  const storage::ReceiptLookup lookup_;
  unsigned on_its_way_ = 0;
};

}  // namespace resguardo::intake
