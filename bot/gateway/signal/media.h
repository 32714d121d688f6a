// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

#include "bot/gateway/event.h"

namespace resguardo::gateway::signal {

// What may become part of a path or URL: [A-Za-z0-9_.-]{1,128}, not "." or "..".
bool is_attachment_id(std::string_view text);
// Signal moves long texts into an attachment that signal-cli puts back and still lists.
bool is_long_text(const boost::json::value& attachment);
bool has_files(const boost::json::array* attachments);  // others than long texts

// One element of attachments[]; nullopt: it did not arrive, or its id is not one. Signal does not
// say which sounds were recorded in the chat: all count as voice.
std::optional<Media> media_of(const boost::json::value& attachment);

}  // namespace resguardo::gateway::signal
