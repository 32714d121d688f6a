// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "crypto/format/plain_name.h"

namespace resguardo {
namespace {

constexpr std::string_view kDayLine = "day ";
constexpr Error kNoCheckpoint = {Fault::kMalformed, "not a checkpoint of a log"};

// Takes a line off `rest`; the newline must be there.
Result<std::string_view> take_text_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos || end == 0) return kNoCheckpoint;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

Result<std::uint64_t> parse_decimal(std::string_view text) {
  constexpr std::size_t kMostDigits = 19;  // 2^63 - 1 has that many
  const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || text.size() > kMostDigits || !digits || (text[0] == '0' && text.size() > 1))
    return kNoCheckpoint;
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number >> 63U != 0) return kNoCheckpoint;
  return number;
}

Result<Digest> parse_base64_digest(std::string_view text) {
  RESGUARDO_TRY(const Bytes bytes, parse_base64(text));
  const auto digest = Digest::from(bytes);
  if (!digest) return kNoCheckpoint;
  return *digest;
}

Checkpoint dated_checkpoint(std::string origin, std::uint64_t size, const Digest& root, Day day) {
  return {std::move(origin), size, root, {std::string(kDayLine) + to_string(day)}};
}

std::optional<Day> checkpoint_day(const Checkpoint& checkpoint) {
  std::optional<Day> day;
  for (const std::string& line : checkpoint.extensions) {
    if (!line.starts_with(kDayLine)) continue;
    if (day) return std::nullopt;  // two days are none
    day = parse_day(std::string_view(line).substr(kDayLine.size()));
    if (!day) return std::nullopt;
  }
  return day;
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + '\n' + std::to_string(checkpoint.size) + '\n' +
                     to_base64(checkpoint.root.view()) + '\n';
  for (const std::string& line : checkpoint.extensions) text += line + '\n';
  return text;
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  if (!is_note_text(text)) return kNoCheckpoint;
  Checkpoint checkpoint;
  RESGUARDO_TRY(const auto origin, take_text_line(text));
  if (!is_note_name(origin)) return kNoCheckpoint;
  checkpoint.origin = origin;
  RESGUARDO_TRY(const auto size, take_text_line(text));
  RESGUARDO_TRY(checkpoint.size, parse_decimal(size));
  RESGUARDO_TRY(const auto root, take_text_line(text));
  RESGUARDO_TRY(checkpoint.root, parse_base64_digest(root));
  while (!text.empty()) {
    RESGUARDO_TRY(const auto line, take_text_line(text));
    if (!is_plain_name(line)) return kNoCheckpoint;
    checkpoint.extensions.emplace_back(line);
  }
  return checkpoint;
}

Result<CheckpointNote> parse_checkpoint(std::string_view note) {
  RESGUARDO_TRY(auto parsed, parse_note(note));
  RESGUARDO_TRY(auto checkpoint, parse_checkpoint_text(parsed.text));
  return CheckpointNote{std::move(parsed), std::move(checkpoint)};
}

Result<std::string> sign_checkpoint(const LogKey& key, const Checkpoint& checkpoint) {
  const std::string text = checkpoint_text(checkpoint);
  RESGUARDO_CHECK(parse_checkpoint_text(text));
  return key.sign_note(checkpoint.origin, text);
}

bool verify_checkpoint(const CheckpointNote& note, const PublicKey<LogRole>& key) {
  return verify_note(note.note, note.checkpoint.origin, key);
}

}  // namespace resguardo
