// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/rest_api.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "deploy/standin/wire.h"

namespace resguardo::standin {
namespace json = boost::json;
namespace {

constexpr std::string_view kFiles = "/v1/attachments";

http::Response rest_error(unsigned status, std::string_view text) {
  json::object body({{"error", text}});
  if (status == 429) body["challenge_tokens"] = json::array();
  return {status, "application/json", json::serialize(body)};
}

}  // namespace

http::Response RestApi::answer(const http::Request& request) {
  if (request.method == "GET" && request.target == "/v1/health") return {204, "", ""};
  if (request.method == "GET" && request.target == "/v1/about")
    return {200, "application/json", R"({"versions":["v1","v2"],"build":2,"mode":"json-rpc"})"};
  {
    std::unique_lock lock(mutex_);
    if (open_) ++blocked_;
    closed_.wait(lock, [&] { return !open_; });
  }
  return handle(request);
}

void RestApi::webhook_opened() {
  const std::lock_guard lock(mutex_);
  open_ = true;
}

void RestApi::webhook_closed() {
  {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  closed_.notify_all();
}

unsigned RestApi::blocked() {
  const std::lock_guard lock(mutex_);
  return blocked_;
}

http::Response RestApi::handle(const http::Request& request) {
  if (request.method == "POST" && request.target == "/v2/send") return send(request);
  if (request.target.starts_with(kFiles)) return files(request);
  const std::string encoded = "%2B" + account_.account().substr(1);
  for (const std::string& account : {account_.account(), encoded}) {
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
  if (const auto code = account_.failures().take())
    return rest_error(*code, "refused by the stand-in");
  const json::object body = object_of(request);
  const json::array* recipients = array_in(body, "recipients");
  if (text_in(body, "number") != account_.account()) {
    return rest_error(400, "Specified account does not exist");
  }
  if (recipients == nullptr || recipients->size() != 1 || !recipients->front().is_string()) {
    return rest_error(400, "the stand-in sends to one recipient at a time");
  }
  const std::uint64_t timestamp =
      account_.send(std::string(recipients->front().get_string()), text_in(body, "message"));
  const json::array answer{json::object({{"timestamp", std::to_string(timestamp)}})};
  return {201, "application/json", json::serialize(answer)};
}

http::Response RestApi::set_timer(const http::Request& request) {
  const json::object body = object_of(request);
  account_.set_timer(text_in(body, "recipient"),
                     static_cast<std::uint32_t>(number_in(body, "expiration_in_seconds")));
  return {204, "", ""};
}

http::Response RestApi::unsend(const http::Request& request) {
  const json::object body = object_of(request);
  const std::uint64_t timestamp = number_in(body, "timestamp");
  account_.unsend(text_in(body, "recipient"), timestamp);
  return {201, "application/json",
          json::serialize(json::object({{"timestamp", std::to_string(timestamp + 1)}}))};
}

http::Response RestApi::files(const http::Request& request) {
  FileShelf& shelf = account_.files();
  if (request.target == kFiles && request.method == "GET") {
    json::array ids;
    for (const std::string& id : shelf.left(Channel::kSignal)) ids.emplace_back(id);
    return {200, "application/json", json::serialize(ids)};
  }
  if (!request.target.starts_with(std::string(kFiles) + "/")) return {404, "", ""};
  const std::string id = request.target.substr(kFiles.size() + 1);
  if (request.method == "DELETE") return {shelf.remove(Channel::kSignal, id) ? 204U : 404U, "", ""};
  const auto file = shelf.find(Channel::kSignal, id);
  if (request.method != "GET" || !file) return rest_error(404, "no attachment with that id");
  return {200, file->mime, *file->bytes};
}

}  // namespace resguardo::standin
