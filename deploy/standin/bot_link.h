// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "bot/http/client.h"
#include "deploy/standin/daemon_api.h"
#include "deploy/standin/faults.h"
#include "deploy/standin/model.h"
#include "deploy/standin/rest_api.h"

namespace resguardo::standin {

struct Posted {
  unsigned status = 0;  // 0: no answer
  std::chrono::milliseconds took{0};
  std::string body;
};

// The messengers' side of receiving: posts to the bot's webhooks, one at a time, and waits for the
// answer. WhatsApp's posts that were not taken are kept, and come again with redeliver(); what the
// bot took may come twice. Signal's come once. Not thread-safe.
class BotLink {
 public:
  static Result<BotLink> create(const Settings& settings, RestApi& rest_api, DaemonApi& daemon,
                                Mishaps& mishaps);

  Posted post(Channel channel, const std::string& body, Proof proof);
  // How many are still not taken.
  std::size_t redeliver();
  Posted handshake(const std::string& challenge, Proof proof);  // WhatsApp's GET

 private:
  BotLink(const Settings& settings, RestApi& rest_api, DaemonApi& daemon, Mishaps& mishaps,
          std::unique_ptr<http::Client> client)
      : settings_(&settings),
        rest_api_(&rest_api),
        daemon_(&daemon),
        mishaps_(&mishaps),
        client_(std::move(client)) {}
  Posted post_whatsapp(const std::string& body, Proof proof, std::chrono::milliseconds timeout);
  Posted deliver_whatsapp(const std::string& body);
  Posted post_signal(const std::string& body, Proof proof);
  Posted exchange(http::ClientRequest request);

  const Settings* settings_;
  RestApi* rest_api_;
  DaemonApi* daemon_;
  Mishaps* mishaps_;
  std::deque<std::string> undelivered_;
  std::deque<std::string> earlier_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace resguardo::standin
