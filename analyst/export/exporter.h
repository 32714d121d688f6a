// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/export/media_folder.h"
#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"
#include "program/output_file.h"

namespace resguardo::analyst {

// The reports of an export, in order of their ids. May be walked more than once, always the same.
using ReportVisitor = std::function<program::Outcome<Done>(const ReportView&)>;
using ReportSource = std::function<program::Outcome<Done>(const ReportVisitor&)>;

// What an exporter had to change so that a cell is harmless. The manifest lists each.
struct CellChange {
  std::string report;
  std::string column;
  std::string what;  // "formula", "characters", "cut"
};

// What an export is of, as its manifest says, and how formats that people read are written.
struct ExportScope {
  std::string format{};
  std::string tool{};                 // the program and its version
  std::string language = "en";        // of labels and sentences
  bool exact = false;                 // small numbers as they are
  std::string purpose{};              // that every reporter in it agreed to
  std::uint64_t without_purpose = 0;  // reports that were left out: theirs did not
  bool despite_consent = false;       // … and that are in it all the same
};

// Files of one export: they appear together, whole, or none does.
class ExportFiles {
 public:
  // kFailed: `out`, its manifest or a side file exists already.
  static program::Outcome<ExportFiles> create(const std::filesystem::path& out);

  program::OutputFile& main() { return files_.front(); }
  // Another file beside the main one: out.csv, "long.ndjson" → out.csv.long.ndjson. Made when first
  // asked for.
  program::Outcome<program::OutputFile*> side(const std::string& suffix);
  void note(CellChange change);

  // Set before the export is written; `without_purpose` grows as its reports are walked.
  ExportScope scope{};
  std::uint64_t reports = 0;
  // Writes the manifest (out.csv.manifest.json) and names all files. `media`: what became of the
  // files that people sent, if they were asked for. `before`: given the manifest's exact bytes
  // before any file has its name; if it fails, none gets one.
  using Before = std::function<program::Outcome<Done>(ByteView manifest)>;
  program::Outcome<Done> commit(const FormShelf& forms, std::span<const ExportedMedia> media = {},
                                const Before& before = {});
  const std::vector<CellChange>& changes() const { return changes_; }

 private:
  explicit ExportFiles(std::filesystem::path out) : out_(std::move(out)) {}
  std::filesystem::path beside(const std::string& suffix) const;
  std::filesystem::path out_;
  std::vector<program::OutputFile> files_;
  std::map<std::string, std::size_t> sides_;
  std::vector<CellChange> changes_;
};

// One format. To add one: a file here, a line in registry.cpp; tests/analyst/export_contract_test
// then runs over it. Everything it is given is hostile.
class Exporter {
 public:
  virtual ~Exporter() = default;
  virtual program::Outcome<Done> write(const ReportSource& reports, const FormShelf& forms,
                                       ExportFiles& files) const = 0;
};

struct ExporterEntry {
  std::string_view name;
  std::unique_ptr<Exporter> (*make)();
};
std::span<const ExporterEntry> exporters();
// nullptr: there is no such format.
std::unique_ptr<Exporter> make_exporter(std::string_view name);

}  // namespace resguardo::analyst
