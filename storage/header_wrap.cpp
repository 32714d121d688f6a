// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/header_wrap.h"

#include <sodium.h>

#include "crypto/base/hash.h"

namespace resguardo::storage {
namespace {

constexpr std::size_t kWrapNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kWrapTag = crypto_aead_xchacha20poly1305_ietf_ABYTES;

Result<SecretBytes> wrap_key(const SecretBytes& slot_key) {
  RESGUARDO_TRY(auto key, SecretBytes::allocate(crypto_aead_xchacha20poly1305_ietf_KEYBYTES));
  slot_key.read([&](ByteView from) {
    key.write([&](std::span<std::uint8_t> to) {
      derive_secret(from, Label::kSlotWrap, {as_bytes("header")}, to.first<32>());
    });
  });
  return key;
}

Bytes place_bytes(const HeaderPlace& place) {
  Bytes all = to_bytes(place.report.view());
  for (unsigned shift = 0; shift < 32; shift += 8)
    all.push_back(static_cast<std::uint8_t>(place.ordinal >> shift));
  all.insert(all.end(), place.segment.bytes.begin(), place.segment.bytes.end());
  return all;
}

}  // namespace

Result<Bytes> wrap_header(ByteView header, const HeaderPlace& place, const SecretBytes& slot_key) {
  RESGUARDO_TRY(const auto key, wrap_key(slot_key));
  Bytes wrapped(kWrapNonce + header.size() + kWrapTag);
  randombytes_buf(wrapped.data(), kWrapNonce);
  const Bytes where = place_bytes(place);
  const int sealed = key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_encrypt(
        wrapped.data() + kWrapNonce, nullptr, header.data(), header.size(), where.data(),
        where.size(), nullptr, wrapped.data(), with.data());
  });
  if (sealed != 0) return Error{Fault::kUnavailable, "a header cannot be wrapped"};
  return wrapped;
}

Result<Bytes> unwrap_header(ByteView wrapped, const HeaderPlace& place,
                            const SecretBytes& slot_key) {
  constexpr Error kNotIts = {Fault::kUnauthentic, "a header does not open with its report's slot"};
  if (wrapped.size() < kWrapNonce + kWrapTag) return kNotIts;
  RESGUARDO_TRY(const auto key, wrap_key(slot_key));
  Bytes header(wrapped.size() - kWrapNonce - kWrapTag);
  const Bytes where = place_bytes(place);
  const int opened = key.read([&](ByteView with) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt(
        header.data(), nullptr, nullptr, wrapped.data() + kWrapNonce, wrapped.size() - kWrapNonce,
        where.data(), where.size(), wrapped.data(), with.data());
  });
  if (opened != 0) return kNotIts;
  return header;
}

}  // namespace resguardo::storage
