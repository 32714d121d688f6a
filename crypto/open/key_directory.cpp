// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "crypto/format/armour.h"
#include "crypto/format/plain_name.h"
#include "crypto/open/key_change.h"
#include "crypto/open/key_directory_parts.h"
#include "crypto/seal/epoch_list.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;
namespace names = key_names;

// A directory under another name, gone again unless it is named.
class PartialDirectory {
 public:
  explicit PartialDirectory(const fs::path& target) : target_(target) {
    path_ = target.string();
    while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
    path_ += ".partial-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();  // 0700
  }
  PartialDirectory(const PartialDirectory&) = delete;
  PartialDirectory& operator=(const PartialDirectory&) = delete;
  ~PartialDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  bool made() const { return !path_.empty(); }
  fs::path path() const { return path_; }

  Status name_it() {
    RESGUARDO_CHECK(sync_directory(path_));
    if (::rename(path_.c_str(), target_.c_str()) != 0) {  // replaces an empty directory only
      if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
        return Error{Fault::kConflict, "the key directory exists already: name another"};
      return Error{Fault::kUnavailable, "the key directory could not be put in its place"};
    }
    const fs::path parent = fs::path(path_).parent_path();
    path_.clear();
    return sync_directory(parent.empty() ? fs::path(".") : parent);
  }

 private:
  fs::path target_;
  std::string path_;
};

// Everything of a new directory, before it is locked and written.
struct NewKeys {
  SecretKey<AnalystRole> identity;
  Wrapping wrapping;
  std::map<Week, SecretKey<EpochRole>> epochs;
  SecretKey<EpochRole> reserve;
};

Result<NewKeys> make_keys(const NewKeyDirectory& wanted, RandomSource& ids) {
  RESGUARDO_TRY(auto identity, SecretKey<AnalystRole>::generate());
  RESGUARDO_TRY(auto wrapping, SecretBytes::random(32));
  RESGUARDO_TRY(auto reserve, SecretKey<EpochRole>::generate());
  const auto member = ids.make<MemberId>();
  NewKeys keys{std::move(identity),
               {member, ids.make<WrappingId>(), std::move(wrapping)},
               {},
               std::move(reserve)};
  for (std::uint32_t i = 0; i < wanted.weeks; ++i) {
    RESGUARDO_TRY(auto key, SecretKey<EpochRole>::generate());
    keys.epochs.emplace(Week{wanted.first_week.number + static_cast<std::int32_t>(i)},
                        std::move(key));
  }
  return keys;
}

Result<MemberPublic> public_file(const NewKeyDirectory& wanted, const NewKeys& keys) {
  EpochListPlan plan;
  plan.member = keys.wrapping.member;
  for (const auto& [week, key] : keys.epochs) plan.keys.emplace(week, key.public_key());
  plan.reserve = keys.reserve.public_key();
  RESGUARDO_TRY(Bytes list, sign_epoch_list(plan, keys.identity));
  return MemberPublic{keys.wrapping.member, wanted.label, keys.identity.public_key(),
                      std::move(list)};
}

KeyNotice notice(KeyKind kind, const NewKeyDirectory& wanted, const NewKeys& keys) {
  KeyNotice notice;
  notice.kind = kind;
  notice.label = wanted.label;
  notice.member = keys.wrapping.member;
  if (kind != KeyKind::kAnalyst) notice.wrapping = keys.wrapping.id;
  return notice;
}

Status write_identity(const fs::path& dir, const NewKeyDirectory& wanted, const NewKeys& keys,
                      const SecretBytes& passphrase) {
  KeyNotice identity = notice(KeyKind::kAnalyst, wanted, keys);
  identity.public_key = to_bytes(keys.identity.public_key().view());
  RESGUARDO_TRY(const auto locked,
                LockedKey::lock(identity, keys.identity.secret(), passphrase, wanted.cost));
  RESGUARDO_CHECK(write_synced(dir / names::kIdentity, locked));
  RESGUARDO_TRY(const auto wrapping, LockedKey::lock(notice(KeyKind::kWrapping, wanted, keys),
                                                     keys.wrapping.key, passphrase, wanted.cost));
  return write_synced(dir / names::kWrapping, wrapping);
}

Status write_epochs(const fs::path& dir, const NewKeyDirectory& wanted, const NewKeys& keys) {
  if (::mkdir((dir / names::kEpochs).c_str(), S_IRWXU) != 0)
    return Error{Fault::kUnavailable, "the directory of epoch keys could not be made"};
  for (const auto& [week, key] : keys.epochs) {
    RESGUARDO_TRY(const auto text, lock_epoch(key, wanted.label, week, keys.wrapping));
    RESGUARDO_CHECK(write_synced(dir / epoch_file_name(week), text));
  }
  RESGUARDO_CHECK(sync_directory(dir / names::kEpochs));
  RESGUARDO_TRY(const auto text,
                lock_epoch(keys.reserve, wanted.label, std::nullopt, keys.wrapping));
  return write_synced(dir / names::kReserve, text);
}

}  // namespace

Result<std::string> lock_epoch(const SecretKey<EpochRole>& key, const std::string& label,
                               std::optional<Week> week, const Wrapping& wrapping) {
  KeyNotice notice;
  notice.kind = week ? KeyKind::kEpoch : KeyKind::kReserve;
  notice.label = label;
  notice.member = wrapping.member;
  notice.wrapping = wrapping.id;
  notice.week = week;
  notice.public_key = to_bytes(key.public_key().view());
  return LockedKey::lock_under(notice, key.secret(), wrapping.key);
}

std::string epoch_file_name(Week week) {
  return std::string(names::kEpochs) + "/" + to_string(week) + std::string(names::kSuffix);
}

Result<MemberPublic> create_key_directory(const fs::path& dir, const NewKeyDirectory& wanted,
                                          const SecretBytes& passphrase, RandomSource& ids) {
  if (!is_plain_name(wanted.label))
    return Error{Fault::kRefused, "a label has 1 to 100 bytes and only printable characters"};
  if (wanted.weeks < 1 || wanted.weeks > kMaxEpochKeys)
    return Error{Fault::kRefused, "keys are made for 1 to 160 weeks"};
  RESGUARDO_CHECK(check_new_passphrase(passphrase));
  PartialDirectory partial(dir);
  if (!partial.made())
    return Error{Fault::kUnavailable,
                 "the key directory could not be made: does the folder it lies in exist?"};
  RESGUARDO_TRY(const NewKeys keys, make_keys(wanted, ids));
  RESGUARDO_TRY(MemberPublic half, public_file(wanted, keys));
  RESGUARDO_CHECK(write_identity(partial.path(), wanted, keys, passphrase));
  RESGUARDO_CHECK(write_epochs(partial.path(), wanted, keys));
  RESGUARDO_CHECK(
      write_synced(partial.path() / names::kList, armour(ArmourKind::kEpochList, half.epoch_list)));
  RESGUARDO_CHECK(write_synced(partial.path() / names::kPublic, half.text()));
  RESGUARDO_CHECK(partial.name_it());
  return half;
}

Result<MemberPublic> read_public(const fs::path& dir) {
  auto text = read_key_file(dir / names::kPublic);
  if (!text.ok() && text.error().fault == Fault::kNotFound)
    return Error{Fault::kNotFound, "public.txt is missing: is this a key directory?"};
  if (!text.ok()) return text.error();
  auto half = MemberPublic::parse(*text);
  if (!half.ok()) return Error{half.error().fault, "public.txt is damaged or was changed"};
  return half;
}

}  // namespace resguardo::open
