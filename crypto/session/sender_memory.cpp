// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/sender_memory.h"

#include <sodium.h>

#include <algorithm>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::size_t kNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kMac = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kStep = 256;

Tag16 short_tag(const SecretBytes& key, Label label, std::string_view purpose,
                std::string_view text) {
  std::array<std::uint8_t, 32> full{};
  key.read([&](ByteView bytes) {
    derive_secret(bytes, label, {as_bytes(purpose), as_bytes(text)}, full);
  });
  Tag16 tag{};
  std::copy_n(full.begin(), tag.size(), tag.begin());
  wipe(full);
  return tag;
}

std::array<std::uint8_t, 24> associated_data(const Tag16& tag, std::uint64_t counter) {
  std::array<std::uint8_t, 24> data{};
  std::copy(tag.begin(), tag.end(), data.begin());
  for (std::size_t i = 0; i < 8; ++i)
    data.at(16 + i) = static_cast<std::uint8_t>(counter >> (8 * i));
  return data;
}

// Calls `use` with the state key of this sender, which is gone afterwards.
template <class Use>
auto with_state_key(const SecretBytes& day_key, std::string_view address, Use use) {
  std::array<std::uint8_t, 32> key{};
  day_key.read(
      [&](ByteView bytes) { derive_secret(bytes, Label::kState, {as_bytes(address)}, key); });
  auto result = use(key);
  wipe(key);
  return result;
}

}  // namespace

Tag16 sender_tag(const SecretBytes& day_key, std::string_view address) {
  return short_tag(day_key, Label::kSenderTag, "sender", address);
}
Tag16 delivery_tag(const SecretBytes& dedupe_key, std::string_view message_id) {
  return short_tag(dedupe_key, Label::kDedupe, "delivery", message_id);
}
Tag16 message_name(const SecretBytes& dedupe_key, std::string_view message_id) {
  return short_tag(dedupe_key, Label::kDedupe, "record", message_id);
}
Tag16 word_tag(const SecretBytes& dedupe_key, std::string_view word) {
  return short_tag(dedupe_key, Label::kDedupe, "word", word);
}

Result<Bytes> seal_state(const SecretBytes& day_key, std::string_view address, const Tag16& tag,
                         std::uint64_t counter, ByteView state) {
  SecretBuffer padded(state);
  padded.resize((state.size() / kStep + 1) * kStep);
  std::size_t padded_size = 0;
  if (sodium_pad(&padded_size, padded.span().data(), state.size(), kStep, padded.size()) != 0 ||
      padded_size != padded.size())
    return Error{Fault::kUnavailable, "a conversation's state could not be padded"};
  Bytes sealed(kNonce + padded.size() + kMac);
  randombytes_buf(sealed.data(), kNonce);
  const auto data = associated_data(tag, counter);
  const int failed = with_state_key(day_key, address, [&](ByteView key) {
    return crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed.data() + kNonce, nullptr, padded.view().data(), padded.size(), data.data(),
        data.size(), nullptr, sealed.data(), key.data());
  });
  if (failed != 0) return Error{Fault::kUnavailable, "a conversation's state could not be sealed"};
  return sealed;
}

Result<SecretBuffer> open_state(const SecretBytes& day_key, std::string_view address,
                                const Tag16& tag, std::uint64_t counter, ByteView sealed) {
  if (sealed.size() < kNonce + kMac + kStep)
    return Error{Fault::kUnauthentic, "a conversation's state does not open"};
  SecretBuffer state(sealed.size() - kNonce - kMac);
  const auto data = associated_data(tag, counter);
  const int failed = with_state_key(day_key, address, [&](ByteView key) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
        state.span().data(), nullptr, nullptr, sealed.data() + kNonce, sealed.size() - kNonce,
        data.data(), data.size(), sealed.data(), key.data());
  });
  std::size_t length = 0;
  if (failed != 0 || sodium_unpad(&length, state.view().data(), state.size(), kStep) != 0)
    return Error{Fault::kUnauthentic, "a conversation's state does not open"};
  state.resize(length);
  return state;
}

}  // namespace resguardo
