// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bot/gateway/gateway.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::gateway::signal {

enum class Mode : std::uint8_t {
  kRestApi,  // signal-cli-rest-api in one of its json-rpc modes, which posts what comes in
  kJsonRpc,  // signal-cli's daemon over HTTP, whose event stream we fetch
};

// A signal-cli-rest-api's webhook URL is
//   http://USER:SECRET@LISTENER/webhooks/signal/TOKEN
// Secrets as read from their files, without the line's end; a daemon needs none.
struct Config {
  std::string account;                       // "+15550100000": ours; others are ignored
  std::optional<SecretBytes> webhook_token;  // 16 to 128 of RFC 3986's unreserved characters
  std::string basic_user = "bot";            // no colon
  std::optional<SecretBytes> basic_secret;   // not given: the token is the secret too
  std::uint32_t expire_seconds = 86'400;     // wanted disappearing timer; 0: none
  Mode mode = Mode::kRestApi;
  Pace pace = {};
};

}  // namespace resguardo::gateway::signal
