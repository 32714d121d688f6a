// SPDX-License-Identifier: AGPL-3.0-or-later
// What a backup takes from the engine (storage/backup_store.h). The writer goes on meanwhile.
#include <algorithm>
#include <array>
#include <fstream>

#include "crypto/base/sha256.h"
#include "storage/media_losses.h"
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
  RESGUARDO_CHECK(send_file(copy.file, sink));
  return send_media(sink);
}

// Of what is stored now: what came since the copy is nobody's there, and goes when that is opened.
// What is gone was erased, or the disk lost it: the rest is worth keeping all the same.
Status EngineStore::send_media(BackupSink& sink) {
  RESGUARDO_TRY(const auto all,
                report_readers_.with([](ReportReader& reader) { return reader.all_media(); }));
  auto* const losses = dynamic_cast<MediaLosses*>(&sink);
  for (const StoredMedia& one : all) {
    Sha256 digest;
    const Status sent =
        media_files_.chunks(one.media, [&](std::uint64_t index, ByteView sealed) -> Status {
          if (index == 0)
            RESGUARDO_CHECK(sink.begin(std::string("media/").append(media_file_name(one.media))));
          digest.add(sealed);
          return sink.write(sealed);
        });
    if (!sent.ok() && sent.error().fault != Fault::kNotFound) return sent;
    if (losses == nullptr || (sent.ok() && digest.finish() == one.ciphertext)) continue;
    RESGUARDO_TRY(const auto wanted, media(one.report));  // not if it was erased meanwhile
    if (std::ranges::find(wanted, one.media, &StoredMedia::media) == wanted.end()) continue;
    sent.ok() ? losses->changed() : losses->missing();
  }
  return success();
}

Status EngineStore::copy_slots(BackupSink& sink) {
  // A copy of damaged slots would take the place of good ones, for all backups.
  RESGUARDO_CHECK(
      report_readers_.with([](ReportReader& reader) { return reader.find_all_keys(); }));
  RESGUARDO_CHECK(sink.begin("slots"));
  return slots_->copy_to([&](ByteView cell) { return sink.write(cell); });
}

}  // namespace resguardo::storage
