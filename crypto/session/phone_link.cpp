// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/phone_link.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "crypto/base/hash.h"
#include "crypto/base/secret_text.h"

namespace resguardo {
namespace {

constexpr std::size_t kLinkSalt = 16;
constexpr std::size_t kLinkNonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kLinkMac = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kLinkSeed = crypto_box_SEEDBYTES;
constexpr std::size_t kLinkPlain = kLinkSeed + Digest::kSize;
constexpr std::size_t kLinkSealed = kLinkSalt + kLinkNonce + kLinkPlain + kLinkMac;

// Calls `use` with the key of this wrap, which is gone afterwards.
template <class Use>
int with_link_key(const SecretBytes& link_secret, ByteView salt, std::string_view address,
                  Use use) {
  std::array<std::uint8_t, 32> key{};
  link_secret.read([&](ByteView secret) {
    derive_secret(secret, Label::kMailboxLink, {as_bytes("wrap"), salt, as_bytes(address)}, key);
  });
  const int failed = use(key);
  wipe(key);
  return failed;
}

}  // namespace

Result<SecretBytes> link_secret(const SecretBytes& mailbox_key, const SecretBytes& day_key) {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(32));
  mailbox_key.read([&](ByteView master) {
    day_key.read([&](ByteView day) {
      secret.write([&](std::span<std::uint8_t> out) {
        derive_secret(master, Label::kMailboxLink, {as_bytes("day"), day}, out.first<32>());
      });
    });
  });
  return secret;
}

Tag16 link_tag(const SecretBytes& link_secret, std::string_view address) {
  std::array<std::uint8_t, 32> full{};
  link_secret.read([&](ByteView secret) {
    derive_secret(secret, Label::kMailboxLink, {as_bytes("tag"), as_bytes(address)}, full);
  });
  Tag16 tag{};
  std::copy_n(full.begin(), tag.size(), tag.begin());
  wipe(full);
  return tag;
}

Result<Bytes> seal_link(const SecretBytes& link_secret, std::string_view address,
                        const SecretBytes& seed, const Digest& lookup) {
  constexpr Error kNot{Fault::kUnavailable, "a phone could not be linked"};
  if (seed.size() != kLinkSeed) return kNot;
  SecretBuffer plain(kLinkPlain);
  seed.read([&](ByteView bytes) { std::ranges::copy(bytes, plain.span().begin()); });
  std::ranges::copy(lookup.view(), plain.span().begin() + kLinkSeed);
  Bytes sealed(kLinkSealed);
  randombytes_buf(sealed.data(), kLinkSalt + kLinkNonce);
  const Tag16 tag = link_tag(link_secret, address);
  const int failed =
      with_link_key(link_secret, ByteView(sealed).first(kLinkSalt), address, [&](ByteView key) {
        return crypto_aead_xchacha20poly1305_ietf_encrypt(
            sealed.data() + kLinkSalt + kLinkNonce, nullptr, plain.view().data(), plain.size(),
            tag.data(), tag.size(), nullptr, sealed.data() + kLinkSalt, key.data());
      });
  if (failed != 0) return kNot;
  return sealed;
}

Result<LinkedMailbox> open_link(const SecretBytes& link_secret, std::string_view address,
                                ByteView sealed) {
  constexpr Error kNotIts{Fault::kUnauthentic, "a link does not open with this phone"};
  if (sealed.size() != kLinkSealed) return kNotIts;
  SecretBuffer plain(kLinkPlain);
  const Tag16 tag = link_tag(link_secret, address);
  const ByteView box = sealed.subspan(kLinkSalt + kLinkNonce);
  const int failed =
      with_link_key(link_secret, sealed.first(kLinkSalt), address, [&](ByteView key) {
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            plain.span().data(), nullptr, nullptr, box.data(), box.size(), tag.data(), tag.size(),
            sealed.data() + kLinkSalt, key.data());
      });
  if (failed != 0) return kNotIts;
  const auto lookup = Digest::from(plain.view().subspan(kLinkSeed));
  if (!lookup) return kNotIts;
  RESGUARDO_TRY(auto seed, SecretBytes::take(plain.span().first(kLinkSeed)));
  return LinkedMailbox{std::move(seed), *lookup};
}

}  // namespace resguardo
