// SPDX-License-Identifier: AGPL-3.0-or-later
#include "deploy/standin/person.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>

namespace resguardo::standin {
namespace json = boost::json;
namespace {

bool is_number(const std::string& person) {
  return !person.empty() &&
         std::all_of(person.begin(), person.end(), [](char c) { return c >= '0' && c <= '9'; });
}

json::object whatsapp_value(const Settings& settings) {
  return json::object(
      {{"messaging_product", "whatsapp"},
       {"metadata",
        {{"display_phone_number", "15550100000"}, {"phone_number_id", settings.phone_number_id}}}});
}

std::string whatsapp_post(json::object value) {
  const json::object change({{"field", "messages"}, {"value", std::move(value)}});
  const json::object entry({{"id", "900100200300400"}, {"changes", json::array{change}}});
  return json::serialize(
      json::object({{"object", "whatsapp_business_account"}, {"entry", json::array{entry}}}));
}

// As Meta sends it: everything beyond ASCII escaped. Boost.JSON writes raw UTF-8, which is as good
// JSON, and signed as it travels.
std::string whatsapp(const Settings& settings, const std::string& person, std::uint64_t stamp,
                     json::object content) {
  json::object contact({{"profile", {{"name", "A"}}}});
  if (is_number(person)) {
    content["from"] = person;
    contact["wa_id"] = person;
  } else {
    content["from_user_id"] = person;
    contact["user_id"] = person;
  }
  content["id"] = "wamid.STANDIN" + std::to_string(stamp);
  content["timestamp"] = std::to_string(stamp / 1000);
  json::object value = whatsapp_value(settings);
  value["contacts"] = json::array{std::move(contact)};
  value["messages"] = json::array{std::move(content)};
  return whatsapp_post(std::move(value));
}

std::string signal(const Settings& settings, const std::string& person, std::uint64_t stamp,
                   std::uint32_t timer, json::object message) {
  message["timestamp"] = stamp;
  message["expiresInSeconds"] = timer;
  message["isExpirationUpdate"] = false;
  message["viewOnce"] = false;
  const bool number = person.starts_with('+');
  json::object envelope({{"source", person},
                         {"sourceName", "A."},
                         {"sourceDevice", 1},
                         {"timestamp", stamp},
                         {"serverReceivedTimestamp", stamp},
                         {"serverDeliveredTimestamp", stamp}});
  envelope["sourceNumber"] = number ? json::value(person) : json::value(nullptr);
  envelope["sourceUuid"] = number ? json::value(nullptr) : json::value(person);
  envelope["dataMessage"] = std::move(message);
  const json::object params({{"envelope", std::move(envelope)}, {"account", settings.account}});
  return json::serialize(
             json::object({{"jsonrpc", "2.0"}, {"method", "receive"}, {"params", params}})) +
         "\n";
}

}  // namespace

Postman::Postman(const Settings& settings) : settings_(settings) {}

std::uint64_t Postman::stamp() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  last_ = std::max(last_ + 1, static_cast<std::uint64_t>(now.count() + shift_));
  return last_;
}

std::string Postman::text(Channel channel, const std::string& person, const std::string& text,
                          std::uint32_t timer) {
  if (channel == Channel::kSignal) {
    return signal(settings_, person, stamp(), timer, json::object({{"message", text}}));
  }
  return whatsapp(settings_, person, stamp(),
                  json::object({{"type", "text"}, {"text", {{"body", text}}}}));
}

std::string Postman::file(Channel channel, const std::string& person, const SentFile& sent,
                          std::uint32_t timer) {
  const std::string& mime = sent.mime;
  if (channel == Channel::kSignal) {
    const json::object attachment({{"contentType", mime},
                                   {"filename", nullptr},
                                   {"id", sent.id},
                                   {"size", sent.bytes->size()},
                                   {"caption", nullptr}});
    return signal(settings_, person, stamp(), timer,
                  json::object({{"message", nullptr}, {"attachments", json::array{attachment}}}));
  }
  const std::string top = mime.substr(0, mime.find('/'));
  const std::string kind = top == "image" || top == "audio" || top == "video" ? top : "document";
  json::object content({{"type", kind}});
  json::object file({{"id", sent.id}, {"mime_type", mime}, {"sha256", sent.sha256}});
  if (kind == "audio") file["voice"] = true;
  content[kind] = std::move(file);
  return whatsapp(settings_, person, stamp(), std::move(content));
}

std::string Postman::status(const BotMessage& message, const std::string& state) {
  const std::uint64_t at = stamp();
  json::object status({{"id", message.id}, {"status", state}});
  status["timestamp"] = std::to_string(at / 1000);
  status["recipient_id"] = message.person;
  json::object value = whatsapp_value(settings_);
  value["statuses"] = json::array{std::move(status)};
  return whatsapp_post(std::move(value));
}

std::string Postman::tap(const std::string& person, const BotMessage& offered,
                         const Choice& choice) {
  const std::string kind = offered.kind == "list" ? "list_reply" : "button_reply";
  json::object interactive({{"type", kind}});
  interactive[kind] = json::object({{"id", choice.id}, {"title", choice.title}});
  return whatsapp(settings_, person, stamp(),
                  json::object({{"type", "interactive"},
                                {"context", {{"from", "15550100000"}, {"id", offered.id}}},
                                {"interactive", std::move(interactive)}}));
}

std::string Postman::location(const std::string& person, double latitude, double longitude,
                              const std::string& name) {
  json::object place({{"latitude", latitude}, {"longitude", longitude}});
  if (!name.empty()) place["name"] = name;
  return whatsapp(settings_, person, stamp(),
                  json::object({{"type", "location"}, {"location", std::move(place)}}));
}

}  // namespace resguardo::standin
