// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/restored_store.h"

#include <fstream>

#include "bot/backup/backup_file.h"
#include "bot/backup/slots_copy.h"
#include "bot/backup/unpacked.h"
#include "bot/commands/acknowledgements.h"
#include "bot/commands/archive.h"
#include "bot/commands/log_days.h"
#include "bot/commands/log_key_file.h"
#include "bot/commands/log_restart.h"
#include "bot/commands/secrets.h"
#include "bot/commands/sources.h"
#include "crypto/log/log_entry.h"
#include "crypto/session/master_key.h"
#include "program/output_file.h"
#include "proto/roster.pb.h"
#include "storage/durable_file.h"
#include "storage/sqlcipher/engine.h"
#include "storage/sqlcipher/restored.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::at;
using program::Outcome;
using program::Problem;

constexpr std::size_t kErasedAgainTogether = 64;
constexpr std::size_t kLargestCheckpoint = 128UL * 1024;
constexpr const char* kAnotherCopy = "take another copy of it, or an older backup";

class Restoring {
 public:
  Restoring(fs::path draft, const RestoreOptions& options, const config::Config& config,
            TimePoint now)
      : draft_(std::move(draft)), options_(options), config_(config), now_(now) {}

  Outcome<Restored> run() {
    RESGUARDO_TRY(held_, held_checkpoint());
    RESGUARDO_TRY(master_, program::of_configuration(read_master_key(config_.store)));
    RESGUARDO_TRY(const Bytes log_public, unpack());
    RESGUARDO_CHECK(take_slots(log_public));
    RESGUARDO_TRY(keys_, at(backup(), storage::KeyRing::open(draft_, *master_)));
    RESGUARDO_TRY(store_, at(backup(), storage::open_store({.directory = draft_, .today = today()},
                                                           *keys_, random_)));
    RESGUARDO_TRY(const auto old_key, at(backup(), public_key(log_public)));
    RESGUARDO_TRY(const auto old,
                  at(backup(), read_old_log(*store_, contents_.log_origin, old_key), kAnotherCopy));
    RESGUARDO_TRY(const auto end, judge_end(old, held_, old_key));
    RESGUARDO_CHECK(check_clock(old));
    RESGUARDO_CHECK(erase_again());
    RESGUARDO_CHECK(take_rosters());
    RESGUARDO_CHECK(begin_log(end));
    return std::move(done_);
  }

 private:
  std::string backup() const { return options_.backup.string(); }
  Day today() const { return day_of(now_); }

  Outcome<HeldCheckpoint> held_checkpoint() const {
    HeldCheckpoint held;
    held.none_newer = options_.none_newer;
    if (!options_.checkpoint) return held;
    held.where = options_.checkpoint->string();
    RESGUARDO_TRY(const Bytes text, program::read_file(*options_.checkpoint, kLargestCheckpoint));
    held.text = to_string(text);
    return held;
  }

  static Result<PublicKey<LogRole>> public_key(ByteView file) {
    std::string line = to_string(file);
    if (!line.empty() && line.back() == '\n') line.pop_back();
    RESGUARDO_TRY(const Bytes bytes, parse_hex(line));
    return PublicKey<LogRole>::from_bytes(bytes);
  }

  // The public log key of the server that was. Nothing of the backup is believed before its seal.
  Outcome<Bytes> unpack() {
    RESGUARDO_TRY(const auto key,
                  at("the master key", derive_from_master(*master_, MasterUse::kBackup, 0)));
    std::ifstream in(options_.backup, std::ios::binary);
    if (!in) return Problem{backup(), "cannot be read", "check the path and its permissions"};
    backup::Unpacked files(draft_, today());
    auto read = backup::read_backup(in, &key, files);
    if (!read.ok() && read.error().fault == Fault::kUnauthentic)
      return program::problem(read.error(), backup(),
                              "give the master key of the server that made it");
    RESGUARDO_TRY(contents_, at(backup(), std::move(read), kAnotherCopy));
    RESGUARDO_CHECK(at(backup(), files.finish(), kAnotherCopy));
    RESGUARDO_CHECK(
        at(backup(), storage::KeyRing::restore(draft_, *master_, files.store_key_file())));
    done_.backup = contents_.day;
    return files.log_public_key();
  }

  Outcome<Done> take_slots(ByteView log_public) const {
    const fs::path slots =
        options_.slots.value_or(options_.backup.parent_path() / backup::slots_name(log_public));
    std::error_code failed;
    if (!fs::is_regular_file(slots, failed))
      return Problem{slots.string(), "is missing: without it no report of the backup opens",
                     "put the newest copy of it beside the backup, or name it with --slots"};
    fs::copy_file(slots, draft_ / "slots", failed);
    if (!failed)
      fs::permissions(draft_ / "slots", fs::perms::owner_read | fs::perms::owner_write, failed);
    if (failed)
      return Problem{slots.string(), "cannot be copied: " + failed.message(), "make room"};
    return Done{};
  }

  // What is dated before the log would never be believed.
  Outcome<Done> check_clock(const OldLog& old) const {
    if (today() >= contents_.day && today() >= old.day) return Done{};
    return Problem{"the clock",
                   "says " + to_string(today()) + ", and the backup is of " +
                       to_string(std::max(contents_.day, old.day)),
                   "set the clock of this machine"};
  }

  // What ended after the backup ends here too, before anybody is served; the log says so.
  Outcome<Done> erase_again() {
    RESGUARDO_TRY(const auto keyless, at(backup(), storage::keyless_reports(draft_, *keys_)));
    RESGUARDO_TRY(const auto all, at(backup(), store_->reports()));
    done_.damaged = keyless.damaged.size();
    done_.erased = keyless.erased.size();
    done_.reports = all.size() - done_.erased;
    if (done_.erased != options_.erased.value_or(0))
      return Problem{"--erased",
                     std::to_string(done_.erased) + " of " + std::to_string(all.size()) +
                         " reports of the backup have no key in the slots: they were erased since, "
                         "or these slots are an older copy",
                     "if so many were withdrawn or had expired, give --erased " +
                         std::to_string(done_.erased) + "; else find the newest slots"};
    if (done_.damaged != options_.damaged.value_or(0))
      return Problem{"--damaged",
                     std::to_string(done_.damaged) + " of " + std::to_string(all.size()) +
                         " reports of the backup have a key that cannot be read: these slots are "
                         "damaged or cut short",
                     "find a whole copy of the slots; if there is none, give --damaged " +
                         std::to_string(done_.damaged) + " and lose those reports"};
    RESGUARDO_TRY(const auto digests, at(backup(), logged_digests()));
    std::vector<storage::Erasure> some;
    for (const ReportId& report : keyless.erased) {
      LogFact fact;
      fact.kind = LogKind::kExpired;
      fact.id = to_bytes(report.view());
      fact.day = today();
      if (const auto known = digests.find(report); known != digests.end())
        fact.digest = known->second;
      some.push_back({report, today(), make_log_entry(fact, random_)});
      if (some.size() < kErasedAgainTogether && report != keyless.erased.back()) continue;
      RESGUARDO_CHECK(at(backup(), store_->erase(some)));
      some.clear();
    }
    return Done{};
  }

  // Of each report what the log said of it whole: its header cannot be read any more. What was
  // added to it later is not in that.
  Result<std::map<ReportId, Digest>> logged_digests() const {
    std::map<ReportId, Digest> digests;
    const auto note = [&](ByteView entry) -> Status {
      RESGUARDO_TRY(const auto fact, parse_log_entry(entry));
      const bool whole = fact.kind == LogKind::kReport || fact.kind == LogKind::kIncomplete;
      if (const auto report = ReportId::from(fact.id); report && whole)
        digests[*report] = fact.digest;
      return success();
    };
    RESGUARDO_TRY(const auto last, store_->last_checkpoint());
    if (last)
      RESGUARDO_CHECK(store_->logged(0, last->size,
                                     [&](std::uint64_t, ByteView entry) { return note(entry); }));
    RESGUARDO_TRY(const auto waiting, store_->log_entries());
    for (const Bytes& entry : waiting) RESGUARDO_CHECK(note(entry));
    return digests;
  }

  // Each must follow the one before, beginning with the one that the backup remembers: one below
  // is refused. The configured file comes last, as `serve` will read it.
  Outcome<Done> take_rosters() {
    RESGUARDO_TRY(const auto root, program::of_configuration(root_key(config_)));
    for (const fs::path& file : options_.rosters) {
      RESGUARDO_TRY(const Bytes bytes, program::read_file(file, kLongestRoster));
      RESGUARDO_TRY(const auto anchor, stored_anchor(*store_));
      RESGUARDO_TRY(const auto roster,
                    at(file.string(), VerifiedRoster::verify(bytes, root, TimePoint(), anchor),
                       "give all that are newer than the backup, in their order"));
      RESGUARDO_CHECK(accept_roster(roster, anchor, *store_, today(), random_));
    }
    RESGUARDO_TRY(const auto kept_rosters, at(backup(), kept(*store_, Kept::kRoster)));
    std::error_code failed;
    if (!fs::exists(config_.roster.path, failed) && !kept_rosters.empty())
      RESGUARDO_CHECK(program::write_new_file(config_.roster.path, kept_rosters.back()));
    const auto loaded = load_roster(config_, store_.get(), now_, RosterUse::kAccept, random_);
    if (!loaded.ok()) return loaded.error();
    return forget_sizes(kept_rosters);
  }

  Outcome<Done> forget_sizes(const std::vector<Bytes>& rosters) {
    std::vector<MemberId> members;
    for (const Bytes& file : rosters) {
      pb::RosterFile parsed;
      pb::Roster roster;
      if (!parsed.ParseFromArray(file.data(), static_cast<int>(file.size())) ||
          !roster.ParseFromString(parsed.roster().message()))
        continue;
      for (const auto& member : roster.members())
        if (const auto id = MemberId::from(as_bytes(member.id()))) members.push_back(*id);
    }
    return at(backup(), forget_log_sizes(*store_, members));
  }

  Outcome<Done> begin_log(const LogEnd& end) {
    if (!end.note.empty()) {
      RESGUARDO_TRY(const auto note, at(backup(), parse_checkpoint(end.note)));
      done_.old_origin = note.checkpoint.origin;
      RESGUARDO_CHECK(at(backup(), end_log(*store_, note.checkpoint.origin)));
    }
    RESGUARDO_CHECK(at(backup(), end_log(*store_, contents_.log_origin)));
    // Every roster of before names another key: also that of a server restored from this backup
    // before, whose log was another.
    RESGUARDO_CHECK(at(backup(), end_logs_of_rosters(*store_)));
    done_.lost = end.lost;
    done_.old_size = end.size;
    RESGUARDO_TRY(const auto entries,
                  at(backup(), entries_of_new_log(*store_, end, today(), random_)));
    store_.reset();
    RESGUARDO_CHECK(at(backup(), storage::begin_log_anew(draft_, *keys_, today(), entries)));
    RESGUARDO_TRY(const auto key, at(backup(), create_log_key(draft_, *master_)));
    done_.log_key = to_hex(key.public_key().view());
    done_.fingerprint = fingerprint(key.public_key());
    return Done{};
  }

  const fs::path draft_;
  const RestoreOptions& options_;
  const config::Config& config_;
  const TimePoint now_;
  SystemRandom random_;
  HeldCheckpoint held_;
  std::optional<SecretBytes> master_;
  std::unique_ptr<storage::KeyRing> keys_;
  std::unique_ptr<storage::Store> store_;
  backup::BackupContents contents_;
  Restored done_;
};

}  // namespace

Outcome<Restored> restore_into(const fs::path& draft, const RestoreOptions& options,
                               const config::Config& config, TimePoint now) {
  return Restoring(draft, options, config, now).run();
}

}  // namespace resguardo::commands
