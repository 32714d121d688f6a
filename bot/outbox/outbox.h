// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/outbox/queue.h"
#include "crypto/base/clock.h"

namespace resguardo::outbox {

// Makes one call to a gateway's messenger. `done` is called once, from any thread.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void send(std::size_t gateway, gateway::OutboundCall call,
                    std::function<void(gateway::CallAnswer)> done) = 0;
};

struct Health {
  std::size_t waiting = 0;
  Counters counters;
  struct Stopped {
    StaticText why = "";
    std::string command;  // for the operator; may be empty
  };
  std::vector<std::optional<Stopped>> stopped;  // by gateway: an operator must act
  // By gateway: some cannot be answered, and an operator could help them.
  std::vector<std::optional<StaticText>> unheeded;
};

// The queue with its thread. Thread-safe. Destroy it before the transport and the gateways; no
// callback comes after.
class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> start(const Limits& limits,
                                               std::vector<const gateway::Gateway*> gateways,
                                               Transport& transport, const Clock& clock,
                                               RandomSource& jitter);
  virtual ~Outbox() = default;

  // Renders and queues. kRefused: the messenger cannot show it; kUnavailable: full.
  virtual Status post(const Person& person, const gateway::Sender& to, const gateway::Reply& reply,
                      Queue::Settled settled, SettledWhen when = SettledWhen::kTaken) = 0;
  virtual bool has_room(const Person& person) const = 0;
  // Takes back messages of ours, behind what waits for this person: bot/outbox/errands.h. A
  // messenger that cannot is not asked.
  virtual void unsend(const Person& person, const gateway::Sender& to,
                      std::vector<SecretText> our_ids) = 0;
  virtual void set_timer(const Person& person, const gateway::Sender& to) = 0;
  virtual void mark_read(const Person& person, const gateway::Sender& to,
                         const SecretText& message_id) = 0;
  virtual void forget_contact(const Person& person, const gateway::Sender& to) = 0;
  // What a messenger told of messages that it had taken.
  virtual void told(const std::vector<gateway::SentStatus>& statuses) = 0;
  virtual void forget(const Person& person) = 0;
  virtual Health health() const = 0;
  // Waits until nothing waits or is under way, at most `grace`. False: something was left.
  virtual bool drain(std::chrono::milliseconds grace) = 0;
};

}  // namespace resguardo::outbox
