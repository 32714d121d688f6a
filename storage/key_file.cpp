// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/key_file.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <string>

#include "storage/durable_file.h"

namespace resguardo::storage {
namespace {

// magic(8) ‖ generation(8, little endian) ‖ nonce(24) ‖ ciphertext(32 + 16)
constexpr std::array<std::uint8_t, 8> kMagic = {'R', 'G', 'K', 'E', 'Y', 0, 0, 1};
constexpr std::uint64_t kGeneration = 1;
constexpr std::size_t kHeaderSize = kMagic.size() + 8;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSealedSize = kServerKeySize + crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kFileSize = kHeaderSize + kNonceSize + kSealedSize;
constexpr char kContext[crypto_kdf_CONTEXTBYTES + 1] = "wrapkeys";

Bytes header() {
  Bytes result(kMagic.begin(), kMagic.end());
  for (unsigned shift = 0; shift < 64; shift += 8)
    result.push_back(static_cast<std::uint8_t>(kGeneration >> shift));
  return result;
}

Bytes authenticated(const std::filesystem::path& file) {
  Bytes result = header();
  const std::string name = file.filename().string();
  result.insert(result.end(), name.begin(), name.end());
  return result;
}

}  // namespace

Result<SecretBytes> wrapping_key(const SecretBytes& master) {
  if (master.size() != crypto_kdf_KEYBYTES)
    return Error{Fault::kMalformed, "the master key has 32 bytes"};
  RESGUARDO_TRY(auto wrapping, SecretBytes::allocate(kServerKeySize));
  const int derived = master.read([&](ByteView from) {
    return wrapping.write([&](std::span<std::uint8_t> to) {
      return crypto_kdf_derive_from_key(to.data(), to.size(), kGeneration, kContext, from.data());
    });
  });
  if (derived != 0) return Error{Fault::kUnavailable, "a key cannot be derived"};
  return wrapping;
}

Status write_key_file(const std::filesystem::path& file, const SecretBytes& key,
                      const SecretBytes& wrapping) {
  return write_key_file_as(file, file.filename(), key, wrapping);
}

Status write_key_file_as(const std::filesystem::path& file, const std::filesystem::path& as,
                         const SecretBytes& key, const SecretBytes& wrapping) {
  if (key.size() != kServerKeySize) return Error{Fault::kMalformed, "a server key has 32 bytes"};
  Bytes content = header();
  content.resize(kFileSize);
  std::uint8_t* const nonce = content.data() + kHeaderSize;
  randombytes_buf(nonce, kNonceSize);
  const Bytes name = authenticated(as);
  const int sealed = wrapping.read([&](ByteView with) {
    return key.read([&](ByteView secret) {
      return crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceSize, nullptr, secret.data(),
                                                        secret.size(), name.data(), name.size(),
                                                        nullptr, nonce, with.data());
    });
  });
  if (sealed != 0) return Error{Fault::kUnavailable, "a key cannot be wrapped"};
  return write_new_file(file, content);
}

Result<SecretBytes> read_key_file(const std::filesystem::path& file, const SecretBytes& wrapping) {
  return read_key_file_as(file, file.filename(), wrapping);
}

Result<SecretBytes> read_key_file_as(const std::filesystem::path& file,
                                     const std::filesystem::path& as, const SecretBytes& wrapping) {
  RESGUARDO_TRY(const Bytes content, read_small_file(file, kFileSize));
  const Bytes expected = header();
  if (content.size() != kFileSize || !equal(expected, ByteView(content).first(kHeaderSize)))
    return Error{Fault::kMalformed, "a key file is damaged, or of another version"};
  const std::uint8_t* const nonce = content.data() + kHeaderSize;
  const Bytes name = authenticated(as);
  RESGUARDO_TRY(auto key, SecretBytes::allocate(kServerKeySize));
  const int opened = wrapping.read([&](ByteView with) {
    return key.write([&](std::span<std::uint8_t> secret) {
      return crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret.data(), nullptr, nullptr, nonce + kNonceSize, kSealedSize, name.data(),
          name.size(), nonce, with.data());
    });
  });
  if (opened != 0)
    return Error{Fault::kUnauthentic, "the master key does not fit, or a key file was changed"};
  return key;
}

Status destroy_key_file(const std::filesystem::path& file) {
  return shred_file(file);
}

}  // namespace resguardo::storage
