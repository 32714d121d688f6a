// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/log_key_file.h"

#include <fstream>

#include "storage/key_file.h"

namespace resguardo::commands {
namespace {

constexpr std::size_t kSeed = 32;

std::filesystem::path secret_file(const std::filesystem::path& data) {
  return data / "keys" / "log.key";
}
std::filesystem::path public_file(const std::filesystem::path& data) {
  return data / "log.pub";
}

}  // namespace

Result<LogKey> create_log_key(const std::filesystem::path& data, const SecretBytes& master) {
  RESGUARDO_TRY(auto key, LogKey::generate());
  // libsodium's Ed25519 secret key is seed ‖ public key.
  RESGUARDO_TRY(auto seed, key.secret().read([](ByteView secret) {
    Bytes copy = to_bytes(secret.first(kSeed));
    return SecretBytes::take(copy);
  }));
  RESGUARDO_TRY(const auto wrapping, storage::wrapping_key(master));
  RESGUARDO_CHECK(storage::write_key_file(secret_file(data), seed, wrapping));
  std::ofstream file(public_file(data));
  file << to_hex(key.public_key().view()) << '\n';
  file.flush();
  if (!file) return Error{Fault::kUnavailable, "the log key's public half could not be written"};
  return key;
}

Result<LogKey> open_log_key(const std::filesystem::path& data, const SecretBytes& master) {
  RESGUARDO_TRY(const auto wrapping, storage::wrapping_key(master));
  RESGUARDO_TRY(auto seed, storage::read_key_file(secret_file(data), wrapping));
  std::ifstream file(public_file(data));
  std::string line;
  std::getline(file, line);
  RESGUARDO_TRY(const auto public_half, parse_hex(line));
  Bytes both = seed.read([](ByteView bytes) { return to_bytes(bytes); });
  both.insert(both.end(), public_half.begin(), public_half.end());
  RESGUARDO_TRY(auto secret, SecretBytes::take(both));
  return LogKey::from_secret(std::move(secret));
}

}  // namespace resguardo::commands
