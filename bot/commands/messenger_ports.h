// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bot/http/client.h"
#include "bot/intake/intake.h"
#include "bot/outbox/outbox.h"

namespace resguardo::commands {

// A call of a gateway, as the http client takes it.
http::ClientRequest request_of(gateway::OutboundCall call, const std::string& api_base);

// Calls messengers over HTTP. Add them in the gateways' order before the first send().
class HttpTransport final : public outbox::Transport {
 public:
  void add(std::string base, http::Client& client) {
    bases_.emplace_back(std::move(base), &client);
  }
  void send(std::size_t gateway, gateway::OutboundCall call,
            std::function<void(gateway::CallAnswer)> done) override;

 private:
  std::vector<std::pair<std::string, http::Client*>> bases_;
};

// Replies of the intake, into the outbox.
class OutboxSink final : public intake::ReplySink {
 public:
  explicit OutboxSink(outbox::Outbox& outbox) : outbox_(outbox) {}
  void post(const outbox::Person& person, const gateway::Sender& to, const gateway::Reply& reply,
            outbox::Queue::Settled settled, outbox::SettledWhen when) override;
  bool has_room(const outbox::Person& person) const override { return outbox_.has_room(person); }
  void unsend(const outbox::Person& person, const gateway::Sender& to,
              std::vector<SecretText> our_ids) override {
    outbox_.unsend(person, to, std::move(our_ids));
  }
  void set_timer(const outbox::Person& person, const gateway::Sender& to) override {
    outbox_.set_timer(person, to);
  }
  void mark_read(const outbox::Person& person, const gateway::Sender& to,
                 const SecretText& message_id) override {
    outbox_.mark_read(person, to, message_id);
  }
  void forget_contact(const outbox::Person& person, const gateway::Sender& to) override {
    outbox_.forget_contact(person, to);
  }
  void forget(const outbox::Person& person) override { outbox_.forget(person); }

 private:
  outbox::Outbox& outbox_;
  std::atomic<std::uint64_t> unposted_{0};
};

}  // namespace resguardo::commands
