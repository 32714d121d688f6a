// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <variant>

#include "bot/gateway/event.h"
#include "crypto/base/secret_bytes.h"
#include "tests/fuzz/require.h"

// What the fuzzers of messengers share.
namespace resguardo::fuzzing {

inline SecretBytes secret(std::string text) {
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
}

// What every event of Signal keeps, whether it was posted or streamed.
inline void check_signal(const gateway::InboundEvent& event) {
  require(event.sender().address.reveal().starts_with("sg:"));
  require(event.message_id().reveal().starts_with("s:") && event.message_id().size() <= 64);
  require(event.sent().time_since_epoch().count() >= 0);
  if (const auto* media = std::get_if<gateway::Media>(&event.content()))
    require(media->reference.reveal().find('/') == std::string_view::npos);
}

}  // namespace resguardo::fuzzing
