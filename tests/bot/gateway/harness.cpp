// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/gateway/harness.h"

#include <stdexcept>

#include "bot/gateway/signal/signal.h"
#include "crypto/base/hash.h"

namespace resguardo::gateway::testing_support {
namespace {

RawRequest whatsapp_request(std::string_view body, Auth auth) {
  RawRequest request;
  request.method = "POST";
  request.target = "/webhooks/whatsapp";
  request.headers = {{"content-type", "application/json"}};
  request.body = SecretBuffer(as_bytes(body));
  if (auth == Auth::kNone) return request;
  const std::string_view key = auth == Auth::kGood     ? kAppSecret
                               : auth == Auth::kSecond ? kSecondAppSecret
                                                       : std::string_view("somebody else's");
  const Digest mac = hmac_sha256(as_bytes(key), as_bytes(body));
  request.headers.push_back({"x-hub-signature-256", "sha256=" + to_hex(mac.view())});
  return request;
}

RawRequest signal_request(std::string_view body, Auth auth) {
  RawRequest request;
  request.method = "POST";
  request.target = "/webhooks/signal/" + std::string(kWebhookToken);
  request.headers = {{"content-type", "application/json"}};
  request.body = SecretBuffer(as_bytes(body));
  if (auth == Auth::kNone) return request;
  const std::string_view key =
      auth == Auth::kWrong ? std::string_view("not-a-secret") : kBasicSecret;
  request.headers.push_back(
      {"authorization", "Basic " + to_base64(as_bytes("bot:" + std::string(key)))});
  return request;
}

}  // namespace

SecretBytes secret(std::string_view text) {
  std::string copy(text);
  auto taken = SecretBytes::take({reinterpret_cast<std::uint8_t*>(copy.data()), copy.size()});
  return std::move(taken).value();
}

whatsapp::Config whatsapp_config() {
  std::vector<SecretBytes> app_secrets;
  app_secrets.push_back(secret(kAppSecret));
  app_secrets.push_back(secret(kSecondAppSecret));
  return {std::string(kPhoneNumberId), std::move(app_secrets), secret(kAccessToken),
          secret(kVerifyToken), "https://graph.facebook.com/v23.0"};
}

signal::Config signal_config() {
  return {std::string(kAccount), secret(kWebhookToken), "bot", secret(kBasicSecret), 86'400};
}

std::unique_ptr<Gateway> make_gateway(std::string_view name) {
  GatewaySettings settings;
  settings.whatsapp = whatsapp_config();
  settings.signal = signal_config();
  for (const Registered& entry : registered_gateways()) {
    if (entry.name.view() == name) return entry.make(settings).value();
  }
  throw std::runtime_error("no such gateway");
}

std::unique_ptr<Gateway> make_signal_daemon() {
  signal::Config config;
  config.account = kAccount;
  config.mode = signal::Mode::kJsonRpc;
  return signal::Signal::create(std::move(config)).value();
}

RawRequest signed_request(std::string_view gateway, std::string_view body, Auth auth) {
  if (gateway == "whatsapp") return whatsapp_request(body, auth);
  if (gateway == "signal") return signal_request(body, auth);
  throw std::runtime_error("harness.cpp does not know how this gateway signs");
}

std::string filled(std::size_t size, char letter) {
  return std::string(size, letter);
}

Reply reply(std::string_view text) {
  Reply result;
  result.text = SecretText(text);
  result.list_button = "Choose";
  result.numbers_hint = "Reply with the number.";
  return result;
}

ReplyChoice choice(std::string_view id, std::string_view title, std::string_view description) {
  return {std::string(id), std::string(title), std::string(description)};
}

Sender to(Channel channel, std::string_view address, std::string_view also_known) {
  Sender sender;
  sender.channel = channel;
  sender.address = SecretText(address);
  if (!also_known.empty()) sender.also_known = SecretText(also_known);
  return sender;
}

std::string body_of(const OutboundCall& call) {
  return to_string(call.body.view());
}

SendOutcome judge(const Gateway& gateway, unsigned status, std::string_view body) {
  return gateway.judge({status, SecretBuffer(as_bytes(body))});
}

}  // namespace resguardo::gateway::testing_support
