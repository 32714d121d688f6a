// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/bot_link.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <future>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::standin {
namespace {

constexpr std::chrono::milliseconds kPatience{20'000};
constexpr std::size_t kRemembered = 64;

}  // namespace

Result<BotLink> BotLink::create(const Settings& settings, RestApi& rest_api, DaemonApi& daemon,
                                Mishaps& mishaps) {
  http::ClientConfig config;
  config.ca_file = settings.ca_file;
  RESGUARDO_CHECK(http::check_base(settings.bot_public));
  RESGUARDO_CHECK(http::check_base(settings.bot_gateway));
  RESGUARDO_TRY(auto client, http::Client::create(config));
  return BotLink(settings, rest_api, daemon, mishaps, std::move(client));
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
  if (channel == Channel::kSignal) return post_signal(body, proof);
  return proof == Proof::kGood ? deliver_whatsapp(body) : post_whatsapp(body, proof, kPatience);
}

// As Meta does: what was not taken comes again; what was may come twice, also long after.
Posted BotLink::deliver_whatsapp(const std::string& body) {
  using enum Mishap;
  const auto mishap = mishaps_->draw({kCut, kTwice, kLate});
  const Posted posted =
      post_whatsapp(body, Proof::kGood, mishap == kCut ? std::chrono::milliseconds{1} : kPatience);
  if (posted.status != 200) {
    undelivered_.push_back(body);
    return posted;
  }
  if (mishap == kTwice) post_whatsapp(body, Proof::kGood, kPatience);
  if (mishap == kLate && !earlier_.empty())
    post_whatsapp(earlier_[mishaps_->below(earlier_.size())], Proof::kGood, kPatience);
  earlier_.push_back(body);
  if (earlier_.size() > kRemembered) earlier_.pop_front();
  return posted;
}

std::size_t BotLink::redeliver() {
  for (std::size_t left = undelivered_.size(); left > 0; --left) {
    const std::string body = std::move(undelivered_.front());
    undelivered_.pop_front();
    if (post_whatsapp(body, Proof::kGood, kPatience).status != 200) undelivered_.push_back(body);
  }
  return undelivered_.size();
}

Posted BotLink::post_whatsapp(const std::string& body, Proof proof,
                              std::chrono::milliseconds timeout) {
  http::ClientRequest request;
  request.method = "POST";
  request.headers = {{"content-type", "application/json"}};
  request.body = SecretBuffer(as_bytes(body));
  request.base = settings_->bot_public;
  request.path = "/webhooks/whatsapp";
  request.timeout = timeout;
  const std::string key = settings_->app_secret + (proof == Proof::kWrong ? "x" : "");
  const std::string mac = to_hex(hmac_sha256(as_bytes(key), as_bytes(body)).view());
  if (proof != Proof::kNone) request.headers.push_back({"x-hub-signature-256", "sha256=" + mac});
  return exchange(std::move(request));
}

Posted BotLink::post_signal(const std::string& body, Proof proof) {
  if (daemon_->in_use() && proof == Proof::kGood) {
    boost::system::error_code failed;
    const auto line = boost::json::parse(body, failed);
    if (!failed && line.is_object() && line.get_object().contains("params"))
      daemon_->receive(boost::json::serialize(line.at("params")));
    return {200, std::chrono::milliseconds{0}, ""};
  }
  http::ClientRequest request;
  request.method = "POST";
  request.headers = {{"content-type", "application/json"}};
  request.body = SecretBuffer(as_bytes(body));
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
