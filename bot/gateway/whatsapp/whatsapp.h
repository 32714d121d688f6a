// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/gateway/shared_secret.h"
#include "bot/gateway/whatsapp/config.h"

namespace resguardo::gateway::whatsapp {

// WhatsApp Cloud API. Not end-to-end encrypted to us: Meta reads what passes (gateways.md §3.12).
class WhatsApp final : public Gateway {
 public:
  // kMalformed: a setting that could not work, or that would break out of a header.
  static Result<std::unique_ptr<Gateway>> create(Config config);

  StaticText name() const noexcept override { return "whatsapp"; }
  Channel channel() const noexcept override { return Channel::kWhatsApp; }
  Result<Handshake> handshake(const RawRequest& request) const override;
  Result<OutboundCall> render(const Reply& reply, const Sender& to) const override;
  SendOutcome judge(const CallAnswer& answer) const override;

 private:
  WhatsApp(std::string phone_number_id, std::vector<SharedSecret> app_secrets,
           SharedSecret access_token, SharedSecret verify_token);
  Status authenticate(const RawRequest& request) const override;
  Delivery parse(const Authentic& authentic) const override;

  std::string phone_number_id_;
  std::vector<SharedSecret> app_secrets_;
  SharedSecret access_token_;
  SharedSecret verify_token_;
};

}  // namespace resguardo::gateway::whatsapp
