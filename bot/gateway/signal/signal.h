// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bot/gateway/gateway.h"
#include "bot/gateway/shared_secret.h"
#include "bot/gateway/signal/config.h"
#include "bot/gateway/signal/dialect.h"

namespace resguardo::gateway::signal {

// Signal through a signal-cli, behind signal-cli-rest-api or by its own daemon: end-to-end
// encrypted up to that program, which has no authentication of its own and keeps files in the clear
// (gateways.md §0).
class Signal final : public Gateway {
 public:
  // kMalformed: a setting that could not work.
  static Result<std::unique_ptr<Gateway>> create(Config config);

  StaticText name() const noexcept override { return "signal"; }
  Channel channel() const noexcept override { return Channel::kSignal; }
  Result<Handshake> handshake(const RawRequest& request) const override;  // has none
  Result<OutboundCall> render(const Reply& reply, const Sender& to) const override;
  SendOutcome judge(const CallAnswer& answer) const override;
  Pace pace() const override { return pace_; }
  bool can_unsend() const noexcept override { return true; }
  std::optional<OutboundCall> forget_contact(const Sender& to) const override;
  std::optional<OutboundCall> subscribe() const override;
  const FileSource* files() const noexcept override { return &dialect_->files(); }
  std::optional<OutboundCall> probe() const override { return dialect_->probe(); }
  std::optional<ProbeFinding> judge_probe(const CallAnswer& answer) const override {
    return dialect_->judge_probe(answer);
  }
  std::optional<OutboundCall> set_timer(const Sender& to) const override;
  std::optional<OutboundCall> unsend(const Sender& to, const SecretText& our_id) const override;

 private:
  struct Webhook {
    SharedSecret token;
    SharedSecret credentials;  // base64(user:secret), as it comes in the header
  };
  static Result<Webhook> webhook_of(Config& config);
  Signal(std::string account, std::unique_ptr<Dialect> dialect, std::optional<Webhook> webhook,
         std::uint32_t expire_seconds, Pace pace);
  Status authenticate(const RawRequest& request) const override;
  Delivery parse(const Authentic& authentic) const override;

  std::string account_;
  std::unique_ptr<Dialect> dialect_;
  std::optional<Webhook>
      webhook_;  // nothing: events are fetched, and whatever is posted is refused
  std::uint32_t expire_seconds_;
  Pace pace_;
};

}  // namespace resguardo::gateway::signal
