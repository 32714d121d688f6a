// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/backup/backup_file.h"

#include <boost/json.hpp>
#include <fstream>

#include "bot/backup/slots_copy.h"
#include "bot/commands/commands.h"
#include "bot/commands/operations.h"
#include "program/output_file.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::Outcome;
using program::OutputFile;
using program::Problem;

struct BackedUp {
  backup::BackupContents contents;
  fs::path slots;
  std::uint64_t missing = 0;  // of files that reporters sent
  std::uint64_t changed = 0;
};

constexpr std::size_t kLongestLogKey = 4096;

// The file that the backups of this server in that folder share.
Outcome<fs::path> slots_path(const config::Config& config, const fs::path& out) {
  RESGUARDO_TRY(const auto log_key,
                program::read_file(config.store.directory / "log.pub", kLongestLogKey));
  return out.parent_path() / backup::slots_name(log_key);
}

// Nothing is kept of it: that every frame is whole is what is looked at.
class Nowhere final : public storage::BackupSink {
 public:
  Status begin(std::string_view) override { return success(); }
  Status write(ByteView) override { return success(); }
};

Outcome<backup::BackupContents> read_back(const fs::path& draft, const fs::path& out) {
  std::ifstream in(draft, std::ios::binary);
  Nowhere nowhere;
  return program::at(out.string(), backup::read_backup(in, nullptr, nowhere),
                     "the disk may be failing; nothing was kept");
}

// Slots first: they fit every older backup, and no backup may be newer than they are.
Outcome<BackedUp> write_copy(const BackupOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  BackedUp done;
  RESGUARDO_TRY(done.slots, slots_path(config, options.out));
  RESGUARDO_TRY(auto file, OutputFile::create(options.out));
  RESGUARDO_TRY(auto slots, backup::SlotsReplacement::create(done.slots));
  pb::ControlRequest request;
  request.mutable_backup();
  const auto result =
      perform_or_ask(config, request, [&](std::uint32_t part) -> Result<std::ostream*> {
        return part == 0 ? &file.stream() : &slots.stream();
      });
  if (!result.ok()) {
    Problem problem = result.error();
    if (problem.where.empty()) problem.where = options.out.string();
    return problem;
  }
  RESGUARDO_CHECK(file.sync());
  RESGUARDO_TRY(done.contents, read_back(file.draft(), options.out));
  const auto digest = Digest::from(as_bytes(result->backup().slots_digest()));
  if (!digest || done.slots.filename() != result->backup().slots_name())
    return Problem{done.slots.string(), "belongs to another server", "see [store] directory"};
  done.missing = result->backup().media_missing();
  done.changed = result->backup().media_changed();
  RESGUARDO_CHECK(slots.commit(*digest));
  RESGUARDO_CHECK(file.commit());
  return done;
}

// Files that the disk lost, and that an older backup may have. Nothing: there are none.
std::string loss_of(const BackedUp& done) {
  if (done.missing + done.changed == 0) return "";
  return "of the files that reporters sent " + std::to_string(done.missing) +
         " are missing and so not in this backup, and " + std::to_string(done.changed) +
         " are not as they were written; keep the older backup that has them, and see `check "
         "--deep`";
}

boost::json::object backup_json(const BackedUp& done, const BackupOptions& options) {
  boost::json::array warnings;
  if (const auto loss = loss_of(done); !loss.empty()) warnings.emplace_back(loss);
  return {{"backup", options.out.string()}, {"slots", done.slots.string()},
          {"bytes", done.contents.bytes},   {"media_missing", done.missing},
          {"media_changed", done.changed},  {"warnings", std::move(warnings)}};
}

std::string backup_text(const BackedUp& done, const BackupOptions& options) {
  const auto loss = loss_of(done);
  return "Wrote " + options.out.string() + ": " + std::to_string(done.contents.bytes) +
         " bytes, read back" + (loss.empty() ? " and whole" : "") +
         ". Conversations that are open are not in it.\n" +
         (loss.empty() ? "" : "WARNING: " + loss + ".\n") + "Replaced " + done.slots.string() +
         ": all backups of this server need it, and it is why\n"
         "what was erased cannot be read from the older ones. Keep one copy of it, the "
         "newest, beside them.\n";
}

}  // namespace

program::ExitCode back_up(const BackupOptions& options, program::Console& console) {
  const auto done = write_copy(options);
  if (!done.ok()) return console.fail(done.error());
  if (console.json()) {
    console.print(backup_json(*done, options));
  } else {
    console.print(backup_text(*done, options));
  }
  return console.finish();
}

}  // namespace resguardo::commands
