// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/gateway/text_rules.h"

#include <algorithm>

namespace resguardo::gateway {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_visible(char c) {
  return c > ' ' && c <= '~';
}

// The length of the UTF-8 sequence that `lead` begins, and the bits of it that count; 0: none.
struct Sequence {
  std::size_t length;
  unsigned bits;
};
Sequence sequence_of(unsigned char lead) {
  if (lead < 0x80) return {1, lead};
  if (lead >= 0xC2 && lead <= 0xDF) return {2, lead & 0x1Fu};
  if (lead >= 0xE0 && lead <= 0xEF) return {3, lead & 0x0Fu};
  if (lead >= 0xF0 && lead <= 0xF4) return {4, lead & 0x07u};
  return {0, 0};
}

bool is_scalar(unsigned code, std::size_t length) {
  if (length == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  if (length == 4) return code >= 0x10000 && code <= 0x10FFFF;
  return true;
}

bool one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_sound(const ReplyChoice& choice) {
  return is_id(choice.id) && !choice.title.empty() && one_line(choice.title) &&
         one_line(choice.description) && utf16_length(choice.title) &&
         utf16_length(choice.description);
}

}  // namespace

std::optional<std::size_t> utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto [length, bits] = sequence_of(static_cast<unsigned char>(text[at]));
    if (length == 0 || length > text.size() - at) return std::nullopt;
    unsigned code = bits;
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xC0u) != 0x80) return std::nullopt;
      code = (code << 6) | (next & 0x3Fu);
    }
    if (!is_scalar(code, length)) return std::nullopt;
    units += length == 4 ? 2 : 1;
    at += length;
  }
  return units;
}

bool fits(std::string_view text, std::size_t limit) {
  const auto length = utf16_length(text);
  return length && *length <= limit;
}

bool is_visible_ascii(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_visible);
}

bool is_digits(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::all_of(text.begin(), text.end(), is_digit);
}

bool is_unreserved(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

bool is_media_type(std::string_view text) {
  if (text.size() < 3 || text.size() > 128 || text.front() == '/') return false;
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) || c == ' '; });
  return printable && text.find('/') != std::string_view::npos;
}

bool is_id(std::string_view text) {
  return text.size() <= kMaxId && is_visible_ascii(text);
}

SecretText joined(std::string_view prefix, std::string_view text) {
  SecretText result(prefix);
  result.append(text);
  return result;
}

SecretText numbered(const Reply& reply, std::string_view hint) {
  SecretText text = reply.text.clone();
  if (!reply.choices.empty()) text.append("\n");
  std::size_t number = 0;
  for (const ReplyChoice& choice : reply.choices) {
    text.append("\n");
    text.append(std::to_string(++number));
    text.append(") ");
    text.append(choice.title);
    if (!choice.description.empty()) {
      text.append(" – ");
      text.append(choice.description);
    }
  }
  if (!reply.choices.empty() && !hint.empty()) {
    text.append("\n\n");
    text.append(hint);
  }
  return text;
}

Status check_reply(const Reply& reply) {
  if (reply.text.empty() || !utf16_length(reply.text.reveal())) {
    return Error{Fault::kMalformed, "a reply is empty or not UTF-8"};
  }
  for (const std::string* text : {&reply.list_button, &reply.numbers_hint, &reply.list_hint}) {
    if (!utf16_length(*text)) return Error{Fault::kMalformed, "a reply's hint is not UTF-8"};
  }
  std::vector<std::string_view> ids;
  for (const ReplyChoice& choice : reply.choices) {
    if (!is_sound(choice)) return Error{Fault::kMalformed, "a choice cannot be shown"};
    ids.push_back(choice.id);
  }
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) {
    return Error{Fault::kMalformed, "two choices have one id"};
  }
  return success();
}

}  // namespace resguardo::gateway
