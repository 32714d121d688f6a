// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "bot/dialogue/step.h"
#include "bot/intake/pack_bytes.h"
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
  void saved();                                   // what save() wrote last is in the store now
  // Those that the store has: after a restart, or after unpack().
  void load(const pb::ConversationState& state);
  void forget();

  // While nothing is under way. What saved() told of is in the second part; without it load() is
  // to follow.
  void pack(PackWriter& memory, PackWriter& stored) const;
  void unpack(PackReader& memory, PackReader* stored);
  static void skip_stored(PackReader& stored);

 private:
  struct Message {
    std::string id;
    bool receipt = false;
  };
  static void write(const Message& message, PackWriter& out);
  static Message read(PackReader& in);
  mutable std::mutex mutex_;
  std::vector<Message> messages_;
  mutable std::size_t saving_ = 0;    // of messages_, the first ones: saved, and perhaps not stored
  std::size_t stored_ = 0;            // of messages_, the first ones: just those the store has
  std::size_t unread_ = 0;            // the store has as many more, which come first
  std::uint64_t questions_gone_ = 0;  // turns below it: taken back, all but the receipt
  std::uint64_t all_gone_ = 0;
};

}  // namespace resguardo::intake
