// SPDX-License-Identifier: AGPL-3.0-or-later
// The report store gets another key while turns go on: docs/adr/136.
#include <fcntl.h>
#include <unistd.h>

#include "storage/durable_file.h"
#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/files.h"

namespace resguardo::storage {
namespace {

constexpr int kMostCopies = 4;
constexpr Error kUnsureKey = {
    Fault::kUnavailable,
    "the disk did not say which of two keys of the store it keeps: restart the server"};

Status sync_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  if (!synced) return Error{Fault::kUnavailable, "the new report store cannot be synced"};
  return sync_directory(file.parent_path());
}

}  // namespace

Status EngineStore::may_change_reports() const {
  return key_unsure_ ? Status(kUnsureKey) : success();
}

Status EngineStore::suspend_moves(std::int64_t& changes) {
  RESGUARDO_CHECK(may_change_reports());
  moves_suspended_ = true;
  changes = reports_.connection().all_changes();
  return success();
}

void EngineStore::resume_moves() {
  moves_suspended_ = false;
  move_closed();
}

// A move that waits is a redo (docs/adr/023); what else writes to the report store is rare, and
// makes the copy begin anew. The key's file is what counts: until it is replaced the new file is
// nothing, and from then on the old one is.
Status EngineStore::replace_key() {
  const std::lock_guard one_at_a_time(copy_mutex_);
  if (report_readers_.has_retired())
    return Error{Fault::kUnavailable,
                 "somebody still reads the report store of before the last "
                 "rekey: try again later"};
  const auto old = reports_path_;
  const bool usual = old == reports_file(directory_);
  const auto file = usual ? reports_next_file(directory_) : reports_file(directory_);
  RESGUARDO_TRY(const auto key, SecretBytes::random(32));
  Status done = success();
  bool taken = false;
  for (int copies = 0; copies < kMostCopies && done.ok() && !taken; ++copies) {
    std::int64_t changes = 0;
    done = queue_.run([&] { return suspend_moves(changes); });
    if (done.ok()) done = remove_database(file);
    if (done.ok())
      done = report_readers_.with([&](ReportReader& reader) { return reader.copy_to(file, key); });
    if (done.ok()) done = sync_file(file);
    if (done.ok()) done = queue_.run([&] { return take_new_file(file, key, changes, taken); });
  }
  bool unsure = false;
  static_cast<void>(queue_
                        .run([&]() -> Status {
                          unsure = key_unsure_;
                          resume_moves();
                          return success();
                        })
                        .ok());
  if (unsure) return kUnsureKey;
  const Status removed = remove_database(taken ? old : file);
  RESGUARDO_CHECK(done);
  if (!taken)
    return Error{Fault::kUnavailable, "the report store was written all the time: try again later"};
  return removed;
}

// Not taken: somebody has written since the copy began.
Status EngineStore::take_new_file(const std::filesystem::path& file, const SecretBytes& key,
                                  std::int64_t changes, bool& taken) {
  if (reports_.connection().all_changes() != changes) return success();
  RESGUARDO_TRY(auto writer, reports_.beside(file, key));
  RESGUARDO_TRY(auto copy, key.clone());
  RESGUARDO_TRY(const auto replaced, keys_.replace_store_key(key));
  if (replaced == KeyRing::Replaced::kUnsure) {
    key_unsure_ = true;
    return kUnsureKey;
  }
  reports_ = std::move(writer);
  report_readers_.replace(
      [slots = slots_, file, own = std::make_shared<SecretBytes>(std::move(copy))] {
        return ReportReader::open(file, *own, slots);
      });
  reports_path_ = file;
  taken = true;
  return success();
}

}  // namespace resguardo::storage
