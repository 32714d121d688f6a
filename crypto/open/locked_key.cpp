// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/locked_key.h"

#include <sodium.h>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/key_header.h"

namespace resguardo::open {
namespace {

constexpr std::size_t kKeySize = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kSaltSize = crypto_pwhash_argon2id_SALTBYTES;
constexpr std::size_t kMaxFile = 16384;  // of text; the longest kind has well under 1,024

std::string random_text(std::size_t size) {
  std::string text(size, '\0');
  randombytes_buf(text.data(), text.size());
  return text;
}

bool within_bounds(const LockCost& cost) {
  return cost.ops >= LockCost::kMinOps && cost.ops <= LockCost::kMaxOps &&
         cost.memory >= LockCost::kMinMemory && cost.memory <= LockCost::kMaxMemory;
}

Result<SecretBytes> stretch(const SecretBytes& passphrase, ByteView salt, const LockCost& cost) {
  RESGUARDO_TRY(auto key, SecretBytes::allocate(kKeySize));
  const int failed = passphrase.read([&](ByteView words) {
    return key.write([&](std::span<std::uint8_t> out) {
      return crypto_pwhash(out.data(), out.size(), as_text(words).data(), words.size(), salt.data(),
                           cost.ops, static_cast<std::size_t>(cost.memory),
                           crypto_pwhash_ALG_ARGON2ID13);
    });
  });
  // The cost was checked: what can still fail is the memory.
  if (failed != 0)
    return Error{Fault::kUnavailable,
                 "not enough memory for the key file's passphrase: close other "
                 "programs, or use a machine with more"};
  return key;
}

Result<Bytes> encrypt(const SecretBytes& key, const SecretBytes& secret, ByteView header,
                      ByteView nonce) {
  Bytes locked(secret.size() + kTagSize);
  const int failed = key.read([&](ByteView k) {
    return secret.read([&](ByteView plain) {
      return crypto_aead_xchacha20poly1305_ietf_encrypt(locked.data(), nullptr, plain.data(),
                                                        plain.size(), header.data(), header.size(),
                                                        nullptr, nonce.data(), k.data());
    });
  });
  if (failed != 0) return Error{Fault::kUnavailable, "the key could not be locked"};
  return locked;
}

std::string file_text(ByteView header, ByteView locked) {
  pb::KeyFile file;
  file.set_header(to_string(header));
  file.set_locked(to_string(locked));
  return armour(ArmourKind::kLockedKey, serialize_canonical(file));
}

// What lock() refuses, parse() would: nobody is left with a file that cannot be read.
Status check_lockable(const KeyNotice& notice, const SecretBytes& secret, bool by_passphrase) {
  if (locked_by_passphrase(notice.kind) != by_passphrase)
    return Error{Fault::kRefused, "a key of this kind is locked the other way"};
  if (secret.size() != secret_size(notice.kind))
    return Error{Fault::kMalformed, "a secret of another length than its kind has"};
  const auto readable = notice_of(header_of(notice));
  if (!readable.ok()) return Error{Fault::kMalformed, "not a label, or not the fields of its kind"};
  return success();
}

}  // namespace

Result<std::string> LockedKey::lock(const KeyNotice& notice, const SecretBytes& secret,
                                    const SecretBytes& passphrase, const LockCost& cost) {
  RESGUARDO_CHECK(check_lockable(notice, secret, true));
  RESGUARDO_CHECK(check_new_passphrase(passphrase));
  if (!within_bounds(cost))
    return Error{Fault::kRefused, "the cost must be 1 to 10 passes over 64 MiB to 2 GiB"};
  auto header = header_of(notice);
  header.set_salt(random_text(kSaltSize));
  header.set_opslimit(cost.ops);
  header.set_memlimit(cost.memory);
  header.set_nonce(random_text(kNonceSize));
  const Bytes exact = serialize_canonical(header);
  RESGUARDO_TRY(const auto key, stretch(passphrase, as_bytes(header.salt()), cost));
  RESGUARDO_TRY(const Bytes locked, encrypt(key, secret, exact, as_bytes(header.nonce())));
  return file_text(exact, locked);
}

Result<std::string> LockedKey::lock_under(const KeyNotice& notice, const SecretBytes& secret,
                                          const SecretBytes& wrapping_key) {
  RESGUARDO_CHECK(check_lockable(notice, secret, false));
  if (wrapping_key.size() != kKeySize)
    return Error{Fault::kMalformed, "a wrapping key has 32 bytes"};
  auto header = header_of(notice);
  header.set_nonce(random_text(kNonceSize));
  const Bytes exact = serialize_canonical(header);
  RESGUARDO_TRY(const Bytes locked, encrypt(wrapping_key, secret, exact, as_bytes(header.nonce())));
  return file_text(exact, locked);
}

Result<LockedKey> LockedKey::parse(ByteView file) {
  if (file.size() > kMaxFile) return Error{Fault::kMalformed, "too long for a key file"};
  RESGUARDO_TRY(const Bytes bytes, dearmour(ArmourKind::kLockedKey, as_text(file)));
  RESGUARDO_TRY(const auto parsed, parse_strict<pb::KeyFile>(bytes));
  RESGUARDO_TRY(const auto header, parse_strict<pb::KeyFileHeader>(as_bytes(parsed.header())));
  LockedKey key;
  RESGUARDO_TRY(key.notice_, notice_of(header));
  key.header_ = to_bytes(as_bytes(parsed.header()));
  key.salt_ = to_bytes(as_bytes(header.salt()));
  key.nonce_ = to_bytes(as_bytes(header.nonce()));
  key.locked_ = to_bytes(as_bytes(parsed.locked()));
  key.cost_ = LockCost{header.opslimit(), header.memlimit()};
  const bool by_passphrase = locked_by_passphrase(key.notice_.kind);
  if (key.nonce_.size() != kNonceSize || key.salt_.size() != (by_passphrase ? kSaltSize : 0) ||
      key.locked_.size() != secret_size(key.notice_.kind) + kTagSize)
    return Error{Fault::kMalformed, "a field of the key file has another length"};
  if (!by_passphrase && (key.cost_.ops != 0 || key.cost_.memory != 0))
    return Error{Fault::kMalformed, "a cost where there is no passphrase"};
  if (by_passphrase && !within_bounds(key.cost_))
    return Error{Fault::kRefused, "the key file asks for more or less work than is allowed"};
  return key;
}

Result<SecretBytes> LockedKey::unlock(const SecretBytes& passphrase) const {
  if (!locked_by_passphrase(notice_.kind))
    return Error{Fault::kRefused, "this key is locked under a wrapping key, not a passphrase"};
  RESGUARDO_TRY(const auto key, stretch(passphrase, salt_, cost_));
  return decrypt(key);
}

Result<SecretBytes> LockedKey::unlock_under(const SecretBytes& wrapping_key) const {
  if (locked_by_passphrase(notice_.kind))
    return Error{Fault::kRefused, "this key is locked by a passphrase, not under a wrapping key"};
  if (wrapping_key.size() != kKeySize)
    return Error{Fault::kMalformed, "a wrapping key has 32 bytes"};
  return decrypt(wrapping_key);
}

Result<SecretBytes> LockedKey::decrypt(const SecretBytes& key) const {
  RESGUARDO_TRY(auto secret, SecretBytes::allocate(locked_.size() - kTagSize));
  const int failed = key.read([&](ByteView k) {
    return secret.write([&](std::span<std::uint8_t> plain) {
      return crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, locked_.data(), locked_.size(), header_.data(),
          header_.size(), nonce_.data(), k.data());
    });
  });
  if (failed != 0)
    return Error{Fault::kUnauthentic, "wrong passphrase, or the key file was changed"};
  return secret;
}

}  // namespace resguardo::open
