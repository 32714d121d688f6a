// SPDX-License-Identifier: AGPL-3.0-or-later
// A body that Meta signed may hold anything: it must give a Delivery whose events keep their
// promises. A body whose signature was cut must give none.
#include <string>

#include "bot/gateway/registry.h"
#include "bot/gateway/text_rules.h"
#include "crypto/base/hash.h"
#include "crypto/base/initialise.h"
#include "tests/fuzz/messenger.h"

namespace {

using namespace resguardo;
using namespace resguardo::gateway;
using fuzzing::require;
using fuzzing::secret;

constexpr std::string_view kSecret = "test_app_secret";

std::unique_ptr<Gateway> make() {
  require(initialise_crypto().ok());
  GatewaySettings settings;
  std::vector<SecretBytes> app_secrets;
  app_secrets.push_back(secret(std::string(kSecret)));
  settings.whatsapp.emplace(whatsapp::Config{"700800900100200", std::move(app_secrets),
                                             secret("access"), secret("verify")});
  return std::move(make_gateways(std::move(settings)).value().front());
}

void check(const InboundEvent& event) {
  require(event.sender().address.reveal().starts_with("wa:"));
  require(event.message_id().size() > 2 && event.message_id().size() <= 2 + kMaxId);
  require(event.sent().time_since_epoch().count() >= 0);
  if (const auto* text = std::get_if<Text>(&event.content())) {
    require(!text->text.empty() && utf16_length(text->text.reveal()).has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<Gateway> gateway = make();
  const ByteView body(data, size);
  const std::string mac = to_hex(hmac_sha256(as_bytes(kSecret), body).view());
  RawRequest request;
  request.method = "POST";
  request.target = "/webhooks/whatsapp";
  request.headers = {{"x-hub-signature-256", "sha256=" + mac}};
  request.body = SecretBuffer(body);
  const auto delivery = gateway->verify_and_parse(std::move(request), TimePoint());
  require(delivery.ok());
  for (const InboundEvent& event : delivery->events) check(event);

  // The same bytes as an answer of the service, and as the query of a handshake.
  require(!gateway->judge({400, SecretBuffer(body)}).reason.view().empty());
  RawRequest handshake;
  handshake.method = "GET";
  handshake.target = "/webhooks/whatsapp?" + to_string(body);
  require(gateway->handshake(handshake).ok());
  return 0;
}
