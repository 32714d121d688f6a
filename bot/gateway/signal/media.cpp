// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/signal/media.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "bot/gateway/json.h"
#include "bot/gateway/text_rules.h"

namespace resguardo::gateway::signal {
namespace json = boost::json;

bool is_attachment_id(std::string_view text) {
  return text.size() <= 128 && is_unreserved(text) && text.find('~') == std::string_view::npos &&
         text != "." && text != "..";
}

bool is_long_text(const json::value& attachment) {
  const json::object* file = attachment.if_object();
  return file != nullptr && text_at(*file, "contentType") == "text/x-signal-plain";
}

bool has_files(const json::array* attachments) {
  return attachments != nullptr &&
         !std::all_of(attachments->begin(), attachments->end(), is_long_text);
}

std::optional<Media> media_of(const json::value& attachment) {
  const json::object* file = attachment.if_object();
  const auto id = file == nullptr ? std::nullopt : text_at(*file, "id");
  if (!id || !is_attachment_id(*id)) return std::nullopt;
  const std::string_view mime = text_at(*file, "contentType").value_or("");
  const std::string_view name = text_at(*file, "filename").value_or("");
  const std::string_view caption = text_at(*file, "caption").value_or("");
  Media media;
  media.reference = SecretText(*id);
  media.mime = is_media_type(mime) ? mime : "application/octet-stream";
  media.size = integer_at(*file, "size");
  if (caption.size() <= kMaxText) media.caption = SecretText(caption);
  if (name.size() <= kMaxName) media.file_name = SecretText(name);
  media.voice = media.mime.starts_with("audio/");
  return media;
}

}  // namespace resguardo::gateway::signal
