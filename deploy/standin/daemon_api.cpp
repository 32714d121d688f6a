// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/daemon_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "deploy/standin/wire.h"

namespace resguardo::standin {
namespace json = boost::json;
namespace {

// Often, so that who has gone is noticed before something is written to nobody.
constexpr std::chrono::milliseconds kLook{20};
constexpr std::chrono::seconds kKeepAlive{15};

json::object error_object(int code, std::string_view message, json::value data = nullptr) {
  return json::object(
      {{"error", {{"code", code}, {"message", message}, {"data", std::move(data)}}}});
}

// -5 with how long to wait: no captcha.
json::object rate_limited() {
  json::object one({{"type", "RATE_LIMIT_FAILURE"}, {"retryAfterSeconds", 1}});
  one["token"] = nullptr;
  const json::object response({{"timestamp", 1}, {"results", json::array{one}}});
  return error_object(-5, "Failed to send message", json::object({{"response", response}}));
}

std::string recipient_in(const json::object& params) {
  const json::array* list = array_in(params, "recipient");
  if (list == nullptr) return text_in(params, "recipient");
  return list->size() == 1 && list->front().is_string() ? std::string(list->front().get_string())
                                                        : "";
}

}  // namespace

void DaemonApi::answer(const http::Request& request, Caller& caller) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  if (path == "/api/v1/check") return caller.answer({200, "", ""});
  if (path == "/api/v1/events") {
    const bool known = request.target.ends_with("?account=%2B" + account_.account().substr(1));
    if (request.method != "GET") return caller.answer({405, "", ""});
    return known ? stream(caller) : caller.answer({400, "", ""});
  }
  caller.answer({404, "", ""});
}

http::Response DaemonApi::rpc(const http::Request& request) {
  if (request.method != "POST") return {405, "", ""};
  if (!header_of(request, "content-type").starts_with("application/json")) return {415, "", ""};
  const json::object said = object_of(request);
  json::object answer = result_of(said);
  answer["jsonrpc"] = "2.0";
  const json::value* id = said.if_contains("id");
  answer["id"] = id == nullptr ? json::value(nullptr) : *id;
  return {200, "application/json", json::serialize(answer)};
}

json::object DaemonApi::result_of(const json::object& request) {
  const std::string method = text_in(request, "method");
  const json::object* params = object_in(request, "params");
  if (params == nullptr) return error_object(-32602, "no params");
  if (method == "listAccounts") {
    const json::object ours({{"number", account_.account()}});
    return json::object({{"result", json::array{ours}}});
  }
  if (text_in(*params, "account") != account_.account())
    return error_object(-32602, "Specified account does not exist");
  const std::string recipient = recipient_in(*params);
  json::object done({{"result", json::object()}});
  if (method == "getAttachment") {
    const auto file = account_.files().find(Channel::kSignal, text_in(*params, "id"));
    if (!file) return error_object(-1, "Could not find attachment with ID");
    return json::object({{"result", {{"data", to_base64(as_bytes(*file->bytes))}}}});
  }
  if (recipient.empty()) return error_object(-32602, "one recipient at a time");
  if (method == "send") {
    if (const auto code = account_.failures().take())
      return *code == 429 ? rate_limited() : error_object(-3, "refused by the stand-in");
    const std::uint64_t timestamp = account_.send(recipient, text_in(*params, "message"));
    const json::object one(
        {{"recipientAddress", {{"uuid", recipient}, {"number", nullptr}}}, {"type", "SUCCESS"}});
    return json::object({{"result", {{"timestamp", timestamp}, {"results", json::array{one}}}}});
  }
  if (method == "updateContact") {
    account_.set_timer(recipient, static_cast<std::uint32_t>(number_in(*params, "expiration")));
  } else if (method == "remoteDelete") {
    account_.unsend(recipient, number_in(*params, "targetTimestamp"));
  } else if (method == "removeContact") {
    account_.forget(recipient);
  } else {
    return error_object(-32601, "Method not implemented");
  }
  return done;
}

void DaemonApi::stream(Caller& caller) {
  if (!caller.begin_stream("text/event-stream")) return;
  std::unique_lock lock(mutex_);
  ++listening_;
  const std::uint64_t cuts = cuts_;
  auto last = std::chrono::steady_clock::now();
  for (bool here = true; here && !stopping_ && cuts == cuts_;) {
    changed_.wait_for(lock, kLook, [&] { return stopping_ || !waiting_.empty(); });
    if (stopping_ || cuts != cuts_ || caller.gone()) break;
    std::string piece;
    if (!waiting_.empty()) {
      piece = "event:receive\ndata:" + waiting_.front() + "\n\n";
      waiting_.pop_front();
    } else if (std::chrono::steady_clock::now() - last > kKeepAlive) {
      piece = ":\n";
    }
    if (piece.empty()) continue;
    last = std::chrono::steady_clock::now();
    lock.unlock();
    here = caller.send_piece(piece);
    lock.lock();
  }
  --listening_;
}

void DaemonApi::receive(std::string event) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(event));
  }
  changed_.notify_all();
}

bool DaemonApi::listened() {
  const std::lock_guard lock(mutex_);
  return listening_ > 0;
}

void DaemonApi::cut_streams() {
  const std::lock_guard lock(mutex_);
  ++cuts_;
}

void DaemonApi::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

}  // namespace resguardo::standin
