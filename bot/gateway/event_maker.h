// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>

#include "bot/gateway/event.h"

namespace resguardo::gateway {

// The only way to an InboundEvent. For implementations of Gateway::parse and for nothing else: the
// base class calls parse() after authenticate(), so what is made here came from a proven sender.
class EventMaker {
 public:
  static InboundEvent make(Sender sender, SecretText message_id, TimePoint sent,
                           std::optional<std::uint32_t> expires_in, Content content) {
    InboundEvent event;
    event.sender_ = std::move(sender);
    event.message_id_ = std::move(message_id);
    event.sent_ = sent;
    event.expires_in_ = expires_in;
    event.content_ = std::move(content);
    return event;
  }
};

}  // namespace resguardo::gateway
