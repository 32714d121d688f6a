// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/gateway.h"

#include <utility>

namespace resguardo::gateway {

Result<Delivery> Gateway::verify_and_parse(RawRequest request, TimePoint now) const {
  RESGUARDO_CHECK(authenticate(request));
  return fresh(parse(Authentic(std::move(request))), now);
}

std::optional<OutboundCall> Gateway::subscribe() const {
  return std::nullopt;
}

Delivery Gateway::take_streamed(SecretBuffer data, TimePoint now) const {
  Delivery refused;
  refused.refused = 1;
  if (!subscribe()) return refused;
  RawRequest event;
  event.body = std::move(data);
  return fresh(parse(Authentic(std::move(event))), now);
}

Delivery Gateway::fresh(Delivery delivery, TimePoint now) {
  const std::size_t stale = std::erase_if(delivery.events, [&](const InboundEvent& event) {
    return event.sent() < now - kOldestEvent;
  });
  delivery.stale += static_cast<std::uint32_t>(stale);
  return delivery;
}

std::optional<OutboundCall> Gateway::mark_read(const SecretText&) const {
  return std::nullopt;
}

std::optional<OutboundCall> Gateway::forget_contact(const Sender&) const {
  return std::nullopt;
}

std::optional<OutboundCall> Gateway::set_timer(const Sender&) const {
  return std::nullopt;
}

std::optional<OutboundCall> Gateway::unsend(const Sender&, const SecretText&) const {
  return std::nullopt;
}

}  // namespace resguardo::gateway
