// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/owed_receipt.h"

#include <utility>

#include "bot/intake/translate.h"

namespace resguardo::intake {

OwedReceipt::OwedReceipt(const dialogue::Prompt& prompt, SecretText digits)
    : text_(prompt.text), shows_(reply_of(prompt, {})), digits_(std::move(digits)) {}

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

bool OwedReceipt::taken() const {
  const std::lock_guard lock(mutex_);
  return !digits_.has_value();
}

}  // namespace resguardo::intake
