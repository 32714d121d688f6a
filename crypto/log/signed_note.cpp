// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/signed_note.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/format/plain_name.h"

namespace resguardo {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space
constexpr std::size_t kIdSize = 4;

constexpr Error kNoNote = {Fault::kMalformed, "not a signed note"};

Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kDash)) return kNoNote;
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_note_name(line.substr(0, space))) return kNoNote;
  RESGUARDO_TRY(const Bytes all, parse_base64(line.substr(space + 1)));
  if (all.size() <= kIdSize) return kNoNote;
  NoteSignature signature;
  signature.name = line.substr(0, space);
  std::copy_n(all.begin(), kIdSize, signature.key_id.begin());
  signature.signature.assign(all.begin() + kIdSize, all.end());
  return signature;
}

}  // namespace

bool is_note_text(std::string_view text) {
  const auto control = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  };
  return text.ends_with('\n') && std::ranges::none_of(text, control);
}

bool is_note_name(std::string_view name) {
  return is_plain_name(name) && name.find_first_of(" +") == std::string_view::npos;
}

std::array<std::uint8_t, 4> note_key_id(std::string_view name, NoteAlgorithm algorithm,
                                        ByteView key) {
  const std::array<std::uint8_t, 2> between{'\n', static_cast<std::uint8_t>(algorithm)};
  const Digest digest = sha256({as_bytes(name), ByteView(between), key});
  std::array<std::uint8_t, kIdSize> id{};
  std::copy_n(digest.bytes.begin(), kIdSize, id.begin());
  return id;
}

bool verify_note_bytes(ByteView key, std::string_view message, ByteView signature) {
  return key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(signature.data(), as_bytes(message).data(), message.size(),
                                     key.data()) == 0;
}

Result<SignedNote> parse_note(std::string_view note) {
  const std::size_t blank = note.rfind("\n\n");
  if (note.size() > kMaxNote || blank == std::string_view::npos || !note.ends_with('\n'))
    return kNoNote;
  SignedNote parsed;
  parsed.text = note.substr(0, blank + 1);
  if (!is_note_text(parsed.text)) return kNoNote;
  for (std::string_view lines = note.substr(blank + 2); !lines.empty();) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() + 1);
    if (parsed.signatures.size() == kMaxNoteSignatures) return kNoNote;
    RESGUARDO_TRY(auto signature, parse_line(line));
    parsed.signatures.push_back(std::move(signature));
  }
  if (parsed.signatures.empty()) return kNoNote;
  return parsed;
}

std::string serialise_note(const SignedNote& note) {
  std::string all = note.text + '\n';
  for (const NoteSignature& signature : note.signatures) {
    Bytes line(signature.key_id.begin(), signature.key_id.end());
    line.insert(line.end(), signature.signature.begin(), signature.signature.end());
    all += kDash;
    all += signature.name + ' ' + to_base64(line) + '\n';
  }
  return all;
}

}  // namespace resguardo
