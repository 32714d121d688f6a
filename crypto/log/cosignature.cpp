// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/cosignature.h"

#include <sodium.h>

namespace resguardo {
namespace {

constexpr std::size_t kTimeSize = 8;

// https://c2sp.org/tlog-cosignature, "Ed25519 signed message"
std::string cosigned_message(std::uint64_t timestamp, std::string_view text) {
  return "cosignature/v1\ntime " + std::to_string(timestamp) + '\n' + std::string(text);
}

std::optional<std::uint64_t> timestamp_in(ByteView signature) {
  if (signature.size() != kTimeSize + crypto_sign_BYTES) return std::nullopt;
  std::uint64_t time = 0;
  for (const std::uint8_t byte : signature.first(kTimeSize)) time = time << 8U | byte;
  if (time >> 63U != 0) return std::nullopt;
  return time;
}

std::optional<WitnessSignature> judge(const NoteSignature& line, std::string_view text,
                                      ByteView key) {
  if (line.key_id == note_key_id(line.name, NoteAlgorithm::kCosignature, key)) {
    const auto time = timestamp_in(line.signature);
    if (time && verify_note_bytes(key, cosigned_message(*time, text),
                                  ByteView(line.signature).subspan(kTimeSize)))
      return WitnessSignature{line.name, time};
  }
  if (line.key_id == note_key_id(line.name, NoteAlgorithm::kEd25519, key) &&
      verify_note_bytes(key, text, line.signature))
    return WitnessSignature{line.name, std::nullopt};
  return std::nullopt;
}

}  // namespace

std::optional<WitnessSignature> find_witness_signature(const CheckpointNote& note,
                                                       const PublicKey<AnalystRole>& key) {
  std::optional<WitnessSignature> found;
  for (const NoteSignature& line : note.note.signatures) {
    auto signature = judge(line, note.note.text, key.view());
    if (signature && (!found || signature->timestamp > found->timestamp))
      found = std::move(signature);
  }
  return found;
}

Result<PublicKey<AnalystRole>> parse_witness_key(std::string_view text) {
  constexpr Error kNone = {Fault::kMalformed, "not a witness's key"};
  const auto first = text.find('+');
  const auto second = text.find('+', first == std::string_view::npos ? first : first + 1);
  if (second == std::string_view::npos) return kNone;
  const std::string_view name = text.substr(0, first);
  const auto id = parse_hex(text.substr(first + 1, second - first - 1));
  const auto key = parse_base64(text.substr(second + 1));
  if (!is_note_name(name) || !id.ok() || !key.ok() || key->size() != 1 + crypto_sign_PUBLICKEYBYTES)
    return kNone;
  const auto algorithm = static_cast<NoteAlgorithm>(key->front());
  const ByteView bytes = ByteView(*key).subspan(1);
  if (algorithm != NoteAlgorithm::kEd25519 && algorithm != NoteAlgorithm::kCosignature)
    return kNone;
  if (!equal(*id, note_key_id(name, algorithm, bytes))) return kNone;
  return PublicKey<AnalystRole>::from_bytes(bytes);
}

Result<std::string> cosign(const CheckpointNote& note, std::string_view name,
                           const SecretBytes& secret, std::uint64_t timestamp) {
  if (secret.size() != crypto_sign_SECRETKEYBYTES || !is_note_name(name) || timestamp >> 63U != 0)
    return Error{Fault::kMalformed, "a witness signs with a key, a name and a time"};
  NoteSignature line;
  line.name = name;
  for (std::size_t at = 0; at < kTimeSize; ++at)
    line.signature.push_back(static_cast<std::uint8_t>(timestamp >> (8 * (kTimeSize - 1 - at))));
  line.signature.resize(kTimeSize + crypto_sign_BYTES);
  const std::string message = cosigned_message(timestamp, note.note.text);
  const int failed = secret.read([&](ByteView key) {
    line.key_id =
        note_key_id(name, NoteAlgorithm::kCosignature, key.last(crypto_sign_PUBLICKEYBYTES));
    return crypto_sign_detached(line.signature.data() + kTimeSize, nullptr,
                                as_bytes(message).data(), message.size(), key.data());
  });
  if (failed != 0) return Error{Fault::kUnavailable, "the checkpoint could not be signed"};
  SignedNote signed_note = note.note;
  if (signed_note.signatures.size() == kMaxNoteSignatures)
    return Error{Fault::kRefused, "the checkpoint has as many signatures as a note may have"};
  signed_note.signatures.push_back(std::move(line));
  return serialise_note(signed_note);
}

}  // namespace resguardo
