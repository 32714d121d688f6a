// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "crypto/format/armour.h"
#include "crypto/open/key_change.h"
#include "crypto/open/key_directory_parts.h"
#include "crypto/seal/epoch_list.h"
#include "proto/roster.pb.h"

namespace resguardo::open {
namespace {

namespace fs = std::filesystem;

Result<EpochListContent> list_of(const MemberPublic& half) {
  pb::SignedMessage message;
  message.ParseFromArray(half.epoch_list.data(), static_cast<int>(half.epoch_list.size()));
  return verify_epoch_list(message, half.key);
}

// The weeks that still matter, as the list has them.
EpochListPlan plan_after(const EpochListContent& list, Week current) {
  EpochListPlan plan{list.member, list.number + 1, list.digest, {}, list.reserve};
  for (const auto& [week, key] : list.keys)
    if (week >= current) plan.keys.emplace(week, key);
  return plan;
}

bool has_file(const fs::path& dir, Week week) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(dir / epoch_file_name(week), ignored));
}

// Keys for the weeks that the list lacks, into the change and the plan.
Status add_weeks(const fs::path& dir, const KeyDirectoryParts& parts, Week from, Week until,
                 EpochListPlan& plan, KeyChange& change) {
  for (Week week = from; week <= until; ++week.number) {
    if (has_file(dir, week))
      return Error{Fault::kConflict,
                   "epochs/ has a key of a week that the list does not have: move it away"};
    RESGUARDO_TRY(const auto key, SecretKey<EpochRole>::generate());
    RESGUARDO_TRY(const auto text, lock_epoch(key, parts.label, week, parts.wrapping));
    RESGUARDO_CHECK(change.put(epoch_file_name(week), text));
    plan.keys.emplace(week, key.public_key());
  }
  return success();
}

// What was written opens, and is the same.
Status check_written(const fs::path& folder, const KeyDirectoryParts& parts, Week retired,
                     const SecretBytes& passphrase) {
  const Error damaged{Fault::kUnavailable,
                      "the new key files cannot be read back: nothing changed"};
  RESGUARDO_TRY(const Bytes text, read_key_file(folder / key_names::kWrapping));
  RESGUARDO_TRY(const auto file, LockedKey::parse(text));
  RESGUARDO_TRY(const auto wrapping, file.unlock(passphrase));
  const auto same = [&](const fs::path& name, const SecretKey<EpochRole>& key) {
    const auto written = read_key_file(folder / name);
    if (!written.ok()) return false;
    const auto locked = LockedKey::parse(*written);
    if (!locked.ok()) return false;
    auto secret = locked->unlock_under(wrapping);
    if (!secret.ok()) return false;
    const auto again = SecretKey<EpochRole>::from_secret(std::move(secret).value());
    return again.ok() && again->public_key() == key.public_key();
  };
  for (const Week week : parts.weeks)
    if (week != retired && !same(epoch_file_name(week), *parts.keys.epoch(week))) return damaged;
  if (parts.keys.reserve() != nullptr && !same(key_names::kReserve, *parts.keys.reserve()))
    return damaged;
  return success();
}

Status put_rewrapped(const KeyDirectoryParts& parts, Week retired, const SecretBytes& passphrase,
                     RandomSource& ids, KeyChange& change) {
  RESGUARDO_TRY(auto key, SecretBytes::random(parts.wrapping.key.size()));
  const Wrapping fresh{parts.wrapping.member, ids.make<WrappingId>(), std::move(key)};
  KeyNotice notice;
  notice.kind = KeyKind::kWrapping;
  notice.label = parts.label;
  notice.member = fresh.member;
  notice.wrapping = fresh.id;
  RESGUARDO_TRY(const auto locked, LockedKey::lock(notice, fresh.key, passphrase, parts.cost));
  RESGUARDO_CHECK(change.put(key_names::kWrapping, locked));
  for (const Week week : parts.weeks) {
    if (week == retired) continue;
    RESGUARDO_TRY(const auto text, lock_epoch(*parts.keys.epoch(week), parts.label, week, fresh));
    RESGUARDO_CHECK(change.put(epoch_file_name(week), text));
  }
  if (parts.keys.reserve() == nullptr) return success();
  RESGUARDO_TRY(const auto text,
                lock_epoch(*parts.keys.reserve(), parts.label, std::nullopt, fresh));
  return change.put(key_names::kReserve, text);
}

}  // namespace

Result<MemberPublic> extend_key_directory(const fs::path& dir, const SecretBytes& passphrase,
                                          Week current, std::uint32_t weeks) {
  if (weeks < 1 || weeks > kMaxEpochKeys)
    return Error{Fault::kRefused, "keys are made for 1 to 160 weeks"};
  RESGUARDO_TRY(const auto held, KeyDirectoryLock::take(dir));
  RESGUARDO_TRY(const auto parts, unlock_parts(dir, passphrase));
  RESGUARDO_TRY(auto half, read_public(dir));
  if (half.key != parts.keys.identity().public_key())
    return Error{Fault::kUnauthentic, "public.txt is of other keys"};
  RESGUARDO_TRY(const auto list, list_of(half));
  EpochListPlan plan = plan_after(list, current);
  const Week from{std::max(list.keys.rbegin()->first.number + 1, current.number)};
  const Week until{current.number + static_cast<std::int32_t>(weeks) - 1};
  if (until < from) return Error{Fault::kConflict, "the keys reach that far already"};
  RESGUARDO_TRY(auto change, KeyChange::begin(dir));
  RESGUARDO_CHECK(add_weeks(dir, parts, from, until, plan, change));
  const fs::path before =
      fs::path(key_names::kHistory) / ("public-" + std::to_string(list.number) + ".txt");
  RESGUARDO_CHECK(change.put(before, half.text()));
  RESGUARDO_TRY(half.epoch_list, sign_epoch_list(plan, parts.keys.identity()));
  RESGUARDO_CHECK(change.put(key_names::kList, armour(ArmourKind::kEpochList, half.epoch_list)));
  RESGUARDO_CHECK(change.put(key_names::kPublic, half.text()));
  RESGUARDO_CHECK(change.commit());
  return half;
}

Status retire_week(const fs::path& dir, const SecretBytes& passphrase, Week week,
                   RandomSource& ids) {
  RESGUARDO_TRY(const auto held, KeyDirectoryLock::take(dir));
  RESGUARDO_TRY(const auto parts, unlock_parts(dir, passphrase));
  if (parts.keys.epoch(week) == nullptr)
    return Error{Fault::kNotFound, "there is no key of this week: it was retired already"};
  RESGUARDO_TRY(auto change, KeyChange::begin(dir));
  RESGUARDO_CHECK(put_rewrapped(parts, week, passphrase, ids, change));
  RESGUARDO_CHECK(check_written(change.path(), parts, week, passphrase));
  return change.commit();
}

}  // namespace resguardo::open
