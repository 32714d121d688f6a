// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "bot/http/client.h"
#include "deploy/standin/model.h"
#include "deploy/standin/rest_api.h"

namespace resguardo::standin {

struct Posted {
  unsigned status = 0;  // 0: no answer
  std::chrono::milliseconds took{0};
  std::string body;
};

// The messengers' side of receiving: posts to the bot's webhooks, one at a time, and waits for the
// answer. Not thread-safe.
class BotLink {
 public:
  static Result<BotLink> create(const Settings& settings, RestApi& rest_api);

  Posted post(Channel channel, const std::string& body, Proof proof);
  Posted handshake(const std::string& challenge, Proof proof);  // WhatsApp's GET

 private:
  BotLink(const Settings& settings, RestApi& rest_api, std::unique_ptr<http::Client> client)
      : settings_(&settings), rest_api_(&rest_api), client_(std::move(client)) {}
  Posted exchange(http::ClientRequest request);

  const Settings* settings_;
  RestApi* rest_api_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace resguardo::standin
