// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "bot/gateway/event.h"
#include "bot/gateway/gateway.h"

namespace resguardo::gateway {

constexpr std::size_t kMaxUpdates = 1000;    // in one delivery
constexpr std::size_t kMaxAttachments = 64;  // of one message
constexpr std::size_t kMaxText = 64 * 1024;  // bytes a person may send at once
constexpr std::size_t kMaxId = 256;          // of a message, choice or file
constexpr std::size_t kMaxName = 1024;       // of a file or place
constexpr std::size_t kMaxUrl = 2048;

// UTF-16 units, the larger of the two ways messengers may count; nullopt: not UTF-8.
std::optional<std::size_t> utf16_length(std::string_view text);
// Fits `limit` units, and is UTF-8.
bool fits(std::string_view text, std::size_t limit);
bool is_visible_ascii(std::string_view text);  // 0x21-0x7e, not empty
bool is_digits(std::string_view text, std::size_t least, std::size_t most);
bool is_unreserved(std::string_view text);  // RFC 3986 §2.3, not empty
bool is_media_type(std::string_view text);  // type/subtype with parameters, at most 128

// An identifier of ours or theirs: visible ASCII, 1 to kMaxId.
bool is_id(std::string_view text);

// `prefix` in front of `text`, in wiping memory.
SecretText joined(std::string_view prefix, std::string_view text);

// The choices as numbered lines after the prompt, and the hint how to answer:
//   prompt ⏎ ⏎ 1) Yes ⏎ 2) No ⏎ ⏎ hint
SecretText numbered(const Reply& reply, std::string_view hint);

// What no messenger may be sent: not UTF-8, empty, or a choice without id or title, or with a line
// break in it, or an id that is there twice.
Status check_reply(const Reply& reply);

}  // namespace resguardo::gateway
