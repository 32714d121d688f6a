// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/export/exporter.h"
#include "analyst/report/report_json.h"
#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::Outcome;
using program::OutputFile;

json::array changes_json(const std::vector<CellChange>& changes) {
  json::array array;
  for (const CellChange& change : changes)
    array.push_back(json::object{{"report", change.report},
                                 {"column", program::json_text(change.column)},
                                 {"what", change.what}});
  return array;
}

json::array forms_json(const FormShelf& forms) {
  json::array array;
  for (const auto& [digest, form] : forms)
    array.push_back(json::object{{"id", program::json_text(form.id())},
                                 {"version", program::json_text(form.version())},
                                 {"digest", to_hex(digest.view())}});
  return array;
}

json::array media_json(std::span<const ExportedMedia> media) {
  json::array array;
  for (const ExportedMedia& one : media) {
    json::object object{{"report", one.report}, {"media", one.media}, {"state", one.state}};
    if (!one.name.empty()) {
      object["file"] = one.name;
      object["sha256"] = one.sha256;
      object["length"] = one.length;
    }
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace

Outcome<ExportFiles> ExportFiles::create(const std::filesystem::path& out) {
  ExportFiles files(out);
  RESGUARDO_TRY(OutputFile main, OutputFile::create(out));
  files.files_.push_back(std::move(main));
  return files;
}

std::filesystem::path ExportFiles::beside(const std::string& suffix) const {
  return out_.string() + "." + suffix;
}

Outcome<OutputFile*> ExportFiles::side(const std::string& suffix) {
  if (const auto found = sides_.find(suffix); found != sides_.end()) return &files_[found->second];
  RESGUARDO_TRY(OutputFile file, OutputFile::create(beside(suffix)));
  sides_.emplace(suffix, files_.size());
  files_.push_back(std::move(file));
  return &files_.back();
}

void ExportFiles::note(CellChange change) {
  changes_.push_back(std::move(change));
}

Outcome<Done> ExportFiles::commit(const FormShelf& forms, std::span<const ExportedMedia> media,
                                  const Before& before) {
  json::array digests;
  for (OutputFile& file : files_) {
    RESGUARDO_TRY(const Digest digest, file.sha256());
    digests.push_back(json::object{{"file", program::json_text(file.path().filename().string())},
                                   {"sha256", to_hex(digest.view())}});
  }
  const json::object manifest{{"schema", "resguardo-export/1"},
                              {"format", program::json_text(scope.format)},
                              {"reportSchema", kReportSchema},
                              {"profile", "full"},
                              {"purpose", program::json_text(scope.purpose)},
                              {"reports", reports},
                              {"withoutPurpose", scope.without_purpose},
                              {"despiteConsent", scope.despite_consent},
                              {"questionnaires", forms_json(forms)},
                              {"files", digests},
                              {"media", media_json(media)},
                              {"changedCells", changes_json(changes_)}};
  RESGUARDO_TRY(OutputFile file, OutputFile::create(beside("manifest.json")));
  const std::string text = program::json_line(manifest) + "\n";
  file.write(text);
  files_.push_back(std::move(file));
  if (before) RESGUARDO_CHECK(before(as_bytes(text)));
  return program::commit_all(std::move(files_));
}

}  // namespace resguardo::analyst
