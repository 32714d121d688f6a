// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "crypto/base/secret_text.h"
#include "proto/conversation.pb.h"

namespace resguardo::intake {

// What we said to one person and can still take back. Messengers name a message only once they
// took it, so a name may come after its message was taken back. Thread-safe.
class SentMessages {
 public:
  // A name has come. True: it is to be taken back at once.
  bool note(std::uint64_t turn, bool receipt, const SecretText& our_id);
  // Those of turns before `turn`; they are forgotten here. What is under way follows by note().
  std::vector<SecretText> take_back(dialogue::TakeBack which, std::uint64_t turn);
  void save(pb::ConversationState& state) const;  // into what is sealed to disk
  void load(const pb::ConversationState& state);  // after a restart
  void forget();

 private:
  struct Message {
    std::string id;
    bool receipt = false;
  };
  mutable std::mutex mutex_;
  std::vector<Message> messages_;
  std::uint64_t questions_gone_ = 0;  // turns below it: taken back, all but the receipt
  std::uint64_t all_gone_ = 0;
};

}  // namespace resguardo::intake
