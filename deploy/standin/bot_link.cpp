// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/bot_link.h"

#include <future>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::standin {

Result<BotLink> BotLink::create(const Settings& settings, RestApi& rest_api) {
  http::ClientConfig config;
  config.ca_file = settings.ca_file;
  RESGUARDO_CHECK(http::check_base(settings.bot_public));
  RESGUARDO_CHECK(http::check_base(settings.bot_gateway));
  RESGUARDO_TRY(auto client, http::Client::create(std::move(config)));
  return BotLink(settings, rest_api, std::move(client));
}

Posted BotLink::exchange(http::ClientRequest request) {
  const auto begin = std::chrono::steady_clock::now();
  std::promise<http::ClientAnswer> promise;
  client_->send(std::move(request),
                [&](http::ClientAnswer answer) { promise.set_value(std::move(answer)); });
  const http::ClientAnswer answer = promise.get_future().get();
  const auto took = std::chrono::steady_clock::now() - begin;
  return {answer.status, std::chrono::duration_cast<std::chrono::milliseconds>(took),
          to_string(answer.body.view())};
}

Posted BotLink::post(Channel channel, const std::string& body, Proof proof) {
  http::ClientRequest request;
  request.method = "POST";
  request.headers = {{"content-type", "application/json"}};
  request.body = SecretBuffer(as_bytes(body));
  if (channel == Channel::kWhatsApp) {
    request.base = settings_->bot_public;
    request.path = "/webhooks/whatsapp";
    const std::string key = settings_->app_secret + (proof == Proof::kWrong ? "x" : "");
    const std::string mac = to_hex(hmac_sha256(as_bytes(key), as_bytes(body)).view());
    if (proof != Proof::kNone) {
      request.headers.push_back({"x-hub-signature-256", "sha256=" + mac});
    }
    return exchange(std::move(request));
  }
  request.base = settings_->bot_gateway;
  request.path =
      "/webhooks/signal/" + settings_->webhook_token + (proof == Proof::kWrong ? "x" : "");
  const std::string& secret =
      settings_->basic_secret.empty() ? settings_->webhook_token : settings_->basic_secret;
  const std::string credentials = settings_->basic_user + ":" + secret;
  if (proof != Proof::kNone) {
    request.headers.push_back({"authorization", "Basic " + to_base64(as_bytes(credentials))});
  }
  request.timeout = std::chrono::minutes{5};  // theirs has none
  rest_api_->webhook_opened();
  Posted posted = exchange(std::move(request));
  rest_api_->webhook_closed();
  return posted;
}

Posted BotLink::handshake(const std::string& challenge, Proof proof) {
  http::ClientRequest request;
  request.base = settings_->bot_public;
  request.method = "GET";
  request.path = "/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=" + challenge +
                 "&hub.verify_token=" + settings_->verify_token +
                 (proof == Proof::kWrong ? "x" : "");
  return exchange(std::move(request));
}

}  // namespace resguardo::standin
