// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/export/exporter.h"
#include "analyst/incident/filter_json.h"
#include "analyst/incident/incident_json.h"
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

json::object scope_json(const ExportScope& scope) {
  json::object object{{"schema", kExportSchema},
                      {"format", program::json_text(scope.format)},
                      {"tool", program::json_text(scope.tool)},
                      {"reportSchema", kReportSchema},
                      {"incidentSchema", kIncidentSchema},
                      {"profile", std::string(profile_text(scope.profile))},
                      {"purpose", program::json_text(scope.purpose)},
                      {"despiteConsent", scope.despite_consent},
                      {"filter", filter_json(scope.filter)}};
  if (!scope.set.name.empty())
    object["set"] = json::object{{"name", program::json_text(scope.set.name)},
                                 {"filter", filter_json(scope.set.filter)}};
  return object;
}

// Of what is seen row by row; a page counts its own rows.
json::object suppression_json(const ExportScope& scope, const ExportCounts& counts) {
  json::object object{{"k", kLeastAlike}};
  if (scope.format == "html") return object;
  object["rowsBefore"] = counts.rows_before;
  object["rowsAfter"] = counts.rows_after;
  object["sexualViolence"] = counts.sexual_violence;
  if (scope.profile == Profile::kPublic) {
    object["tooFew"] = counts.too_few;
  } else {
    object["rowsBelowK"] = counts.below_k;
    object["rowsAlone"] = counts.alone;
  }
  return object;
}

void put_counts(const ExportCounts& counts, json::object& manifest) {
  manifest["reports"] = counts.reports;
  manifest["reportsBefore"] = counts.reports_before;
  manifest["incidents"] = counts.incidents;
  manifest["incidentsBefore"] = counts.incidents_before;
  manifest["withoutPurpose"] = counts.without_purpose;
  manifest["withoutQuestionnaire"] = counts.without_form;
  manifest["withoutDay"] = counts.without_day;
}

}  // namespace

Outcome<ExportFiles> ExportFiles::create(const std::filesystem::path& out, ExportShape shape) {
  ExportFiles files(out);
  files.shape_ = shape;
  if (shape == ExportShape::kFolder) {
    RESGUARDO_TRY(files.out_, files.scratch());
    return files;
  }
  RESGUARDO_TRY(OutputFile main, OutputFile::create(out));
  files.files_.push_back(std::move(main));
  return files;
}

std::filesystem::path ExportFiles::beside(const std::string& suffix) const {
  return shape_ == ExportShape::kFolder ? out_ / suffix
                                        : std::filesystem::path(out_.string() + "." + suffix);
}

Outcome<std::filesystem::path> ExportFiles::scratch() {
  if (!draft_) {
    RESGUARDO_TRY(DraftFolder made, DraftFolder::create(out_));
    draft_.emplace(std::move(made));
  }
  return draft_->path();
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
  json::object manifest = scope_json(scope);
  put_counts(counts, manifest);
  if (scope.profile == Profile::kPartner || scope.profile == Profile::kPublic)
    manifest["suppression"] = suppression_json(scope, counts);
  manifest["questionnaires"] = forms_json(forms);
  manifest["files"] = std::move(digests);
  manifest["media"] = media_json(media);
  manifest["changedCells"] = changes_json(changes_);
  RESGUARDO_TRY(OutputFile file, OutputFile::create(beside("manifest.json")));
  const std::string text = program::json_line(manifest) + "\n";
  file.write(text);
  files_.push_back(std::move(file));
  if (before) RESGUARDO_CHECK(before(as_bytes(text)));
  RESGUARDO_CHECK(program::commit_all(
      {std::make_move_iterator(files_.begin()), std::make_move_iterator(files_.end())}));
  return shape_ == ExportShape::kFolder ? draft_->commit() : Done{};
}

}  // namespace resguardo::analyst
