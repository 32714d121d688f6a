// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>

#include "analyst/export/tables/cells.h"
#include "analyst/report/report_json.h"

namespace resguardo::analyst {
namespace {

using Type = ColumnType;
using Guard = ColumnGuard;
using program::Outcome;

constexpr auto kSourceColumns = std::to_array<TableColumn>({
    {"report_id", Type::kId, Guard::kOpen, "Of this report", "", report_id},
    {"report_date", Type::kDay, Guard::kQuasi, "Day on which it came", "",
     [](const TableRow& row) { return to_string(row.report->received); }},
    {"status", Type::kCode, Guard::kOpen, "complete or incomplete", "",
     [](const TableRow& row) { return std::string(status_text(row.report->status)); }},
    {"flags", Type::kCodes, Guard::kOpen, "What to know before believing it", "",
     [](const TableRow& row) { return flags_text(row.view->flags, "|"); }},
    {"source_stream", Type::kText, Guard::kOpen, "How it came: bot or interview", "",
     [](const TableRow& row) { return row.report->stream; }},
    {"language", Type::kCode, Guard::kQuasi, "Of the conversation", "languages",
     [](const TableRow& row) { return row.report->language; }},
    {"form", Type::kText, Guard::kOpen, "Questionnaire", "",
     [](const TableRow& row) { return row.report->form; }},
    {"form_version", Type::kText, Guard::kOpen, "Its version", "",
     [](const TableRow& row) { return row.report->form_version; }},
    {"incidents", Type::kNumber, Guard::kOpen, "How many of its incidents are in this export", "",
     [](const TableRow& row) { return number_cell(row.report->incidents.size()); }},
    {"files", Type::kNumber, Guard::kOpen, "How many files were sent", "",
     [](const TableRow& row) { return number_cell(row.view->media.size()); }},
    {"consent", Type::kCodes, Guard::kOpen, "Purposes that the reporter agreed to", "purposes",
     [](const TableRow& row) { return in_one_cell(row.report->consent); }},
    {"risks", Type::kCodes, Guard::kSensitive, "What is to be read first", "flags",
     [](const TableRow& row) { return in_one_cell(row.report->risks); }},
    {"connection", Type::kCodes, Guard::kQuasi, "Who tells it", "field:source.connection"},
    {"reliability", Type::kCode, Guard::kOpen, "As the interviewer judged",
     "field:information.reliability"},
    {"nationality", Type::kCode, Guard::kQuasi, "Of whoever tells it",
     "field:reporter.nationality"},
    {"gender", Type::kCode, Guard::kQuasi, "Of whoever tells it", "field:reporter.gender"},
    {"age_band", Type::kCode, Guard::kQuasi, "Of whoever tells it", "field:reporter.age_band"},
    {"travel_group", Type::kCodes, Guard::kQuasi, "With whom they travel",
     "field:reporter.travel_group"},
    {"wait", Type::kCode, Guard::kQuasi, "How long they have waited, a band",
     "field:reporter.wait_band"},
    {"ongoing_risk", Type::kCode, Guard::kOpen, "Whether they are still in danger",
     "field:report.ongoing_risk"},
    {"help_requested", Type::kCodes, Guard::kSensitive, "Help that they asked for",
     "field:report.help_requested"},
    {"victim_consent", Type::kCode, Guard::kOpen, "On what ground it is told of another",
     "field:victim.consent_basis"},
    {"interview_mode", Type::kCode, Guard::kOpen, "In person, by phone …", "field:interview.mode"},
    {"interview_date", Type::kEdtf, Guard::kQuasi, "When", "field:interview.date"},
    {"interview_place", Type::kCode, Guard::kQuasi, "Where, the city", "field:interview.place"},
    {"interview_privacy", Type::kCode, Guard::kOpen, "Whether in private",
     "field:interview.privacy"},
    {"interview_interpreter", Type::kCode, Guard::kOpen, "Who interpreted",
     "field:interview.interpreter"},
    {"interview_consent", Type::kCode, Guard::kOpen, "How consent was given",
     "field:interview.consent_form"},
});

Outcome<Done> each_source(const TableRow& about, const RowVisitor& visitor) {
  return visitor(about);
}

std::string media_bytes(const TableRow& row, const std::string& (pb::Media::*bytes)() const) {
  return to_hex(as_bytes((row.media->media.*bytes)()));
}

constexpr auto kEvidenceColumns = std::to_array<TableColumn>({
    {"report_id", Type::kId, Guard::kOpen, "The report that it was sent in", "", report_id},
    {"media_id", Type::kId, Guard::kOpen, "Of this file", "",
     [](const TableRow& row) { return media_bytes(row, &pb::Media::media_id); }},
    {"state", Type::kCode, Guard::kOpen, "here, sent, lost, arrived (in part) or damaged", "",
     [](const TableRow& row) { return std::string(media_state_text(row.media->state)); }},
    {"mime", Type::kText, Guard::kOpen, "Type, as the messenger said", "",
     [](const TableRow& row) { return row.media->media.mime(); }},
    {"bytes", Type::kNumber, Guard::kOpen, "Length", "",
     [](const TableRow& row) { return number_cell(row.media->media.length()); }},
    {"sha256", Type::kText, Guard::kOpen, "Of the original", "",
     [](const TableRow& row) { return media_bytes(row, &pb::Media::sha256); }},
    {"sent", Type::kText, Guard::kQuasi, "When it was sent, by the server's clock", "",
     [](const TableRow& row) { return iso_time(row.media->place.time_ms); }},
    {"node", Type::kText, Guard::kOpen, "The question that it answers", "",
     [](const TableRow& row) { return row.media->media.node(); }},
    {"voice", Type::kCode, Guard::kOpen, "A voice note", "",
     [](const TableRow& row) { return yes_no_cell(row.media->media.voice()); }},
    {"forwarded", Type::kCode, Guard::kOpen, "It had come from somebody else", "",
     [](const TableRow& row) { return yes_no_cell(row.media->media.forwarded()); }},
    {"caption", Type::kWords, Guard::kWords, "What was written with it", "",
     [](const TableRow& row) { return row.media->media.caption(); }},
    {"file_name", Type::kWords, Guard::kDirect, "What its sender called it", "",
     [](const TableRow& row) { return row.media->media.file_name(); }},
});

Outcome<Done> each_file(const TableRow& about, const RowVisitor& visitor) {
  for (const MediaView& sent : about.view->media) {
    TableRow row = about;
    row.media = &sent;
    RESGUARDO_CHECK(visitor(row));
  }
  return Done{};
}

}  // namespace

constinit const Table kSourceTable = {"sources", "One row for each report: who tells it, and how",
                                      kSourceColumns, each_source};
constinit const Table kEvidenceTable = {"evidence", "One row for each file that was sent",
                                        kEvidenceColumns, each_file};

}  // namespace resguardo::analyst
