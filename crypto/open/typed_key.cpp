// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/locked_key.h"

namespace resguardo::open {
namespace {

template <class Role>
constexpr KeyKind kKindOf = KeyKind::kVault;
template <>
constexpr KeyKind kKindOf<RootRole> = KeyKind::kRoot;
template <>
constexpr KeyKind kKindOf<AnalystRole> = KeyKind::kAnalyst;
template <>
constexpr KeyKind kKindOf<ResearcherRole> = KeyKind::kResearcher;

constexpr std::size_t kMinCharacters = 12;
constexpr std::size_t kMaxBytes = 1024;

// Characters of UTF-8 text; zero: it holds control characters.
std::size_t characters(ByteView text) {
  std::size_t count = 0;
  for (const std::uint8_t byte : text) {
    if (byte < 0x20 || byte == 0x7f) return 0;
    if ((byte & 0xc0U) != 0x80) ++count;
  }
  return count;
}

}  // namespace

Status check_new_passphrase(const SecretBytes& passphrase) {
  const std::size_t count = passphrase.read([](ByteView text) { return characters(text); });
  if (count < kMinCharacters || passphrase.size() > kMaxBytes)
    return Error{Fault::kRefused,
                 "a passphrase has at least 12 characters, at most 1024 bytes and "
                 "no control characters: five random words are good"};
  return success();
}

template <class Role>
Result<std::string> lock_key(const SecretKey<Role>& key, std::string_view label,
                             const SecretBytes& passphrase, const LockCost& cost) {
  KeyNotice notice;
  notice.kind = kKindOf<Role>;
  notice.label = label;
  notice.public_key = to_bytes(key.public_key().view());
  return LockedKey::lock(notice, key.secret(), passphrase, cost);
}

template <class Role>
Result<SecretKey<Role>> unlock_key(ByteView file, const SecretBytes& passphrase) {
  RESGUARDO_TRY(const auto locked, LockedKey::parse(file));
  if (locked.notice().kind != kKindOf<Role>)
    return Error{Fault::kMalformed, "a key of another kind than is needed here"};
  RESGUARDO_TRY(auto secret, locked.unlock(passphrase));
  RESGUARDO_TRY(auto key, SecretKey<Role>::from_secret(std::move(secret)));
  if (!equal(key.public_key().view(), locked.notice().public_key))
    return Error{Fault::kUnauthentic, "the key is not the one its file names"};
  return key;
}

template Result<std::string> lock_key(const SecretKey<RootRole>&, std::string_view,
                                      const SecretBytes&, const LockCost&);
template Result<std::string> lock_key(const SecretKey<ResearcherRole>&, std::string_view,
                                      const SecretBytes&, const LockCost&);
template Result<SecretKey<RootRole>> unlock_key(ByteView, const SecretBytes&);
template Result<SecretKey<AnalystRole>> unlock_key(ByteView, const SecretBytes&);
template Result<SecretKey<ResearcherRole>> unlock_key(ByteView, const SecretBytes&);

}  // namespace resguardo::open
