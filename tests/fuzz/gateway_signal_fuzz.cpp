// SPDX-License-Identifier: AGPL-3.0-or-later
// Whatever signal-cli hands over gives a Delivery whose events keep their promises.
#include <cstdlib>
#include <string>

#include "bot/gateway/registry.h"
#include "bot/gateway/text_rules.h"
#include "crypto/base/initialise.h"

namespace {

using namespace resguardo;
using namespace resguardo::gateway;

constexpr std::string_view kToken = "a-token-for-fuzzing";

void require(bool holds) {
  if (!holds) std::abort();
}

SecretBytes secret(std::string text) {
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
}

std::unique_ptr<Gateway> make() {
  require(initialise_crypto().ok());
  GatewaySettings settings;
  settings.signal.emplace(
      signal::Config{"+15550100000", secret(std::string(kToken)), "bot", std::nullopt, 0});
  return std::move(make_gateways(std::move(settings)).value().front());
}

void check(const InboundEvent& event) {
  require(event.sender().address.reveal().starts_with("sg:"));
  require(event.message_id().reveal().starts_with("s:") && event.message_id().size() <= 64);
  require(event.sent().time_since_epoch().count() >= 0);
  if (const auto* media = std::get_if<Media>(&event.content())) {
    require(media->reference.reveal().find('/') == std::string_view::npos);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<Gateway> gateway = make();
  const ByteView body(data, size);
  RawRequest request;
  request.method = "POST";
  request.target = "/webhooks/signal/" + std::string(kToken);
  request.headers = {
      {"authorization", "Basic " + to_base64(as_bytes("bot:" + std::string(kToken)))}};
  request.body = SecretBuffer(body);
  const auto delivery = gateway->verify_and_parse(std::move(request), TimePoint());
  require(delivery.ok());
  for (const InboundEvent& event : delivery->events) check(event);

  for (const unsigned status : {201U, 400U, 429U}) {
    require(!gateway->judge({status, SecretBuffer(body)}).reason.view().empty());
  }
  return 0;
}
