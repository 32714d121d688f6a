// SPDX-License-Identifier: AGPL-3.0-or-later
// What signal-cli's own daemon streams: the same events whatever pieces it comes in, and each one a
// Delivery whose events keep their promises.
#include <memory>
#include <string>

#include "bot/gateway/event_stream.h"
#include "bot/gateway/registry.h"
#include "tests/fuzz/messenger.h"

namespace {

using namespace resguardo;
using namespace resguardo::gateway;
using fuzzing::require;

std::unique_ptr<Gateway> make() {
  require(fuzzing::sodium_ready());
  GatewaySettings settings;
  auto& signal = settings.signal.emplace();
  signal.account = "+15550100000";
  signal.mode = signal::Mode::kJsonRpc;
  return std::move(make_gateways(std::move(settings)).value().front());
}

struct Streamed {
  bool whole = true;  // no event was too long
  std::vector<SecretBuffer> events;
};
Streamed cut(ByteView input, std::size_t step) {
  EventStream stream;
  Streamed streamed;
  for (std::size_t at = 0; at < input.size(); at += step) {
    auto events = stream.add(input.subspan(at, std::min(step, input.size() - at)));
    streamed.whole = events.ok();
    if (!streamed.whole) return streamed;
    for (SecretBuffer& event : *events) streamed.events.push_back(std::move(event));
  }
  return streamed;
}

bool same(const Streamed& a, const Streamed& b) {
  return a.whole == b.whole &&
         std::ranges::equal(a.events, b.events, [](const SecretBuffer& x, const SecretBuffer& y) {
           return std::ranges::equal(x.view(), y.view());
         });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<Gateway> gateway = make();
  const ByteView input(data, size);
  Streamed streamed = cut(input, std::max<std::size_t>(size, 1));
  require(same(streamed, cut(input, 1)));
  require(same(streamed, cut(input, 5)));
  for (SecretBuffer& event : streamed.events) {
    const Delivery delivery = gateway->take_streamed(std::move(event), TimePoint());
    for (const InboundEvent& told : delivery.events) fuzzing::check_signal(told);
  }
  return 0;
}
