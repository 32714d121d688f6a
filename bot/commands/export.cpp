// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "bot/commands/commands.h"
#include "bot/commands/operations.h"
#include "crypto/log/checkpoint.h"
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
  pb::ControlResult::Export totals;
  std::vector<fs::path> files;
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
  // What happened to a file, told better than who sent its bytes can.
  Problem explained(Problem problem) const {
    if (problem_) return *problem_;
    if (problem.where.empty()) problem.where = options_.out.string();
    return problem;
  }
  Outcome<std::vector<fs::path>> commit() {
    std::vector<fs::path> paths;
    paths.reserve(files_.size());
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

Outcome<pb::ControlRequest> request_of(const ExportOptions& options) {
  pb::ControlRequest request;
  auto& wanted = *request.mutable_export_();
  if (options.split) wanted.set_split(*options.split);
  if (options.since) {
    RESGUARDO_TRY(const auto note, program::read_file(*options.since, kMaxNote));
    if (note.empty())
      return program::usage_problem(options.since->string(), "holds no checkpoint",
                                    "give what `resguardo-analyst log show` printed");
    wanted.set_since(to_string(note));
  }
  return request;
}

Outcome<Exported> run(const ExportOptions& options) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  RESGUARDO_TRY(const auto request, request_of(options));
  PartFiles files(options);
  if (options.split) {
    RESGUARDO_CHECK(no_part_is_there(options.out));
  } else {
    RESGUARDO_TRY(const auto here, OutputFile::create(options.out));  // told before any work
  }
  auto done =
      perform_or_ask(config, request, [&files](std::uint32_t part) { return files.next(part); });
  if (!done.ok()) {
    Problem problem = files.explained(done.error());
    if (problem.where == "--since" && options.since) problem.where = options.since->string();
    return problem;
  }
  Exported exported;
  exported.totals = std::move(*done->mutable_export_());
  RESGUARDO_TRY(exported.files, files.commit());
  return exported;
}

boost::json::object log_json(const pb::ControlResult::Export& done) {
  boost::json::object log;
  if (done.has_checkpoint()) {
    log["entries"] = done.log_entries();
    log["checkpoint_day"] = to_string(Day{done.checkpoint_day()});
  }
  if (!done.no_checkpoint().empty()) log["no_checkpoint"] = done.no_checkpoint();
  return log;
}

std::string log_text(const pb::ControlResult::Export& done) {
  std::string text;
  if (done.has_checkpoint())
    text = "Log: " + std::to_string(done.log_entries()) + " entries, checkpoint of " +
           to_string(Day{done.checkpoint_day()}) + ".\n";
  if (done.unreadable() > 0)
    text += "WARNING " + std::to_string(done.unreadable()) +
            " reports cannot be read and are not in it: damaged, or the file `slots` is not the "
            "newest one.\n";
  if (done.unreadable_files() > 0)
    text +=
        "WARNING " + std::to_string(done.unreadable_files()) +
        " sealed files cannot be read, and are in it in part or not at all: `check --deep` says "
        "which.\n";
  if (!done.no_checkpoint().empty())
    text += "WARNING no checkpoint of today: " + done.no_checkpoint() + ".\n";
  return text;
}

void print_json(const ExportOptions& options, const Exported& done, program::Console& console) {
  boost::json::array files;
  for (const fs::path& file : done.files) files.emplace_back(file.string());
  console.print(boost::json::object{{"bundle", options.out.string()},
                                    {"files", std::move(files)},
                                    {"reports", done.totals.reports()},
                                    {"segments", done.totals.segments()},
                                    {"rows", done.totals.rows()},
                                    {"unreadable", done.totals.unreadable()},
                                    {"files", done.totals.files()},
                                    {"unreadable_files", done.totals.unreadable_files()},
                                    {"log", log_json(done.totals)}});
}

void print_text(const ExportOptions& options, const Exported& done, program::Console& console) {
  std::string name = options.out.string();
  if (options.split && done.files.size() == 1) name = done.files.front().string();
  if (done.files.size() > 1)
    name = done.files.front().string() + " to " + done.files.back().string() + " (" +
           std::to_string(done.files.size()) + " parts; all of them are needed)";
  console.print("Wrote " + name + ": " + std::to_string(done.totals.reports()) + " reports, " +
                std::to_string(done.totals.segments()) + " segments, " +
                std::to_string(done.totals.rows()) + " sealed rows, " +
                std::to_string(done.totals.files()) + " sealed files. Ciphertext only.\n" +
                log_text(done.totals));
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
