// SPDX-License-Identifier: AGPL-3.0-or-later
// What a backup takes from the engine (storage/backup_store.h). The writer goes on meanwhile.
#include <array>
#include <fstream>

#include "storage/sqlcipher/engine_store.h"
#include "storage/sqlcipher/files.h"

namespace resguardo::storage {
namespace {

constexpr std::size_t kPiece = 64UL * 1024;

Status send_file(const std::filesystem::path& file, BackupSink& sink) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{Fault::kUnavailable, "a file of the store cannot be read"};
  std::vector<char> piece(kPiece);
  while (in.read(piece.data(), kPiece) || in.gcount() > 0)
    RESGUARDO_CHECK(sink.write(as_bytes({piece.data(), static_cast<std::size_t>(in.gcount())})));
  if (in.bad()) return Error{Fault::kUnavailable, "the copy of the report store cannot be read"};
  return success();
}

// The copy goes with the object, whatever became of it.
struct Copy {
  explicit Copy(std::filesystem::path path) : file(std::move(path)) {}
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() { static_cast<void>(remove_database(file)); }
  const std::filesystem::path file;
};

}  // namespace

Status EngineStore::copy_reports(BackupSink& sink) {
  wait_for_moves();
  const std::lock_guard one_at_a_time(copy_mutex_);
  const Copy copy(reports_copy_file(directory_));
  RESGUARDO_CHECK(remove_database(copy.file));  // of a backup that was cut short
  RESGUARDO_CHECK(queue_.run([this] { return may_change_reports(); }));
  RESGUARDO_TRY(const auto key, keys_.store_key());
  RESGUARDO_CHECK(
      report_readers_.with([&](ReportReader& reader) { return reader.copy_to(copy.file, key); }));
  RESGUARDO_CHECK(sink.begin("keys/store.key"));
  RESGUARDO_CHECK(send_file(directory_ / "keys/store.key", sink));
  RESGUARDO_CHECK(sink.begin("reports.db"));
  return send_file(copy.file, sink);
}

Status EngineStore::copy_slots(BackupSink& sink) {
  // A copy of damaged slots would take the place of good ones, for all backups.
  RESGUARDO_CHECK(
      report_readers_.with([](ReportReader& reader) { return reader.find_all_keys(); }));
  RESGUARDO_CHECK(sink.begin("slots"));
  return slots_->copy_to([&](ByteView cell) { return sink.write(cell); });
}

}  // namespace resguardo::storage
