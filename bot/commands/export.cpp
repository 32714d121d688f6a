// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "bot/commands/bundle_export.h"
#include "bot/commands/commands.h"
#include "bot/commands/installation.h"
#include "bot/commands/log_days.h"
#include "bot/commands/log_key_file.h"
#include "bot/intake/epochs.h"
#include "program/output_file.h"

namespace resguardo::commands {
namespace {

namespace fs = std::filesystem;
using program::at;
using program::Outcome;
using program::OutputFile;
using program::Problem;

constexpr std::uint32_t kMostParts = 999;

struct Exported {
  ExportTotals totals;
  std::vector<fs::path> files;
  std::optional<storage::StoredCheckpoint> checkpoint;
  std::string no_checkpoint;  // of today, and why; empty: there is one
};

fs::path part_path(const fs::path& out, std::uint32_t part) {
  std::array<char, 8> suffix{};
  std::snprintf(suffix.data(), suffix.size(), ".%03u", part + 1);
  return out.string() + suffix.data();
}

// Parts of an older export under the same name would be taken for parts of this one.
Outcome<Done> no_part_is_there(const fs::path& out) {
  std::error_code ignored;
  for (std::uint32_t part = 0; part < kMostParts; ++part)
    if (fs::exists(fs::symlink_status(part_path(out, part), ignored)))
      return Problem{part_path(out, part).string(), "exists already",
                     "give another name or move the old parts away"};
  return Done{};
}

Outcome<Done> large_enough(const ExportOptions& options, storage::Store& store, TimePoint now,
                           const ExportScope& scope) {
  if (!options.split) return Done{};
  RESGUARDO_TRY(const auto least, at(options.config.string(), smallest_part(store, now, scope)));
  if (*options.split >= least) return Done{};
  return program::usage_problem("--split",
                                std::to_string(*options.split) +
                                    " bytes are too few for the largest segment, which is in "
                                    "one part, beside the rosters, forms and the log",
                                "give at least " + std::to_string(least));
}

// Parts as drafts: all of them are named at the end, or none.
class PartFiles {
 public:
  explicit PartFiles(const ExportOptions& options) : options_(options) {}

  Result<std::ostream*> next(std::uint32_t part) {
    if (!finish_last()) return Error{Fault::kUnavailable, "a part could not be written"};
    if (part >= kMostParts) return Error{Fault::kRefused, "there would be more than 999 parts"};
    auto file = OutputFile::create(options_.split ? part_path(options_.out, part) : options_.out);
    if (!file.ok()) {
      problem_ = file.error();
      return Error{Fault::kUnavailable, "a part could not be made"};
    }
    files_.push_back(std::move(file).value());
    return &files_.back().stream();
  }
  // What happened to a file, told better than a library can.
  Problem explained(const Error& error) const {
    return problem_ ? *problem_
                    : program::problem(error, options_.out.string(),
                                       options_.split ? "make room, or give a larger SIZE"
                                                      : "make room, or use --split SIZE where "
                                                        "files may not be that large");
  }
  Outcome<std::vector<fs::path>> commit() {
    std::vector<fs::path> paths;
    for (const OutputFile& file : files_) paths.push_back(file.path());
    RESGUARDO_CHECK(program::commit_all(std::move(files_)));
    return paths;
  }

 private:
  bool finish_last() {
    if (files_.empty()) return true;
    const auto closed = files_.back().close();
    if (!closed.ok()) problem_ = closed.error();
    return closed.ok();
  }
  const ExportOptions& options_;
  std::vector<OutputFile> files_;
  std::optional<Problem> problem_;
};

// What the analysts have: the checkpoint that the file holds, if this log made it.
Outcome<ExportScope> scope_of(const ExportOptions& options, storage::Store& store,
                              const LogKey& key) {
  ExportScope scope;
  if (!options.since) return scope;
  RESGUARDO_TRY(const auto note, program::read_file(*options.since, kMaxNote));
  RESGUARDO_TRY(scope.since, at(options.since->string(), own_checkpoint(store, key, as_text(note)),
                                "give what `resguardo-analyst log show` printed for this server"));
  return scope;
}

// A checkpoint is for ever: under a clock that the bot would not believe there is none.
Status close_day(storage::Store& store, const LogKey& key, TimePoint now) {
  RESGUARDO_TRY(const auto epochs, intake::stored_epochs(store));
  if (epochs && intake::clock_state(epochs->epoch.day, now) != intake::ClockState::kBelieved)
    return Error{Fault::kStale, "this machine's clock is not believed (resguardo-bot clock)"};
  RESGUARDO_CHECK(intake::log_closed_week(store));
  return close_log_day(store, key, day_of(now));
}

Outcome<Exported> run(const ExportOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  SystemRandom ids;
  const TimePoint now = SystemClock().now();
  PartFiles files(options);
  PartPlan plan;
  plan.next = [&files](std::uint32_t part) { return files.next(part); };
  if (options.split) {
    RESGUARDO_CHECK(no_part_is_there(options.out));
    plan.bytes = *options.split;
  } else {
    RESGUARDO_TRY(const auto here, OutputFile::create(options.out));  // told before any work
  }
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  storage::Store& store = *installation.store;
  const std::string data = config.store.directory.string();
  RESGUARDO_TRY(const auto log_key,
                at(data, open_log_key(config.store.directory, installation.master)));
  RESGUARDO_TRY(const auto scope, scope_of(options, store, log_key));
  Exported done;
  // Reports leave also when their log cannot be signed: their entries then go as waiting.
  if (const Status closed = close_day(store, log_key, now); !closed.ok())
    done.no_checkpoint = closed.error().why.c_str();
  RESGUARDO_CHECK(large_enough(options, store, now, scope));
  const auto totals = write_parts(store, now, ids, plan, scope);
  if (!totals.ok()) return files.explained(totals.error());
  done.totals = *totals;
  RESGUARDO_TRY(done.checkpoint, at(data, store.last_checkpoint()));
  RESGUARDO_TRY(done.files, files.commit());
  return done;
}

boost::json::object log_json(const Exported& done) {
  boost::json::object log;
  if (done.checkpoint) {
    log["entries"] = done.checkpoint->size;
    log["checkpoint_day"] = to_string(done.checkpoint->day);
  }
  if (!done.no_checkpoint.empty()) log["no_checkpoint"] = done.no_checkpoint;
  return log;
}

std::string log_text(const Exported& done) {
  std::string text;
  if (done.checkpoint)
    text = "Log: " + std::to_string(done.checkpoint->size) + " entries, checkpoint of " +
           to_string(done.checkpoint->day) + ".\n";
  if (!done.no_checkpoint.empty())
    text += "WARNING no checkpoint of today: " + done.no_checkpoint + ".\n";
  return text;
}

void print_json(const ExportOptions& options, const Exported& done, program::Console& console) {
  boost::json::array files;
  for (const fs::path& file : done.files) files.emplace_back(file.string());
  console.print(boost::json::object{{"bundle", options.out.string()},
                                    {"files", std::move(files)},
                                    {"reports", done.totals.reports},
                                    {"segments", done.totals.segments},
                                    {"rows", done.totals.rows},
                                    {"log", log_json(done)}});
}

void print_text(const ExportOptions& options, const Exported& done, program::Console& console) {
  std::string name = options.out.string();
  if (options.split && done.files.size() == 1) name = done.files.front().string();
  if (done.files.size() > 1)
    name = done.files.front().string() + " to " + done.files.back().string() + " (" +
           std::to_string(done.files.size()) + " parts; all of them are needed)";
  console.print("Wrote " + name + ": " + std::to_string(done.totals.reports) + " reports, " +
                std::to_string(done.totals.segments) + " segments, " +
                std::to_string(done.totals.rows) + " sealed rows. Ciphertext only.\n" +
                log_text(done));
}

}  // namespace

program::ExitCode export_bundle(const ExportOptions& options, program::Console& console) {
  const auto done = run(options);
  if (!done.ok()) return console.fail(done.error());
  if (console.json())
    print_json(options, *done, console);
  else
    print_text(options, *done, console);
  return console.finish();
}

}  // namespace resguardo::commands
