// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/rest_api.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

#include "deploy/standin/wire.h"

namespace resguardo::standin {
namespace json = boost::json;
namespace {

http::Response rest_error(unsigned status, std::string_view text) {
  json::object body({{"error", text}});
  if (status == 429) body["challenge_tokens"] = json::array();
  return {status, "application/json", json::serialize(body)};
}

json::object body_of(const http::Request& request) {
  boost::system::error_code failed;
  json::value body = json::parse(as_text(request.body.view()), failed);
  return failed || !body.is_object() ? json::object() : body.get_object();
}

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

}  // namespace

void RestApi::answer(http::Request request, http::Respond respond) {
  if (request.method == "GET" && request.target == "/v1/health") {
    respond({204, "", ""});
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (open_) {
      ++blocked_;
      waiting_.emplace_back(std::move(request), std::move(respond));
      return;
    }
  }
  respond(handle(request));
}

void RestApi::webhook_opened() {
  const std::lock_guard lock(mutex_);
  open_ = true;
}

void RestApi::webhook_closed() {
  std::vector<std::pair<http::Request, http::Respond>> waiting;
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
    waiting.swap(waiting_);
  }
  for (auto& [request, respond] : waiting) respond(handle(request));
}

unsigned RestApi::blocked() {
  const std::lock_guard lock(mutex_);
  return blocked_;
}

http::Response RestApi::handle(const http::Request& request) {
  if (request.method == "POST" && request.target == "/v2/send") return send(request);
  const std::string encoded = "%2B" + settings_.account.substr(1);
  for (const std::string& account : {settings_.account, encoded}) {
    if (request.method == "PUT" && request.target == "/v1/contacts/" + account) {
      return set_timer(request);
    }
    if (request.method == "DELETE" && request.target == "/v1/remote-delete/" + account) {
      return unsend(request);
    }
  }
  return {404, "text/plain", "404 page not found"};
}

http::Response RestApi::send(const http::Request& request) {
  if (const auto code = failures_.take()) return rest_error(*code, "refused by the stand-in");
  const json::object body = body_of(request);
  const json::array* recipients = array_in(body, "recipients");
  if (text_in(body, "number") != settings_.account) {
    return rest_error(400, "Specified account does not exist");
  }
  if (recipients == nullptr || recipients->size() != 1 || !recipients->front().is_string()) {
    return rest_error(400, "the stand-in sends to one recipient at a time");
  }
  BotMessage message;
  message.channel = Channel::kSignal;
  message.person = std::string(recipients->front().get_string());
  message.kind = "text";
  message.text = text_in(body, "message");
  {
    const std::lock_guard lock(mutex_);
    last_timestamp_ = std::max(last_timestamp_ + 1, now_ms());
    message.id = std::to_string(last_timestamp_);
  }
  mailbox_.deliver(message);
  const json::array answer{json::object({{"timestamp", message.id}})};
  return {201, "application/json", json::serialize(answer)};
}

http::Response RestApi::set_timer(const http::Request& request) {
  const json::object body = body_of(request);
  const json::value* seconds = body.if_contains("expiration_in_seconds");
  if (seconds != nullptr && seconds->is_int64()) {
    mailbox_.set_timer(text_in(body, "recipient"),
                       static_cast<std::uint32_t>(seconds->get_int64()));
  }
  mailbox_.record(json::serialize(json::object({{"timer", body}})));
  return {204, "", ""};
}

http::Response RestApi::unsend(const http::Request& request) {
  const json::object body = body_of(request);
  mailbox_.record(json::serialize(json::object({{"unsent", body}})));
  return {201, "application/json",
          json::serialize(json::object({{"timestamp", std::to_string(now_ms())}}))};
}

}  // namespace resguardo::standin
