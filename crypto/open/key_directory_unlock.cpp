// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "crypto/open/key_change.h"
#include "crypto/open/key_directory_parts.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;

// What is said of each file when it cannot be used.
struct Words {
  StaticText missing, changed;
};
constexpr Words kIdentityWords{"identity.key is missing: is this a key directory?",
                               "identity.key is damaged, or of another kind"};
constexpr Words kWrappingWords{"wrapping.key is missing: the epoch keys cannot be opened",
                               "wrapping.key is damaged, or of another directory"};
constexpr Words kReserveWords{"reserve.key is missing",
                              "reserve.key is damaged or of another directory: move it away, and "
                              "what was sealed to it stays closed"};
constexpr Words kEpochWords{"a file in epochs/ vanished",
                            "a file in epochs/ is damaged or of another directory: move it away, "
                            "and what was sealed to its week stays closed"};

Result<LockedKey> load(const fs::path& file, KeyKind kind, const Words& words) {
  auto text = read_key_file(file);
  if (!text.ok() && text.error().fault == Fault::kNotFound)
    return Error{Fault::kNotFound, words.missing};
  if (!text.ok()) return text.error();
  auto key = LockedKey::parse(*text);
  if (!key.ok() && key.error().fault == Fault::kRefused) return key.error();
  if (!key.ok() || key->notice().kind != kind) return Error{Fault::kMalformed, words.changed};
  return key;
}

template <class Role>
Result<SecretKey<Role>> as_key(SecretBytes secret, const LockedKey& file, const Words& words) {
  auto key = SecretKey<Role>::from_secret(std::move(secret));
  if (!key.ok() || !equal(key->public_key().view(), file.notice().public_key))
    return Error{Fault::kUnauthentic, words.changed};
  return key;
}

Result<SecretKey<EpochRole>> unlock_epoch(const LockedKey& file, const Wrapping& wrapping,
                                          const Words& words) {
  if (file.notice().member != wrapping.member || file.notice().wrapping != wrapping.id)
    return Error{Fault::kMalformed, words.changed};
  auto secret = file.unlock_under(wrapping.key);
  if (!secret.ok() && secret.error().fault == Fault::kUnauthentic)
    return Error{Fault::kUnauthentic, words.changed};
  if (!secret.ok()) return secret.error();
  return as_key<EpochRole>(*std::move(secret), file, words);
}

Result<std::vector<fs::path>> epoch_files(const fs::path& dir) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator it(dir / "epochs", failed), end; !failed && it != end;
       it.increment(failed))
    if (it->path().extension() == ".key") files.push_back(it->path());
  if (failed) return Error{Fault::kUnavailable, "the directory epochs/ could not be read"};
  std::ranges::sort(files);
  return files;
}

Status unlock_epochs(const fs::path& dir, const Wrapping& wrapping, AnalystKeys& keys,
                     std::vector<Week>& weeks) {
  RESGUARDO_TRY(const auto files, epoch_files(dir));
  for (const fs::path& path : files) {
    RESGUARDO_TRY(const auto file, load(path, KeyKind::kEpoch, kEpochWords));
    const Week week = *file.notice().week;
    if (path.stem() != to_string(week)) return Error{Fault::kMalformed, kEpochWords.changed};
    RESGUARDO_TRY(auto key, unlock_epoch(file, wrapping, kEpochWords));
    keys.add_epoch(week, std::move(key));
    weeks.push_back(week);
  }
  const fs::path reserve = dir / "reserve.key";
  std::error_code failed;
  if (!fs::exists(reserve, failed) && !failed) return success();
  RESGUARDO_TRY(const auto file, load(reserve, KeyKind::kReserve, kReserveWords));
  RESGUARDO_TRY(auto key, unlock_epoch(file, wrapping, kReserveWords));
  keys.set_reserve(std::move(key));
  return success();
}

}  // namespace

Result<KeyDirectoryParts> unlock_parts(const fs::path& dir, const SecretBytes& passphrase) {
  RESGUARDO_TRY(const auto identity_file,
                load(dir / "identity.key", KeyKind::kAnalyst, kIdentityWords));
  RESGUARDO_TRY(const auto wrapping_file,
                load(dir / "wrapping.key", KeyKind::kWrapping, kWrappingWords));
  const MemberId member = *identity_file.notice().member;
  if (wrapping_file.notice().member != member)
    return Error{Fault::kMalformed, kWrappingWords.changed};
  auto secret = identity_file.unlock(passphrase);
  if (!secret.ok() && secret.error().fault == Fault::kUnauthentic)
    return Error{Fault::kUnauthentic, "wrong passphrase, or identity.key was changed"};
  if (!secret.ok()) return secret.error();
  RESGUARDO_TRY(auto identity,
                as_key<AnalystRole>(*std::move(secret), identity_file, kIdentityWords));
  auto wrapping_key = wrapping_file.unlock(passphrase);
  if (!wrapping_key.ok() && wrapping_key.error().fault == Fault::kUnauthentic)
    return Error{Fault::kUnauthentic, "wrapping.key was changed, or has another passphrase"};
  if (!wrapping_key.ok()) return wrapping_key.error();
  KeyDirectoryParts parts{AnalystKeys(member, std::move(identity)),
                          identity_file.notice().label,
                          {},
                          {member, *wrapping_file.notice().wrapping, *std::move(wrapping_key)},
                          wrapping_file.cost()};
  RESGUARDO_CHECK(unlock_epochs(dir, parts.wrapping, parts.keys, parts.weeks));
  return parts;
}

Result<AnalystKeys> unlock_key_directory(const fs::path& dir, const SecretBytes& passphrase) {
  const auto held = KeyDirectoryLock::take(dir);
  if (!held.ok() && held.error().fault != Fault::kNotFound) return held.error();
  RESGUARDO_TRY(auto parts, unlock_parts(dir, passphrase));
  return std::move(parts.keys);
}

}  // namespace resguardo::open
