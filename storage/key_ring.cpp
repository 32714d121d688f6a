// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/key_ring.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <map>
#include <mutex>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

#include "storage/durable_file.h"
#include "storage/key_file.h"

namespace resguardo::storage {
namespace {

constexpr std::string_view kStore = "store.key";
constexpr std::string_view kStoreNew = "store-new.key";  // both are sealed as kStore is
constexpr std::string_view kStoreOld = "store-old.key";
constexpr std::string_view kDedupe = "dedupe.key";
constexpr std::string_view kDayPrefix = "day-";
constexpr std::string_view kLinkPrefix = "link-";
constexpr std::string_view kJournalPrefix = "journal-";
constexpr std::string_view kSuffix = ".key";

std::string name_of(std::string_view prefix, Day day) {
  return std::string(prefix) + to_string(day) + std::string(kSuffix);
}

std::optional<Day> day_in(std::string_view name, std::string_view prefix = kDayPrefix) {
  if (!name.starts_with(prefix) || !name.ends_with(kSuffix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  name.remove_suffix(kSuffix.size());
  return parse_day(name);
}

Status make_key(const std::filesystem::path& file, const SecretBytes& wrapping) {
  RESGUARDO_TRY(const auto key, SecretBytes::random(kServerKeySize));
  return write_key_file(file, key, wrapping);
}

class FileKeyRing final : public KeyRing {
 public:
  FileKeyRing(std::filesystem::path folder, SecretBytes wrapping)
      : folder_(std::move(folder)), wrapping_(std::move(wrapping)) {}

  // Reads what is there; a wrong master key is noticed here.
  Status load() {
    RESGUARDO_CHECK(read_store_key());
    RESGUARDO_CHECK(read(std::string(kDedupe)));
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder_, failed), end; !failed && at != end;
         at.increment(failed)) {
      const std::string name = at->path().filename().string();
      if (day_in(name) || day_in(name, kLinkPrefix)) RESGUARDO_CHECK(read(name));
    }
    if (failed) return Error{Fault::kUnavailable, "the folder of keys cannot be read"};
    return success();
  }

  Result<SecretBytes> store_key() override { return key(std::string(kStore), false); }
  // Two renames; in between there is no store key, and settle_store_key() takes the old one back.
  Result<Replaced> replace_store_key(const SecretBytes& key) override {
    const std::lock_guard lock(mutex_);
    RESGUARDO_CHECK(shred_if_there(kStoreNew));
    RESGUARDO_CHECK(write_key_file_as(folder_ / kStoreNew, kStore, key, wrapping_));
    RESGUARDO_TRY(auto copy, key.clone());
    if (!renamed(kStore, kStoreOld)) {
      static_cast<void>(shred_if_there(kStoreNew).ok());
      return kNotReplaced;
    }
    if (!renamed(kStoreNew, kStore)) {
      const bool back = renamed(kStoreOld, kStore) && sync_directory(folder_).ok();
      return back ? Result<Replaced>(kNotReplaced) : Result<Replaced>(Replaced::kUnsure);
    }
    if (!sync_directory(folder_).ok()) return Replaced::kUnsure;
    keys_.insert_or_assign(std::string(kStore), std::move(copy));
    static_cast<void>(shred_if_there(kStoreOld).ok());  // or at the next start
    return Replaced::kSure;
  }

  Status settle_store_key() override {
    const std::lock_guard lock(mutex_);
    std::error_code ignored;
    if (!std::filesystem::exists(folder_ / kStore, ignored) && renamed(kStoreOld, kStore))
      RESGUARDO_CHECK(sync_directory(folder_));
    RESGUARDO_CHECK(read_store_key());
    RESGUARDO_CHECK(sync_directory(folder_));
    RESGUARDO_CHECK(shred_if_there(kStoreOld));
    RESGUARDO_CHECK(shred_if_there(kStoreNew));
    return shred_if_there(std::string(kStoreNew) + ".new");  // of write_new_file()
  }

  Result<SecretBytes> dedupe_key() override { return key(std::string(kDedupe), false); }
  Result<SecretBytes> journal_key(Day day) override {
    return key(name_of(kJournalPrefix, day), true);
  }
  Result<SecretBytes> day_key(Day day, bool make) override {
    return key(name_of(kDayPrefix, day), make);
  }

  std::vector<Day> live_days() override { return days_with(kDayPrefix); }
  Result<SecretBytes> link_key(Day day, bool make) override {
    return key(name_of(kLinkPrefix, day), make);
  }
  std::vector<Day> link_days() override { return days_with(kLinkPrefix); }
  Status destroy_links_before(Day day) override {
    for (const Day live : link_days())
      if (live < day) RESGUARDO_CHECK(destroy(name_of(kLinkPrefix, live)));
    return success();
  }

  Status destroy_days_before(Day day) override {
    for (const Day live : live_days())
      if (live < day) RESGUARDO_CHECK(destroy(name_of(kDayPrefix, live)));
    return success();
  }
  Status destroy_journal_key(Day day) override { return destroy(name_of(kJournalPrefix, day)); }

  Result<std::vector<Day>> journal_days() override {
    std::vector<Day> days;
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder_, failed), end; !failed && at != end;
         at.increment(failed))
      if (const auto day = day_in(at->path().filename().string(), kJournalPrefix))
        days.push_back(*day);
    if (failed) return Error{Fault::kUnavailable, "the folder of keys cannot be read"};
    return days;
  }

 private:
  static constexpr Error kNotReplaced = {Fault::kUnavailable, "the store's key cannot be replaced"};

  std::vector<Day> days_with(std::string_view prefix) {
    const std::lock_guard lock(mutex_);
    std::vector<Day> days;
    for (const auto& entry : std::views::reverse(keys_))
      if (const auto day = day_in(entry.first, prefix)) days.push_back(*day);
    return days;
  }
  bool renamed(std::string_view from, std::string_view to) const {
    return std::rename((folder_ / from).c_str(), (folder_ / to).c_str()) == 0;
  }
  Status shred_if_there(std::string_view name) const {
    std::error_code ignored;
    if (!std::filesystem::exists(folder_ / name, ignored)) return success();
    return destroy_key_file(folder_ / name);
  }
  // Also between the two renames of somebody who replaces it.
  Status read_store_key() {
    auto found = read(std::string(kStore));
    if (found.ok() || found.error().fault != Fault::kNotFound) return found;
    auto old = read_key_file_as(folder_ / kStoreOld, kStore, wrapping_);
    if (!old.ok()) return found;
    keys_.insert_or_assign(std::string(kStore), std::move(old).value());
    return success();
  }
  Status read(const std::string& name) {
    RESGUARDO_TRY(auto secret, read_key_file(folder_ / name, wrapping_));
    keys_.insert_or_assign(name, std::move(secret));
    return success();
  }

  Result<SecretBytes> key(const std::string& name, bool make) {
    const std::lock_guard lock(mutex_);
    if (!keys_.contains(name)) {
      auto found = read(name);
      if (!found.ok() && (found.error().fault != Fault::kNotFound || !make)) return found.error();
      if (!found.ok()) {
        RESGUARDO_CHECK(make_key(folder_ / name, wrapping_));
        RESGUARDO_CHECK(read(name));
      }
    }
    return keys_.at(name).clone();
  }

  Status destroy(const std::string& name) {
    const std::lock_guard lock(mutex_);
    keys_.erase(name);
    auto destroyed = destroy_key_file(folder_ / name);
    if (!destroyed.ok() && destroyed.error().fault == Fault::kNotFound) return success();
    return destroyed;
  }

  const std::filesystem::path folder_;
  const SecretBytes wrapping_;
  std::mutex mutex_;
  std::map<std::string, SecretBytes> keys_;  // a day's name sorts as the day does
};

Status make_folder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_directory(folder.parent_path());
  if (errno == EEXIST) return success();
  if (errno == ENOENT) return Error{Fault::kNotFound, "there is no such directory"};
  return Error{Fault::kUnavailable, "the folder of keys cannot be made"};
}

}  // namespace

Status KeyRing::create(const std::filesystem::path& directory, const SecretBytes& master) {
  const auto folder = directory / "keys";
  RESGUARDO_TRY(const auto wrapping, wrapping_key(master));
  RESGUARDO_CHECK(make_folder(folder));
  std::error_code ignored;
  if (std::filesystem::exists(folder / kStore, ignored) ||
      std::filesystem::exists(folder / kStoreOld, ignored))
    return Error{Fault::kConflict, "there are keys here already"};
  // The store key comes last: without it the ring is not there, and create() may be run again.
  std::filesystem::remove(folder / kDedupe, ignored);
  RESGUARDO_CHECK(make_key(folder / kDedupe, wrapping));
  return make_key(folder / kStore, wrapping);
}

Status KeyRing::restore(const std::filesystem::path& directory, const SecretBytes& master,
                        ByteView store_key_file) {
  const auto folder = directory / "keys";
  RESGUARDO_TRY(const auto wrapping, wrapping_key(master));
  RESGUARDO_CHECK(make_folder(folder));
  RESGUARDO_CHECK(make_key(folder / kDedupe, wrapping));
  RESGUARDO_CHECK(write_new_file(folder / kStore, store_key_file));
  RESGUARDO_TRY(const auto key, read_key_file(folder / kStore, wrapping));
  return success();
}

Result<std::unique_ptr<KeyRing>> KeyRing::open(const std::filesystem::path& directory,
                                               const SecretBytes& master) {
  RESGUARDO_TRY(auto wrapping, wrapping_key(master));
  auto ring = std::make_unique<FileKeyRing>(directory / "keys", std::move(wrapping));
  RESGUARDO_CHECK(ring->load());
  return std::unique_ptr<KeyRing>(std::move(ring));
}

}  // namespace resguardo::storage
