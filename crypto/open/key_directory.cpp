// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/key_directory.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "crypto/format/armour.h"
#include "crypto/format/plain_name.h"
#include "crypto/seal/epoch_list.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;

// The files under their names.
constexpr const char* kIdentity = "identity.key";
constexpr const char* kWrapping = "wrapping.key";
constexpr const char* kReserve = "reserve.key";
constexpr const char* kEpochs = "epochs";
constexpr const char* kList = "epoch-list.signed";
constexpr const char* kPublic = "public.txt";
constexpr std::string_view kKeySuffix = ".key";

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
  MemberId member;
  WrappingId wrapping_id;
  SecretKey<AnalystRole> identity;
  SecretBytes wrapping;
  std::map<Week, SecretKey<EpochRole>> epochs;
  SecretKey<EpochRole> reserve;
};

Result<NewKeys> make_keys(const NewKeyDirectory& wanted, RandomSource& ids) {
  RESGUARDO_TRY(auto identity, SecretKey<AnalystRole>::generate());
  RESGUARDO_TRY(auto wrapping, SecretBytes::random(32));
  RESGUARDO_TRY(auto reserve, SecretKey<EpochRole>::generate());
  NewKeys keys{
      ids.make<MemberId>(), ids.make<WrappingId>(), std::move(identity), std::move(wrapping), {},
      std::move(reserve)};
  for (std::uint32_t i = 0; i < wanted.weeks; ++i) {
    RESGUARDO_TRY(auto key, SecretKey<EpochRole>::generate());
    keys.epochs.emplace(Week{wanted.first_week.number + static_cast<std::int32_t>(i)},
                        std::move(key));
  }
  return keys;
}

Result<MemberPublic> public_half(const NewKeyDirectory& wanted, const NewKeys& keys) {
  EpochListPlan plan;
  plan.member = keys.member;
  for (const auto& [week, key] : keys.epochs) plan.keys.emplace(week, key.public_key());
  plan.reserve = keys.reserve.public_key();
  RESGUARDO_TRY(Bytes list, sign_epoch_list(plan, keys.identity));
  return MemberPublic{keys.member, wanted.label, keys.identity.public_key(), std::move(list)};
}

KeyNotice notice(KeyKind kind, const NewKeyDirectory& wanted, const NewKeys& keys) {
  KeyNotice notice;
  notice.kind = kind;
  notice.label = wanted.label;
  notice.member = keys.member;
  if (kind != KeyKind::kAnalyst) notice.wrapping = keys.wrapping_id;
  return notice;
}

Status write_identity(const fs::path& dir, const NewKeyDirectory& wanted, const NewKeys& keys,
                      const SecretBytes& passphrase) {
  KeyNotice identity = notice(KeyKind::kAnalyst, wanted, keys);
  identity.public_key = to_bytes(keys.identity.public_key().view());
  RESGUARDO_TRY(const auto locked,
                LockedKey::lock(identity, keys.identity.secret(), passphrase, wanted.cost));
  RESGUARDO_CHECK(write_synced(dir / kIdentity, locked));
  RESGUARDO_TRY(const auto wrapping, LockedKey::lock(notice(KeyKind::kWrapping, wanted, keys),
                                                     keys.wrapping, passphrase, wanted.cost));
  return write_synced(dir / kWrapping, wrapping);
}

Status write_epochs(const fs::path& dir, const NewKeyDirectory& wanted, const NewKeys& keys) {
  const fs::path epochs = dir / kEpochs;
  if (::mkdir(epochs.c_str(), S_IRWXU) != 0)
    return Error{Fault::kUnavailable, "the directory of epoch keys could not be made"};
  for (const auto& [week, key] : keys.epochs) {
    KeyNotice epoch = notice(KeyKind::kEpoch, wanted, keys);
    epoch.week = week;
    epoch.public_key = to_bytes(key.public_key().view());
    RESGUARDO_TRY(const auto text, LockedKey::lock_under(epoch, key.secret(), keys.wrapping));
    RESGUARDO_CHECK(write_synced(epochs / (to_string(week) + std::string(kKeySuffix)), text));
  }
  RESGUARDO_CHECK(sync_directory(epochs));
  KeyNotice reserve = notice(KeyKind::kReserve, wanted, keys);
  reserve.public_key = to_bytes(keys.reserve.public_key().view());
  RESGUARDO_TRY(const auto text,
                LockedKey::lock_under(reserve, keys.reserve.secret(), keys.wrapping));
  return write_synced(dir / kReserve, text);
}

}  // namespace

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
  RESGUARDO_TRY(MemberPublic half, public_half(wanted, keys));
  RESGUARDO_CHECK(write_identity(partial.path(), wanted, keys, passphrase));
  RESGUARDO_CHECK(write_epochs(partial.path(), wanted, keys));
  RESGUARDO_CHECK(
      write_synced(partial.path() / kList, armour(ArmourKind::kEpochList, half.epoch_list)));
  RESGUARDO_CHECK(write_synced(partial.path() / kPublic, half.text()));
  RESGUARDO_CHECK(partial.name_it());
  return half;
}

Result<MemberPublic> read_public(const fs::path& dir) {
  auto text = read_key_file(dir / kPublic);
  if (!text.ok() && text.error().fault == Fault::kNotFound)
    return Error{Fault::kNotFound, "public.txt is missing: is this a key directory?"};
  if (!text.ok()) return text.error();
  auto half = MemberPublic::parse(*text);
  if (!half.ok()) return Error{half.error().fault, "public.txt is damaged or was changed"};
  return half;
}

}  // namespace resguardo::open
