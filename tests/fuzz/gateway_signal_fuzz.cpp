// SPDX-License-Identifier: AGPL-3.0-or-later
// Whatever signal-cli hands over gives a Delivery whose events keep their promises.
#include <string>

#include "bot/gateway/registry.h"
#include "bot/gateway/text_rules.h"
#include "crypto/base/initialise.h"
#include "tests/fuzz/messenger.h"

namespace {

using namespace resguardo;
using namespace resguardo::gateway;
using fuzzing::require;
using fuzzing::secret;

constexpr std::string_view kToken = "a-token-for-fuzzing";

std::unique_ptr<Gateway> make() {
  require(initialise_crypto().ok());
  GatewaySettings settings;
  settings.signal.emplace(
      signal::Config{"+15550100000", secret(std::string(kToken)), "bot", std::nullopt, 0});
  return std::move(make_gateways(std::move(settings)).value().front());
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
  for (const InboundEvent& event : delivery->events) fuzzing::check_signal(event);

  for (const unsigned status : {201U, 400U, 429U}) {
    require(!gateway->judge({status, SecretBuffer(body)}).reason.view().empty());
  }
  return 0;
}
