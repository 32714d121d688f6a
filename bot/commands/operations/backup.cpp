// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/backup_file.h"
#include "bot/backup/slots_copy.h"
#include "bot/commands/log_days.h"
#include "bot/commands/operations.h"
#include "crypto/session/master_key.h"
#include "program/output_file.h"
#include "storage/media_losses.h"

namespace resguardo::commands {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

constexpr std::size_t kLongestKeyFile = 4096;
constexpr const char* kMend = "make room: the data directory needs as much again as reports.db";

// What opens the databases again, still wrapped by the master key; and the log's name for its own.
constexpr std::array kKeyFiles = {"keys/log.key", "log.pub"};  // the store's comes with it

// The slots in the stream, and what their copy must be.
class SentSlots final : public storage::BackupSink {
 public:
  explicit SentSlots(std::ostream& out) : out_(out) {}
  Status begin(std::string_view) override { return success(); }
  Status write(ByteView piece) override {
    digest_.add(piece);
    out_.write(as_text(piece).data(), static_cast<std::streamsize>(piece.size()));
    if (!out_) return Error{Fault::kUnavailable, "the copy of the slots could not be sent"};
    return success();
  }
  const Digest& digest() const { return digest_.value(); }

 private:
  std::ostream& out_;
  backup::SlotsDigest digest_;
};

// The reports on their way, and what is told of files that cannot come along.
class SentReports final : public storage::BackupSink, public storage::MediaLosses {
 public:
  SentReports(backup::BackupWriter& writer, pb::ControlResult::Backup& told)
      : writer_(writer), told_(told) {}
  Status begin(std::string_view name) override { return writer_.begin(name); }
  Status write(ByteView piece) override { return writer_.write(piece); }
  void missing() override { told_.set_media_missing(told_.media_missing() + 1); }
  void changed() override { told_.set_media_changed(told_.media_changed() + 1); }

 private:
  backup::BackupWriter& writer_;
  pb::ControlResult::Backup& told_;
};

Outcome<Done> add_keys(const Owner& owner, backup::BackupWriter& writer) {
  const auto& directory = owner.config.store.directory;
  for (const char* name : kKeyFiles) {
    RESGUARDO_TRY(const auto bytes, program::read_file(directory / name, kLongestKeyFile));
    RESGUARDO_CHECK(at("", writer.begin(name)));
    RESGUARDO_CHECK(at("", writer.write(bytes)));
  }
  return Done{};
}

Outcome<Done> write_backup(const Owner& owner, std::ostream& out, pb::ControlResult::Backup& told) {
  RESGUARDO_TRY(const auto key, at("the master key", derive_from_master(owner.installation.master,
                                                                        MasterUse::kBackup, 0)));
  RESGUARDO_TRY(const auto origin, at("the store", log_origin(owner.store())));
  backup::BackupWriter writer(out, key);
  RESGUARDO_CHECK(at("", writer.header(day_of(owner.now), origin)));
  RESGUARDO_CHECK(add_keys(owner, writer));
  SentReports reports(writer, told);
  RESGUARDO_CHECK(at("", owner.store().copy_reports(reports), kMend));
  return at("", writer.finish());
}

Outcome<std::ostream*> begin_part(const control::NextPart& next, std::uint32_t part) {
  return at("", next(part));
}

}  // namespace

// The slots after the store: they may know of more reports, and never of fewer.
operations::Result operations::backup(const Owner& owner, const control::NextPart& next) {
  const auto& directory = owner.config.store.directory;
  pb::ControlResult result;
  RESGUARDO_TRY(auto* const out, begin_part(next, 0));
  RESGUARDO_CHECK(write_backup(owner, *out, *result.mutable_backup()));
  RESGUARDO_TRY(auto* const slots, begin_part(next, 1));
  SentSlots sent(*slots);
  RESGUARDO_CHECK(at((directory / "slots").string(), owner.store().copy_slots(sent),
                     "no backup is made, and the copy that is there stays: it may be the good "
                     "one; keep it and this directory"));
  RESGUARDO_TRY(const auto log_key, program::read_file(directory / "log.pub", kLongestKeyFile));
  result.mutable_backup()->set_slots_name(resguardo::backup::slots_name(log_key));
  result.mutable_backup()->set_slots_digest(sent.digest().str());
  return result;
}

}  // namespace resguardo::commands
