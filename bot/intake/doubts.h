// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "bot/gateway/event.h"
#include "crypto/base/clock.h"

namespace resguardo::intake {

// Moments at which something that people wrote was lost on its way to us, and nobody knows whose it
// was. What somebody writes next may be the continuation of words that never came: a question that
// was open then is asked again, as after a restart. In memory only. Thread-safe.
class Doubts {
 public:
  void raise(gateway::Channel channel, TimePoint now) {
    of(channel).store(now.time_since_epoch().count());
  }
  // Whether one was raised since then.
  bool since(gateway::Channel channel, std::int64_t last_said_ms) const {
    return raised_[index(channel)].load() > last_said_ms;
  }

 private:
  static std::size_t index(gateway::Channel channel) { return static_cast<std::size_t>(channel); }
  std::atomic<std::int64_t>& of(gateway::Channel channel) { return raised_[index(channel)]; }

  std::array<std::atomic<std::int64_t>, 2> raised_{};
};

}  // namespace resguardo::intake
