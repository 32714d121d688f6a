// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "bot/gateway/gateway.h"
#include "bot/gateway/shared_secret.h"
#include "bot/gateway/signal/config.h"

namespace resguardo::gateway::signal {

// Signal through signal-cli-rest-api: end-to-end encrypted up to that program, which has no
// authentication of its own and keeps files in the clear (gateways.md §0).
class Signal final : public Gateway {
 public:
  // kMalformed: a setting that could not work.
  static Result<std::unique_ptr<Gateway>> create(Config config);

  StaticText name() const noexcept override { return "signal"; }
  Channel channel() const noexcept override { return Channel::kSignal; }
  Result<Handshake> handshake(const RawRequest& request) const override;  // has none
  Result<OutboundCall> render(const Reply& reply, const Sender& to) const override;
  SendOutcome judge(const CallAnswer& answer) const override;
  bool can_unsend() const noexcept override { return true; }
  std::optional<OutboundCall> set_timer(const Sender& to) const override;
  std::optional<OutboundCall> unsend(const Sender& to, const SecretText& our_id) const override;

 private:
  Signal(std::string account, SharedSecret token, SharedSecret credentials,
         std::uint32_t expire_seconds);
  Status authenticate(const RawRequest& request) const override;
  Delivery parse(const Authentic& authentic) const override;

  std::string account_;
  SharedSecret token_;
  SharedSecret credentials_;  // base64(user:secret), as it comes in the header
  std::uint32_t expire_seconds_;
};

}  // namespace resguardo::gateway::signal
