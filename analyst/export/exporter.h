// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/export/draft_folder.h"
#include "analyst/export/media_folder.h"
#include "analyst/export/profile.h"
#include "analyst/incident/incident.h"
#include "analyst/incident/incident_filter.h"
#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"
#include "program/output_file.h"

namespace resguardo::analyst {

// The reports of an export, in order of their ids, each with what it says in the terms of the
// field: of its incidents only those that are wanted. May be walked more than once, always the
// same.
using ExportVisitor = std::function<program::Outcome<Done>(const ReportView&, const CodedReport&)>;
using ExportSource = std::function<program::Outcome<Done>(const ExportVisitor&)>;

constexpr const char* kExportSchema = "resguardo-export/1";  // of the manifest

// What an exporter had to change so that a cell is harmless. The manifest lists each.
struct CellChange {
  std::string report;
  std::string column;
  std::string what;  // "formula", "characters", "cut"
};

// What an export is of, as its manifest says, and how formats that people read are written.
struct ExportScope {
  std::string format{};
  std::string tool{};  // the program and its version
  Profile profile = Profile::kFull;
  std::string language = "en";   // of labels and sentences
  bool exact = false;            // small numbers as they are
  std::string purpose{};         // that every reporter in it agreed to
  bool despite_consent = false;  // … or did not, and it is in it all the same
  IncidentFilter filter{};       // every report in it has an incident that this wants
  NamedFilter set{};             // and this
};

// What a walk over the reports found; right when one came to its end.
struct ExportCounts {
  std::uint64_t reports_before = 0;    // in the vault, and not taken back
  std::uint64_t incidents_before = 0;  // of reports whose purpose fits
  std::uint64_t reports = 0;
  std::uint64_t incidents = 0;
  std::uint64_t without_purpose = 0;
  std::uint64_t without_form = 0;  // no incident can be read: its questionnaire is not here
  std::uint64_t without_day = 0;   // incidents that would be wanted if it were known when they were
  // Of incidents row by row, as the profile has them (profile_source.h).
  std::uint64_t rows_before = 0;
  std::uint64_t rows_after = 0;
  std::uint64_t too_few = 0;          // of a public file: fewer than k would be alike
  std::uint64_t sexual_violence = 0;  // never row by row, but in a file of one's own
  std::uint64_t below_k = 0;  // of a partner's file: fewer than k are alike in what is public
  std::uint64_t alone = 0;    // of these: nobody else is like it
};

// What an exporter writes from.
struct ExportInput {
  const ExportSource& reports;
  const FormShelf& forms;
  const Codes& codes;
};

enum class ExportShape : std::uint8_t {
  kFile,    // and what stands beside it
  kFolder,  // of files, manifest.json among them
};

// Files of one export: they appear together, whole, or none does.
class ExportFiles {
 public:
  // kFailed: `out`, its manifest or a side file exists already.
  static program::Outcome<ExportFiles> create(const std::filesystem::path& out,
                                              ExportShape shape = ExportShape::kFile);

  program::OutputFile& main() { return files_.front(); }  // there is none of a folder
  // Another file beside the main one: out.csv, "long.ndjson" → out.csv.long.ndjson; of a folder the
  // one of that name in it. Made when first asked for; stays where it is.
  program::Outcome<program::OutputFile*> side(const std::string& suffix);
  void note(CellChange change);

  ExportScope scope{};    // set before the export is written
  ExportCounts counts{};  // of the last walk
  // Writes the manifest (out.csv.manifest.json) and names all files. `media`: what became of the
  // files that people sent, if they were asked for. `before`: given the manifest's exact bytes
  // before any file has its name; if it fails, none gets one.
  using Before = std::function<program::Outcome<Done>(ByteView manifest)>;
  program::Outcome<Done> commit(const FormShelf& forms, std::span<const ExportedMedia> media = {},
                                const Before& before = {});
  const std::vector<CellChange>& changes() const { return changes_; }
  // A folder for what an exporter needs while it writes; it goes with all that is in it.
  program::Outcome<std::filesystem::path> scratch();
  // Files that an export of this name had left when it was cut short, and that are gone now.
  std::size_t removed() const { return draft_ ? draft_->removed() : 0; }

 private:
  explicit ExportFiles(std::filesystem::path out) : out_(std::move(out)) {}
  std::filesystem::path beside(const std::string& suffix) const;
  std::filesystem::path out_;
  std::optional<DraftFolder> draft_{};
  ExportShape shape_ = ExportShape::kFile;
  std::deque<program::OutputFile> files_;
  std::map<std::string, std::size_t> sides_;
  std::vector<CellChange> changes_;
};

// The same for a cell of an export: notes what was changed, and puts what is too long beside it.
struct CellPlace {
  std::string row;  // of which report or row
  std::string column;
};
program::Outcome<std::string> harmless_cell(ExportFiles& files, const CellPlace& place,
                                            std::string_view value);

// One format. To add one: a file here, a line in registry.cpp; tests/analyst/export_contract_test
// then runs over it. Everything it is given is hostile.
class Exporter {
 public:
  virtual ~Exporter() = default;
  virtual program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const = 0;
};

struct ExporterEntry {
  std::string_view name;
  std::unique_ptr<Exporter> (*make)();
  ExportShape shape = ExportShape::kFile;
};
std::span<const ExporterEntry> exporters();
// nullptr: there is no such format.
const ExporterEntry* find_exporter(std::string_view name);
std::unique_ptr<Exporter> make_exporter(std::string_view name);

}  // namespace resguardo::analyst
