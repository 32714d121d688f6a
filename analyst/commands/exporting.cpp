// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/commands/export_profile.h"
#include "analyst/commands/export_signature.h"
#include "analyst/commands/incidents.h"
#include "analyst/commands/vault_reports.h"
#include "analyst/export/exporter.h"
#include "analyst/export/media_folder.h"
#include "analyst/export/profile_source.h"
#include "analyst/report/purposes.h"
#include "analyst/vault/vault_media.h"
#include "crypto/base/hash.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;

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

// Only with the codes' own words: a purpose that nobody is asked for would be agreed to by nobody.
Outcome<Done> check_purpose(const std::string& purpose) {
  RESGUARDO_TRY(const Codes codes, at("codes", Codes::built_in()));
  for (const pb::PurposeCode& known : codes.all().purposes())
    if (known.code() == purpose) return Done{};
  return program::usage_problem("--purpose", "is no purpose that reporters are asked for",
                                "`codes purposes` names them");
}

// The reports of a vault that may be in an export, and how many were not.
class VaultSource {
 public:
  VaultSource(OpenVault& open, IncidentChoice& choice, ExportFiles& files)
      : open_(open), choice_(choice), scope_(files.scope), counts_(files.counts) {}
  Outcome<Done> walk(const ExportVisitor& visitor) {
    counts_ = {};
    written_.clear();
    chosen_.clear();
    RESGUARDO_CHECK(choice_.start_over(open_));
    RESGUARDO_CHECK(
        walk_reports(open_, [&](const ReportView& view) { return visit(view, visitor); }));
    counts_.incidents_before = choice_.seen();
    counts_.without_form = choice_.without_form();
    counts_.without_day = choice_.without_day();
    return Done{};
  }
  // By the last walk, ascending.
  const std::vector<ReportId>& written() const { return written_; }
  const std::vector<IncidentKey>& chosen() const { return chosen_; }

 private:
  Outcome<Done> visit(const ReportView& view, const ExportVisitor& visitor) {
    ++counts_.reports_before;
    const bool agreed = agreed_purposes(view).contains(scope_.purpose);
    if (!agreed) ++counts_.without_purpose;
    if (!agreed && !scope_.despite_consent) return Done{};
    const CodedReport report = choice_.wanted(view, open_.forms);
    if (report.incidents.empty() && choice_.asks()) return Done{};
    ++counts_.reports;
    written_.push_back(view.id);
    for (const Incident& one : report.incidents) chosen_.push_back({view.id, one.number});
    counts_.incidents += report.incidents.size();
    return visitor(view, report);
  }
  OpenVault& open_;
  IncidentChoice& choice_;
  const ExportScope& scope_;
  ExportCounts& counts_;
  std::vector<ReportId> written_;
  std::vector<IncidentKey> chosen_;
};

void tell_consent(const ExportOptions& options, const ExportCounts& counts, Call& call) {
  if (counts.without_purpose == 0) return;
  const std::string number = std::to_string(counts.without_purpose);
  const std::string purpose = program::visible(options.purpose);
  if (options.despite_consent)
    call.console.warn(number + " reports are among them whose reporters did not agree to " +
                      purpose);
  else
    call.console.note(number + " reports are left out: their reporters did not agree to " +
                      purpose);
}

struct ExportTold {
  const ExportCounts& counts;
  const std::optional<MediaFolder>& folder;
  std::size_t changed = 0;
};

void print_exported(const ExportOptions& options, const ExportTold& told, Call& call) {
  const auto& folder = told.folder;
  if (call.console.json()) {
    boost::json::object object{{"reports", told.counts.reports},
                               {"incidents", told.counts.incidents},
                               {"purpose", options.purpose},
                               {"withoutPurpose", told.counts.without_purpose},
                               {"changedCells", told.changed}};
    if (folder) {
      object["files"] = folder->written();
      object["filesNotWritten"] = folder->media().size() - folder->written();
    }
    return call.console.print(object);
  }
  call.console.print(std::to_string(told.counts.reports) + " reports written to " +
                     program::visible(options.out.string()) + "\n");
  if (folder)
    call.console.print(std::to_string(folder->written()) + " files written to " +
                       program::visible(options.media.string()) + "\n");
}

void tell_exported(const ExportOptions& options, const ExportTold& told, Call& call) {
  tell_consent(options, told.counts, call);
  print_exported(options, told, call);
  if (const auto& folder = told.folder; folder && folder->written() < folder->media().size())
    call.console.warn(std::to_string(folder->media().size() - folder->written()) +
                      " files that were sent are not in it: the manifest says how far each came");
  if ((options.profile == "partner" || options.profile == "public") && options.format != "html")
    call.console.note(std::to_string(told.counts.rows_after) + " of " +
                      std::to_string(told.counts.rows_before) +
                      " incidents are in it: the manifest says why the others are not");
  if (told.changed > 0 && !call.console.json())
    call.console.note(std::to_string(told.changed) +
                      " cells were changed to be harmless; the manifest lists them, NDJSON has "
                      "the exact words");
}

// Beside the manifest, if the vault has a key to sign with; keep_in_journal() says when not.
Outcome<Done> sign_manifest(const ExportOptions& options, Vault& vault, ByteView manifest,
                            ExportFiles& files, Call& call) {
  RESGUARDO_TRY(auto custody, custody_of(vault, options.vault.as, call));
  if (!custody) return Done{};
  RESGUARDO_TRY(const auto signature, at("journal", custody->sign(Label::kSignExport, manifest)));
  RESGUARDO_TRY(program::OutputFile * out, files.side(kSignatureSuffix));
  out->write(signature_text(signature));
  return Done{};
}

// Which format, purpose and profile; and that files were opened, if they were. What is for the
// public is in the ledger, too.
Outcome<Done> note_exported(const ExportOptions& options, OpenVault& open,
                            const IncidentChoice& choice, const VaultSource& source,
                            ByteView manifest, Call& call) {
  const auto& reports = source.written();
  if (!options.media.empty())
    RESGUARDO_CHECK(keep_in_journal(open.vault, options.vault.as,
                                    journal_fact(JournalKind::kFilesOpened, reports), call));
  JournalFact fact = journal_fact(JournalKind::kExported, reports);
  fact.subject = sha256(manifest);
  fact.note = options.format + " for " + options.purpose;
  if (options.profile != "full") fact.note += ", " + options.profile;
  if (options.profile == "public")
    return keep_release(
        {options.vault, options.format + " for " + options.purpose, source.chosen()}, choice, open,
        fact, call);
  return keep_in_journal(open.vault, options.vault.as, fact, call);
}

void tell_removed(std::size_t removed, Call& call) {
  if (removed > 0)
    call.console.note("removed " + std::to_string(removed) +
                      " files that an export of this name had left when it was cut short");
}

Outcome<std::optional<MediaFolder>> media_folder(const std::filesystem::path& dir) {
  if (dir.empty()) return std::optional<MediaFolder>();
  RESGUARDO_TRY(auto made, MediaFolder::create(dir));
  return std::optional<MediaFolder>(std::move(made));
}

ExportScope scope_of(const ExportOptions& options, Profile profile, const IncidentChoice& choice) {
  return {.format = options.format,
          .tool = "resguardo-analyst " RESGUARDO_VERSION,
          .profile = profile,
          .language = options.language,
          .exact = options.exact,
          .purpose = options.purpose,
          .despite_consent = options.despite_consent,
          .filter = choice.filter(),
          .set = choice.set()};
}

struct CodesAndForms {
  const FormShelf& forms;
  const Codes& codes;
};

// As the profile shows them. A page shows no report: it counts all of them, and protects its
// numbers and rows itself.
Outcome<Done> write_as_seen(const ExporterEntry& format, const ExportSource& reports,
                            const CodesAndForms& words, ExportFiles& files) {
  RESGUARDO_TRY(const Pseudonyms names, at("names", Pseudonyms::fresh()));
  ProfileSource of_profile(reports, files.scope.profile, names, words.codes, files.counts);
  const ExportSource seen = [&](const ExportVisitor& visitor) {
    return format.name == "html" ? reports(visitor) : of_profile.walk(visitor);
  };
  return format.make()->write({seen, words.forms, words.codes}, files);
}

}  // namespace

Outcome<Done> export_reports(const ExportOptions& options, Call& call) {
  const ExporterEntry* format = find_exporter(options.format);
  if (format == nullptr)
    return program::usage_problem("--format " + options.format, "is no format of this program");
  RESGUARDO_CHECK(check_purpose(options.purpose));
  RESGUARDO_TRY(const Profile profile, profile_of(options));
  RESGUARDO_TRY(ExportFiles files, ExportFiles::create(options.out, format->shape));
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  if (profile == Profile::kPublic) RESGUARDO_CHECK(may_release(options.vault, open, call));
  RESGUARDO_TRY(IncidentChoice choice, IncidentChoice::of(options.filter, open));
  RESGUARDO_TRY(auto folder, media_folder(options.media));
  files.scope = scope_of(options, profile, choice);
  VaultSource source(open, choice, files);
  const ExportSource reports = [&](const ExportVisitor& visitor) { return source.walk(visitor); };
  RESGUARDO_CHECK(write_as_seen(*format, reports, {open.forms, choice.codes()}, files));
  if (profile == Profile::kPublic) RESGUARDO_CHECK(ledger_allows(open, source.chosen()));
  if (folder) {
    RESGUARDO_CHECK(reports([&](const ReportView& report, const CodedReport&) {
      return add_files(report, open.vault, *folder);
    }));
    RESGUARDO_CHECK(folder->commit());
  }
  const std::size_t changed = files.changes().size();
  const auto written = files.commit(
      open.forms, folder ? std::span(folder->media()) : std::span<const ExportedMedia>(),
      [&](ByteView manifest) -> Outcome<Done> {
        RESGUARDO_CHECK(note_exported(options, open, choice, source, manifest, call));
        return sign_manifest(options, open.vault, manifest, files, call);
      });
  if (!written.ok() && folder) folder->take_back();
  RESGUARDO_CHECK(written);
  tell_exported(options, {files.counts, folder, changed}, call);
  tell_removed(files.removed() + (folder ? folder->removed() : 0), call);
  if (choice.asks()) choice.tell_left_out(call);
  return tell_locked(open, call);
}

}  // namespace resguardo::analyst
