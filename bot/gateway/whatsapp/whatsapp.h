// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bot/gateway/gateway.h"
#include "bot/gateway/shared_secret.h"
#include "bot/gateway/whatsapp/config.h"
#include "bot/gateway/whatsapp/files.h"

namespace resguardo::gateway::whatsapp {

// What Meta's code for an error means (gateways.md §3.9); kNoCode and unknown ones: that it failed.
constexpr std::uint64_t kNoCode = ~std::uint64_t{0};
StaticText reason_of_code(std::uint64_t code);

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
  const FileSource* files() const noexcept override { return &files_; }
  std::optional<OutboundCall> probe() const override;
  std::optional<ProbeFinding> judge_probe(const CallAnswer& answer) const override;
  Pace pace() const override { return pace_; }
  bool tells_arrival() const noexcept override { return true; }
  std::optional<OutboundCall> mark_read(const SecretText& message_id) const override;

 private:
  WhatsApp(std::string phone_number_id, std::vector<SharedSecret> app_secrets,
           SharedSecret access_token, SharedSecret verify_token, std::string api_base,
           bool mark_as_read, Pace pace);
  OutboundCall message_call(SecretBuffer body) const;
  Status authenticate(const RawRequest& request) const override;
  Delivery parse(const Authentic& authentic) const override;

  std::string phone_number_id_;
  std::vector<SharedSecret> app_secrets_;
  SharedSecret access_token_;
  SharedSecret verify_token_;
  Files files_;  // of the token above
  bool mark_as_read_;
  Pace pace_;
};

}  // namespace resguardo::gateway::whatsapp
