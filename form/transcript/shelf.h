// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "bot/dialogue/step.h"

namespace resguardo::form {

// What the store of closed reports would answer, for trying a form out: one report, whose receipt
// is kReceipt and which has one reply. Nothing of it is a secret.
class Shelf {
 public:
  static constexpr std::string_view kReceipt = "123456789012345678901234";
  static constexpr std::string_view kNoReceipt =
      "111122223333444455556666";  // its check digit fits

  // "replies 2", "linked yes", "busy yes", "failing yes": what a line of a transcript sets.
  void set(std::string_view what);
  // The step that comes of one that asks the shelf for something; any other is returned as it is.
  // `before`: the state that the step was made from.
  dialogue::Step settle(const dialogue::Form& form, const dialogue::Settings& settings,
                        const pb::ConversationState& before, dialogue::Step step, bool awake,
                        const dialogue::Circumstances& around, TimePoint now);

 private:
  std::uint32_t replies_ = 1;
  bool erased_ = false;
  bool busy_ = false;
  bool failing_ = false;
  bool linked_ = false;  // this phone
};

}  // namespace resguardo::form
