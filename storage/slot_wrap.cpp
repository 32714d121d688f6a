// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/slot_wrap.h"

#include <sodium.h>

#include "crypto/base/hash.h"

namespace resguardo::storage {
namespace {

constexpr std::size_t kWrapNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kWrapTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

Result<SecretBytes> wrap_key(const SecretBytes& slot_key, std::string_view kind) {
  RESGUARDO_TRY(auto key, SecretBytes::allocate(crypto_aead_xchacha20poly1305_ietf_KEYBYTES));
  slot_key.read([&](ByteView from) {
    key.write([&](std::span<std::uint8_t> to) {
      derive_secret(from, Label::kSlotWrap, {as_bytes(kind)}, to.first<32>());
    });
  });
  return key;
}

}  // namespace

Result<Bytes> wrap_under_slot(ByteView plain, std::string_view kind, ByteView place,
                              const SecretBytes& slot_key) {
  RESGUARDO_TRY(const auto key, wrap_key(slot_key, kind));
  Bytes wrapped(kWrapNonce + plain.size() + kWrapTag);
  randombytes_buf(wrapped.data(), kWrapNonce);
  const int sealed = key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_encrypt(
        wrapped.data() + kWrapNonce, nullptr, plain.data(), plain.size(), place.data(),
        place.size(), nullptr, wrapped.data(), with.data());
  });
  if (sealed != 0) return Error{Fault::kUnavailable, "something cannot be wrapped under its slot"};
  return wrapped;
}

Result<Bytes> unwrap_under_slot(ByteView wrapped, std::string_view kind, ByteView place,
                                const SecretBytes& slot_key) {
  constexpr Error kNotIts = {Fault::kUnauthentic, "it does not open with its report's slot"};
  if (wrapped.size() < kWrapNonce + kWrapTag) return kNotIts;
  RESGUARDO_TRY(const auto key, wrap_key(slot_key, kind));
  Bytes plain(wrapped.size() - kWrapNonce - kWrapTag);
  const int opened = key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain.data(), nullptr, nullptr, wrapped.data() + kWrapNonce, wrapped.size() - kWrapNonce,
        place.data(), place.size(), wrapped.data(), with.data());
  });
  if (opened != 0) return kNotIts;
  return plain;
}

}  // namespace resguardo::storage
