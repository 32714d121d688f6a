// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

#include "bot/gateway/event.h"
#include "bot/outbox/queue.h"
#include "crypto/session/sender_memory.h"
#include "proto/conversation.pb.h"
#include "storage/key_ring.h"
#include "storage/store.h"

namespace resguardo::intake {

// A conversation as it was found on disk.
struct Found {
  storage::ConversationTag tag;
  std::uint64_t counter = 0;
  pb::ConversationState state;
};

// The oldest day that an unfinished conversation may be of, and so the oldest that keeps its key.
Day oldest_day(Day today, std::chrono::hours idle_timeout);

// How senders are named: by tags under day keys in the store, by a keyed hash of this process in
// memory. Holds the live day keys. Thread-safe.
class People {
 public:
  static Result<std::unique_ptr<People>> create(storage::KeyRing& keys, storage::Store& store);

  outbox::Person in_memory(std::string_view address) const;
  storage::DedupeTag delivery(std::string_view message_id) const;
  Tag16 message(std::string_view message_id) const;
  struct Names {
    storage::DedupeTag delivery;
    Tag16 message{};
  };
  Names names(std::string_view message_id) const;   // both of one message, with one use of the key
  std::string word(std::string_view folded) const;  // dialogue::Settings::word_tag

  // Looks under every live day key, newest first. kUnavailable: the store could not be read.
  Result<std::optional<Found>> find(std::string_view address);
  // The tag and the sealed state for today's key.
  struct Sealed {
    storage::ConversationTag tag;
    Bytes state;
  };
  Result<Sealed> seal(std::string_view address, std::uint64_t counter,
                      const pb::ConversationState& durable, Day today);
  // Destroys the day keys that no unfinished conversation can need: nobody can test numbers
  // against those days any more.
  Status forget_days(Day today, std::chrono::hours idle_timeout);

 private:
  People(storage::KeyRing& keys, storage::Store& store, SecretBytes dedupe, SecretBytes process);
  Result<std::shared_ptr<const SecretBytes>> day_key(Day day, bool make);

  storage::KeyRing& keys_;
  storage::Store& store_;
  SecretBytes dedupe_key_;
  SecretBytes process_key_;  // random at every start
  std::mutex mutex_;
  std::map<Day, std::shared_ptr<const SecretBytes>> day_keys_;
};

}  // namespace resguardo::intake
