// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "bot/dialogue/step.h"
#include "bot/gateway/gateway.h"
#include "crypto/base/secret_text.h"

namespace resguardo::intake {

// The receipt of a report that is closed, until its person has it: the digits are nowhere else.
// In memory only; a crash before the messenger takes it loses it. Thread-safe, because the
// messenger's answer comes on a thread of its own.
class OwedReceipt {
 public:
  // The prompt's text holds dialogue::kReceiptMark where the digits go. Nothing of it is kept as a
  // view: its form may go before the receipt does.
  OwedReceipt(const dialogue::Prompt& prompt, SecretText digits);

  // The message that shows it, which is now on its way; settled() says what became of it.
  gateway::Reply reply();
  void settled(bool taken);  // true: the digits are wiped
  // Neither taken nor on its way: it is to be shown again.
  bool due() const;
  bool taken() const;

 private:
  const std::string text_;
  const gateway::Reply shows_;
  mutable std::mutex mutex_;
  std::optional<SecretText> digits_;
  unsigned on_its_way_ = 0;
};

}  // namespace resguardo::intake
