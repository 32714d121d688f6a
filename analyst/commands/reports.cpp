// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/reports.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/logs.h"
#include "analyst/commands/report_text.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/commands/withdrawals.h"
#include "analyst/export/exporter.h"
#include "analyst/export/media_folder.h"
#include "analyst/incident/codes.h"
#include "analyst/report/purposes.h"
#include "analyst/report/report_json.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_media.h"
#include "crypto/base/hash.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;

std::string files_text(const ReportView& report) {
  if (report.media.empty()) return "";
  return std::to_string(report.files_here()) + " of " + std::to_string(report.media.size());
}

Outcome<Done> add_files(const ReportView& report, Vault& vault, MediaFolder& folder) {
  for (const MediaView& sent : report.media) {
    const auto file = MediaId::from(as_bytes(sent.media.media_id()));
    if (!file) continue;
    const Digest& segment = (sent.addendum ? *sent.addendum : sent.place).segment_digest;
    const auto content = [&](const MediaFolder::Sink& sink) -> Status {
      const auto opened = VaultMedia(vault).open(*file, segment, sink);
      return opened.ok() ? success() : Status(opened.error());
    };
    RESGUARDO_CHECK(folder.add(report.id, sent, content));
  }
  return Done{};
}

}  // namespace

Outcome<Vault> open_vault_of(const VaultOptions& options) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  return std::move(open.vault);
}

Outcome<ReportId> find_report(Vault& vault, const std::string& beginning) {
  RESGUARDO_TRY(const auto ids, at("vault", vault.ids()));
  std::optional<ReportId> found;
  for (const ReportId& id : ids) {
    if (!to_hex(id.view()).starts_with(beginning)) continue;
    if (found)
      return program::usage_problem(beginning, "begins more than one report's id",
                                    "give more of it");
    found = id;
  }
  if (!found || beginning.empty())
    return Problem{beginning, "there is no such report in the vault", "`list` names them"};
  RESGUARDO_TRY(const auto taken, at("vault", WithdrawnReports::of(vault)));
  if (taken.locked(*found))
    return Problem{beginning, "was taken back by its reporter, and is locked",
                   "`withdrawals` says since when, and when it goes"};
  return *found;
}

Outcome<Done> list_reports(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options));
  boost::json::array reports;
  program::Table table(
      {"report", "day", "form", "language", "status", "answers", "files", "flags"});
  RESGUARDO_CHECK(walk_reports(open, [&](const ReportView& report) -> Outcome<Done> {
    if (call.console.json())
      reports.push_back(summary_json(report, open.forms));
    else
      table.add({short_id(report), to_string(report.day), form_text(report, open.forms),
                 report.final.language(), std::string(status_text(report.status)),
                 std::to_string(report.current_answers()), files_text(report),
                 flags_text(report.flags, " ")});
    return Done{};
  }));
  if (call.console.json())
    call.console.print(boost::json::object{{"reports", reports}});
  else
    call.console.print(table.text());
  return tell_locked(open, call);
}

Outcome<Done> show_report(const ShowOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault));
  RESGUARDO_TRY(const ReportId id, find_report(open.vault, options.id));
  RESGUARDO_TRY(const StoredReport stored, at(open.where, open.vault.report(id)));
  RESGUARDO_TRY(const auto taken, at(open.where, WithdrawnReports::of(open.vault)));
  const ReportView report = view_with(stored, open.forms, taken);
  RESGUARDO_CHECK(keep_in_journal(open.vault, options.vault.as,
                                  journal_fact(JournalKind::kViewed, {id}), call));
  if (call.console.json())
    call.console.print(report_json(report, open.forms));
  else
    call.console.print(report_text(report, open.forms, options.language, options.all));
  return Done{};
}

namespace {

// Only with the codes' own words: a purpose that nobody is asked for would be agreed to by nobody.
Outcome<Done> check_purpose(const std::string& purpose) {
  RESGUARDO_TRY(const Codes codes, at("codes", Codes::built_in()));
  for (const pb::PurposeCode& known : codes.all().purposes())
    if (known.code() == purpose) return Done{};
  return program::usage_problem("--purpose", "is no purpose that reporters are asked for",
                                "`codes purposes` names them");
}

struct ExportTold {
  std::size_t changed = 0;
  std::uint64_t without_purpose = 0;
};

void tell_exported(const ExportOptions& options, const ExportFiles& files,
                   const std::optional<MediaFolder>& folder, const ExportTold& told, Call& call) {
  const std::size_t changed = told.changed;
  if (told.without_purpose > 0 && options.despite_consent)
    call.console.warn(std::to_string(told.without_purpose) +
                      " reports are among them whose reporters did not agree to " +
                      program::visible(options.purpose));
  else if (told.without_purpose > 0)
    call.console.note(std::to_string(told.without_purpose) +
                      " reports are left out: their reporters did not agree to " +
                      program::visible(options.purpose));
  if (call.console.json()) {
    boost::json::object object{{"reports", files.reports},
                               {"purpose", options.purpose},
                               {"withoutPurpose", told.without_purpose},
                               {"changedCells", changed}};
    if (folder) {
      object["files"] = folder->written();
      object["filesNotWritten"] = folder->media().size() - folder->written();
    }
    return call.console.print(object);
  }
  call.console.print(std::to_string(files.reports) + " reports written to " +
                     program::visible(options.out.string()) + "\n");
  if (folder)
    call.console.print(std::to_string(folder->written()) + " files written to " +
                       program::visible(options.media.string()) + "\n");
  if (folder && folder->written() < folder->media().size())
    call.console.warn(std::to_string(folder->media().size() - folder->written()) +
                      " files that were sent are not in it: the manifest says how far each came");
  if (changed > 0)
    call.console.note(std::to_string(changed) +
                      " cells were changed to be harmless; the manifest lists them, NDJSON has "
                      "the exact words");
}

// Which format and purpose; and that files were opened, if they were.
Outcome<Done> note_exported(const ExportOptions& options, Vault& vault,
                            const std::vector<ReportId>& reports, ByteView manifest, Call& call) {
  if (!options.media.empty())
    RESGUARDO_CHECK(keep_in_journal(vault, options.vault.as,
                                    journal_fact(JournalKind::kFilesOpened, reports), call));
  JournalFact fact = journal_fact(JournalKind::kExported, reports);
  fact.subject = sha256(manifest);
  fact.note = options.format + " for " + options.purpose;
  return keep_in_journal(vault, options.vault.as, fact, call);
}

}  // namespace

Outcome<Done> export_reports(const ExportOptions& options, Call& call) {
  const auto exporter = make_exporter(options.format);
  if (exporter == nullptr)
    return program::usage_problem("--format " + options.format, "is no format of this program");
  RESGUARDO_CHECK(check_purpose(options.purpose));
  RESGUARDO_TRY(ExportFiles files, ExportFiles::create(options.out));
  files.scope = {.format = options.format,
                 .tool = "resguardo-analyst " RESGUARDO_VERSION,
                 .language = options.language,
                 .exact = options.exact,
                 .purpose = options.purpose,
                 .despite_consent = options.despite_consent};
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault));
  std::optional<MediaFolder> folder;
  if (!options.media.empty()) {
    RESGUARDO_TRY(auto made, MediaFolder::create(options.media));
    folder.emplace(std::move(made));
  }
  std::uint64_t& without_purpose = files.scope.without_purpose;
  std::vector<ReportId> shown;
  const ReportSource source = [&](const ReportVisitor& visitor) {
    without_purpose = 0;
    shown.clear();
    return walk_reports(open, [&](const ReportView& report) -> Outcome<Done> {
      const bool agreed = agreed_purposes(report).contains(options.purpose);
      if (!agreed) ++without_purpose;
      if (!agreed && !options.despite_consent) return Done{};
      shown.push_back(report.id);
      return visitor(report);
    });
  };
  RESGUARDO_CHECK(exporter->write(source, open.forms, files));
  if (folder) {
    RESGUARDO_CHECK(
        source([&](const ReportView& report) { return add_files(report, open.vault, *folder); }));
    RESGUARDO_CHECK(folder->commit());
  }
  const std::size_t changed = files.changes().size();
  const auto written = files.commit(
      open.forms, folder ? std::span(folder->media()) : std::span<const ExportedMedia>(),
      [&](ByteView manifest) { return note_exported(options, open.vault, shown, manifest, call); });
  if (!written.ok() && folder) folder->take_back();
  RESGUARDO_CHECK(written);
  tell_exported(options, files, folder, {changed, without_purpose}, call);
  return tell_locked(open, call);
}

}  // namespace resguardo::analyst
