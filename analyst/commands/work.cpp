// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/work.h"

#include <boost/json.hpp>
#include <cstdio>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/export/media_folder.h"
#include "analyst/export/work_folder.h"
#include "analyst/vault/vault_media.h"
#include "analyst/vault/vault_work.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

bool lies_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

Outcome<VaultCustody> custody_for_work(OpenVault& open, const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(auto custody, custody_of(open.vault, options.as, call));
  if (!custody)
    return Problem{open.where, "has nobody yet in whose name this could be written down",
                   "`import` a bundle with your keys first"};
  return std::move(*custody);
}

Outcome<Done> place_is_fit(const fs::path& parent, bool on_disk, Call& call) {
  const WorkPlace place = work_place(parent);
  if (place == WorkPlace::kMemory && memory_may_reach_a_disk())
    call.console.warn(
        "this machine may write its memory to a disk (swap): what is opened may stay there; "
        "`swapoff -a` before");
  if (place != WorkPlace::kDisk) return Done{};
  if (!on_disk)
    return usage_problem(parent.string(),
                         "is not in memory, and nothing says that its disk is encrypted",
                         "give a folder below /dev/shm, or --on-disk if you know that it is");
  call.console.warn(
      "on a disk: overwriting does not reach every copy that flash memory or its file system "
      "keeps");
  return Done{};
}

// The one that there is, or a new one, which the vault knows of before it is made.
Outcome<WorkFolder> folder_for(const WorkOptions& options, OpenVault& open, Call& call) {
  VaultWork work(open.vault);
  RESGUARDO_TRY(const auto known, at(open.where, work.folder()));
  if (known && lies_there(known->path)) {
    if (!options.dir.empty() && fs::absolute(options.dir) != known->path)
      return usage_problem("--dir", "files lie open already in " + known->path.string(),
                           "`work close` wipes them");
    return WorkFolder::enter(known->path);
  }
  if (known)
    return Problem{known->path.string(), "is gone, and files lay open there", "`work close` first"};
  fs::path dir = options.dir;
  if (dir.empty())
    dir = "/dev/shm/resguardo-work-" + to_hex(call.ids.make<ReportId>().view()).substr(0, 8);
  dir = fs::absolute(dir);
  if (!dir.has_filename()) dir = dir.parent_path();
  RESGUARDO_CHECK(place_is_fit(dir.parent_path(), options.on_disk, call));
  if (lies_there(dir))
    return usage_problem(dir.string(), "is there already", "give the name of a new folder");
  RESGUARDO_CHECK(at(open.where, work.begin(dir, call.now)));
  return WorkFolder::make(dir);
}

std::string neutral_name(std::size_t number, std::string_view mime) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%03zu.", number);
  return std::string(text.data()).append(media_extension(mime));
}

struct OpenedFiles {
  std::size_t written = 0;
  std::size_t missing = 0;
};

Outcome<OpenedFiles> open_files(const ReportView& report, OpenVault& open, WorkFolder& folder,
                                VaultCustody& custody, const Call& call) {
  OpenedFiles told;
  std::size_t number = folder.last_number();
  for (const MediaView& sent : report.media) {
    const auto id = MediaId::from(as_bytes(sent.media.media_id()));
    if (!id || sent.state != MediaState::kHere) {
      ++told.missing;
      continue;
    }
    const Digest& segment = (sent.addendum ? *sent.addendum : sent.place).segment_digest;
    const std::string name = neutral_name(++number, sent.media.mime());
    const auto content = [&](const WorkFolder::Sink& sink) -> Status {
      const auto opened = VaultMedia(open.vault).open(*id, segment, sink);
      return opened.ok() ? success() : Status(opened.error());
    };
    const auto before = [&](const Digest& hash) {
      return at("journal",
                VaultWork(open.vault).opened({name, report.id, *id, hash}, custody, call.now));
    };
    RESGUARDO_TRY(const bool whole, folder.put(name, content, before));
    ++(whole ? told.written : told.missing);
  }
  return told;
}

}  // namespace

Outcome<Done> tell_work(Vault& vault, Call& call) {
  RESGUARDO_TRY(const auto known, at("vault", VaultWork(vault).folder()));
  if (!known) return Done{};
  const std::string where = program::visible(known->path.string());
  if (lies_there(known->path))
    call.console.warn("files that people sent lie open in " + where + " since " +
                      to_string(day_of(known->since)) + ": `work close` wipes them");
  else
    call.console.warn(where +
                      ", where files lay open, is gone without `work close`: was the "
                      "machine switched off? `work close` writes that down");
  return Done{};
}

Outcome<Done> open_work(const WorkOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault));
  RESGUARDO_TRY(const ReportId id, find_report(open.vault, options.id));
  RESGUARDO_TRY(const ReportView report, read_report(open, id));
  if (report.files_here() == 0)
    return Problem{options.id, "has no file that is here", "`show` says what was sent"};
  RESGUARDO_TRY(VaultCustody custody, custody_for_work(open, options.vault, call));
  RESGUARDO_TRY(WorkFolder folder, folder_for(options, open, call));
  RESGUARDO_TRY(const OpenedFiles told, open_files(report, open, folder, custody, call));
  RESGUARDO_TRY(const auto known, at(open.where, VaultWork(open.vault).folder()));
  const std::string where = known ? known->path.string() : "";
  if (call.console.json())
    call.console.print(json::object{{"folder", where}, {"files", told.written}});
  else
    call.console.print(std::to_string(told.written) + " files opened in " +
                       program::visible(where) + "\n");
  if (told.missing > 0)
    call.console.warn(std::to_string(told.missing) + " files of it are not here whole: `show`");
  call.console.note(
      "`work close` overwrites and removes them; programs that show them may keep copies of their "
      "own");
  return Done{};
}

Outcome<Done> list_work(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  VaultWork work(open.vault);
  RESGUARDO_TRY(const auto known, at(open.where, work.folder()));
  RESGUARDO_TRY(const auto files, at(open.where, work.files()));
  json::array array;
  program::Table table({"file", "report", "sha256"});
  for (const VaultWork::File& file : files) {
    const std::string report = to_hex(file.report.view());
    const std::string hash = to_hex(file.sha256.view());
    array.push_back(json::object{{"file", file.name}, {"report", report}, {"sha256", hash}});
    table.add({file.name, report.substr(0, 8), hash});
  }
  if (call.console.json()) {
    json::object object{{"files", std::move(array)}};
    object["folder"] = known ? json::value(known->path.string()) : json::value(nullptr);
    call.console.print(object);
  } else {
    call.console.print(known ? table.text() : std::string("no file lies open\n"));
  }
  return tell_work(open.vault, call);
}

Outcome<Done> close_work(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  VaultWork work(open.vault);
  RESGUARDO_TRY(const auto known, at(open.where, work.folder()));
  if (!known) {
    call.console.note("no file lies open");
    return Done{};
  }
  RESGUARDO_TRY(VaultCustody custody, custody_for_work(open, options, call));
  WorkFolder::Wiped wiped;
  const bool there = lies_there(known->path);
  if (there) {
    RESGUARDO_TRY(WorkFolder folder, WorkFolder::enter(known->path));
    RESGUARDO_TRY(wiped, folder.wipe(call.ids));
  }
  RESGUARDO_CHECK(at("journal", work.wiped(custody, call.now)));
  if (call.console.json())
    call.console.print(json::object{{"wiped", wiped.files}, {"wasThere", there}});
  else
    call.console.print(there ? std::to_string(wiped.files) + " files overwritten and removed\n"
                             : "the folder was gone already; nothing was overwritten\n");
  if (wiped.elsewhere > 0)
    call.console.warn(std::to_string(wiped.elsewhere) +
                      " of them have another name outside the folder; it holds nothing any more");
  return Done{};
}

}  // namespace resguardo::analyst
