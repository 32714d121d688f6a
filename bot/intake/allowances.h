// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "bot/gateway/event.h"
#include "bot/outbox/queue.h"
#include "crypto/base/clock.h"

namespace resguardo::intake {

// How much one person may say in a time, and all strangers together: docs/adr/176. A stranger is
// whom the store does not know: before consent, or nobody at all. Whom it knows waits for no
// stranger, and is held back by nothing but what they said themselves: twenty minutes' worth at
// once, and so much a minute from then on.
//
// In memory, bounded, by names that this process gave. What was refused costs nothing: silence
// ends with the flood. Thread-safe. A clock that goes back holds nobody up.
class Allowances {
 public:
  struct Strangers {
    std::chrono::microseconds every{0};     // one, of all of them together; 0: no limit
    std::chrono::milliseconds patience{0};  // how long one may be made to wait instead
  };
  struct Limits {
    std::uint32_t per_minute = 30;            // of one person; 0: no limit
    std::array<Strangers, 2> strangers = {};  // by gateway::Channel
  };

  explicit Allowances(const Limits& limits) : limits_(limits) {}

  // What something costs, in turns of somebody known.
  static constexpr unsigned kTurn = 1;
  static constexpr unsigned kFile = 2;          // fetched, sealed and kept
  static constexpr unsigned kReceipt = 4;       // looked up, 40 ms
  static constexpr unsigned kFirstContact = 2;  // more: a conversation's memory
  static constexpr unsigned kBurst = 20;        // minutes' worth
  static constexpr unsigned kStrangersBurst = 2;
  static constexpr std::chrono::seconds kTogether{2};  // as much at once, of all strangers
  static constexpr std::size_t kSenders = 65'536;

  // False: too much, and nothing was taken. Costs of 0 are never refused.
  bool take(const outbox::Person& person, unsigned cost, TimePoint now);
  void give_back(const outbox::Person& person, unsigned cost);
  // Of a stranger, after take(): how long they wait; nothing: they are not heard now. What is dear
  // costs more and needs no more room than a turn: in a flood, which takes each bit of room, there
  // would never be enough for the digits of who comes back.
  struct Asked {
    gateway::Channel channel;
    unsigned cost;
    bool is_first = false;  // of this person: costs and needs kFirstContact more
  };
  std::optional<std::chrono::milliseconds> let_in(const outbox::Person& person, const Asked& asked,
                                                  TimePoint now);
  std::size_t senders() const;  // who have something to make up for

 private:
  using Moment = std::chrono::sys_time<std::chrono::microseconds>;
  std::chrono::microseconds every() const;
  void make_room(Moment now);

  const Limits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<outbox::Person, Moment, FixedBytesHash> made_up_;
  std::array<Moment, 2> strangers_made_up_{};
};

// What this costs whoever sent it. Nothing, where it must be heard whatever came before.
unsigned cost_of(const gateway::InboundEvent& event);

}  // namespace resguardo::intake
