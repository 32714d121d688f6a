// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "bot/commands/routes.h"
#include "bot/gateway/gateway.h"
#include "bot/intake/intake.h"
#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/result.h"

namespace resguardo::commands {

struct SubscriptionParts {
  const gateway::Gateway& gateway;  // with subscribe()
  std::string api_base;
  intake::Intake& intake;
  const Clock& clock;
  RandomSource& jitter;
  WebhookCounters& counters;
  std::function<bool()> store_takes;  // whether the store takes what is written now
};

// The events of a messenger that posts none: fetched, and handed to the intake one after another.
// The next is read only when the one before is stored, heard, duplicate or refused; while nothing
// can be stored nothing is read, and what people write waits where it is (gateways.md §1.4: on
// Signal's servers). Connects again, with growing waits, whenever the stream ends.
//
// An event that cannot be stored although others can is given up after half a minute and counted
// as lost. A stop reads on until nothing comes any more, for 20 seconds at most.
// WARNING: what the daemon has written and we have not stored is lost if this process is killed, or
// stopped while nothing can be stored: it does not give it twice. While a backlog comes in that may
// be thousands of events, in the buffers of both sides. Thread-safe.
class Subscription {
 public:
  enum class State : std::uint8_t {
    kConnecting,  // also after the stream ended
    kConnected,
    kRefused,  // whoever answers there does not give this account's events
  };
  static Result<std::unique_ptr<Subscription>> create(SubscriptionParts parts);
  virtual ~Subscription() = default;  // waits for an event that is on its way in
  virtual void begin() = 0;           // once
  virtual State state() const = 0;
};

}  // namespace resguardo::commands
