// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/whatsapp/content.h"

#include <array>
#include <boost/json/object.hpp>
#include <string_view>
#include <utility>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::whatsapp {
namespace json = boost::json;
namespace {

std::optional<SecretText> quoted(const json::object& message) {
  const json::object* context = object_at(message, "context");
  const auto id = context == nullptr ? std::nullopt : text_at(*context, "id");
  if (!id || !is_id(*id)) return std::nullopt;
  return SecretText(*id);
}

Parsed text_from(const json::object& message, const json::object& holder, std::string_view key) {
  const auto text = text_at(holder, key);
  if (!text || text->empty() || text->size() > kMaxText) return Broken{};
  return Content(Text{SecretText(*text), quoted(message)});
}

Parsed text(const json::object& message) {
  const json::object* holder = object_at(message, "text");
  return holder == nullptr ? Parsed(Broken{}) : text_from(message, *holder, "body");
}

// A tap on a template's quick reply: the words on it are what the person meant.
Parsed button(const json::object& message) {
  const json::object* holder = object_at(message, "button");
  if (holder == nullptr) return Broken{};
  return text_from(message, *holder, text_at(*holder, "text") ? "text" : "payload");
}

Parsed interactive(const json::object& message) {
  const json::object* holder = object_at(message, "interactive");
  if (holder == nullptr) return NotForUs{};
  const auto kind = text_at(*holder, "type");
  if (kind == "nfm_reply") return Content(Unsupported{"a form filled in WhatsApp"});
  if (kind != "button_reply" && kind != "list_reply") return NotForUs{};
  const json::object* reply = object_at(*holder, *kind);
  const auto id = reply == nullptr ? std::nullopt : text_at(*reply, "id");
  if (!id || id->empty() || id->size() > kMaxId) return Broken{};
  return Content(Choice{std::string(*id)});
}

bool forwarded(const json::object& message) {
  const json::object* context = object_at(message, "context");
  return context != nullptr &&
         (true_at(*context, "forwarded") || true_at(*context, "frequently_forwarded"));
}

Parsed media(const json::object& message, std::string_view type) {
  const json::object* file = object_at(message, type);
  // Over 100 MB the message comes with an error in place of the file (131052).
  if (file == nullptr) return Content(Unsupported{"a file that WhatsApp could not hand over"});
  const auto id = id_at(*file, "id");
  if (!id || !is_unreserved(id->reveal()) || id->size() > kMaxId) return Broken{};
  const std::string_view caption = text_at(*file, "caption").value_or("");
  if (caption.size() > kMaxText) return Broken{};
  const std::string_view mime = text_at(*file, "mime_type").value_or("");
  const std::string_view sha256 = text_at(*file, "sha256").value_or("");
  const std::string_view name = text_at(*file, "filename").value_or("");
  Media result;
  result.reference = id->clone();
  result.mime = is_media_type(mime) ? mime : "application/octet-stream";
  result.size = integer_at(*file, "file_size");
  if (sha256.size() <= 88 && is_visible_ascii(sha256)) result.sha256 = sha256;
  const std::string_view url = text_at(*file, "url").value_or("");
  if (url.size() <= kMaxUrl && is_visible_ascii(url)) result.url = url;
  result.caption = SecretText(caption);
  if (name.size() <= kMaxName) result.file_name = SecretText(name);
  result.voice = type == "voice" || true_at(*file, "voice");
  result.forwarded = forwarded(message);
  return Content(std::move(result));
}

Parsed location(const json::object& message) {
  const json::object* place = object_at(message, "location");
  if (place == nullptr) return Broken{};
  const auto latitude = number_at(*place, "latitude");
  const auto longitude = number_at(*place, "longitude");
  if (!latitude || !longitude) return Broken{};
  if (*latitude < -90 || *latitude > 90 || *longitude < -180 || *longitude > 180) return Broken{};
  const std::string_view name = text_at(*place, "name").value_or("");
  return Content(Location{*latitude, *longitude, SecretText(name.size() <= kMaxName ? name : "")});
}

std::optional<SecretText> target(const json::object& holder) {
  const auto id = text_at(holder, "original_message_id");
  if (!id || !is_id(*id)) return std::nullopt;
  return joined("w:", *id);
}

// The words of an edited message: of a text, or of a caption.
std::optional<std::string_view> new_words(const json::object& message) {
  if (const json::object* holder = object_at(message, "text")) return text_at(*holder, "body");
  for (const std::string_view type : {"image", "video", "document"}) {
    if (const json::object* file = object_at(message, type)) return text_at(*file, "caption");
  }
  return std::nullopt;
}

Parsed edit(const json::object& message) {
  const json::object* holder = object_at(message, "edit");
  const json::object* inner = holder == nullptr ? nullptr : object_at(*holder, "message");
  if (inner == nullptr) return Broken{};
  auto which = target(*holder);
  const auto words = new_words(*inner);
  if (!which || !words || words->size() > kMaxText) return Broken{};
  return Content(Edit{std::move(*which), SecretText(*words)});
}

Parsed revoke(const json::object& message) {
  const json::object* holder = object_at(message, "revoke");
  auto which = holder == nullptr ? std::nullopt : target(*holder);
  return which ? Parsed(Content(Retract{std::move(*which)})) : Parsed(Broken{});
}

Parsed system(const json::object& message) {
  const json::object* holder = object_at(message, "system");
  const auto kind = holder == nullptr ? std::nullopt : text_at(*holder, "type");
  constexpr std::array<std::string_view, 4> kChanges = {
      "user_changed_number", "user_changed_user_id", "customer_changed_number",
      "customer_identity_changed"};
  for (const std::string_view change : kChanges) {
    if (kind == change) return Content(IdentityChange{});
  }
  return NotForUs{};
}

constexpr std::array<std::string_view, 15> kTypes = {
    "text",     "interactive", "button",   "image",   "video",  "audio", "voice", "document",
    "location", "reaction",    "contacts", "sticker", "system", "edit",  "revoke"};

// Some documented examples have no `type`: then the one content key tells.
std::string_view type_of(const json::object& message) {
  if (present(message, "type")) return text_at(message, "type").value_or("");
  std::string_view found;
  for (const std::string_view type : kTypes) {
    if (!present(message, type)) continue;
    if (!found.empty()) return {};
    found = type;
  }
  return found;
}

}  // namespace

Parsed content_of(const json::object& message) {
  const std::string_view type = type_of(message);
  if (type.empty()) return Broken{};
  if (type == "text") return text(message);
  if (type == "interactive") return interactive(message);
  if (type == "button") return button(message);
  for (const std::string_view file : {"image", "video", "audio", "voice", "document"}) {
    if (type == file) return media(message, file);
  }
  if (type == "location") return location(message);
  if (type == "edit") return edit(message);
  if (type == "revoke") return revoke(message);
  if (type == "system") return system(message);
  if (type == "reaction" || type == "request_welcome") return NotForUs{};
  if (type == "sticker") return Content(Unsupported{"a sticker"});
  if (type == "contacts") return Content(Unsupported{"a contact card"});
  if (type == "order") return Content(Unsupported{"an order"});
  return Content(Unsupported{"a kind of message we cannot take"});
}

}  // namespace resguardo::gateway::whatsapp
