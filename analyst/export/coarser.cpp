// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/export/coarser.h"

#include <algorithm>
#include <array>
#include <set>

#include "crypto/base/secret_bytes.h"

namespace resguardo::analyst {
namespace {

Day week_begin(Day day) {
  return monday_of(week_of(start_of(day)));
}

std::string span_text(const DaySpan& span) {
  return to_string(span.first) + "/" + to_string(span.last);
}

std::optional<DaySpan> week_around(const DaySpan& days) {
  const Day first = week_begin(days.first);
  const Day last{first.number + 6};
  if (days.last > last) return std::nullopt;
  return DaySpan{first, last};
}

void to_week(When& when) {
  if (!when.days) return;
  const auto week = week_around(*when.days);
  if (!week) return;
  when.days = *week;
  when.edtf = span_text(*week);
  when.precision = "week";
}

// A bridge, a shelter, a detention site: where exactly says who it was.
void to_city(Where& where) {
  where.candidates.clear();
  if (where.precision != "site" && where.precision != "point") return;
  where.place = where.name = "";
  where.latitude = where.longitude = std::nullopt;
  where.precision = where.area.empty() ? "country" : "adm1";
}

std::set<std::string_view> fields_of_partners() {
  std::set<std::string_view> fields;
  for (const Table& table : export_tables())
    for (const TableColumn& column : table.columns)
      if (column.labels.starts_with("field:") && is_written(table, column, Profile::kPartner))
        fields.insert(column.labels.substr(6));
  return fields;
}

// What says of somebody that they belong to few.
std::string common_gender(const std::string& gender) {
  return gender == "woman" || gender == "man" ? gender : "";
}

void to_partner(Fields& fields) {
  static const std::set<std::string_view> kWritten = fields_of_partners();
  std::erase_if(fields, [](const auto& field) {
    return !kWritten.contains(field.first) && field.first != "act.type";
  });
  for (auto& [field, values] : fields)
    for (std::string& value : values)
      value = field.ends_with(".gender") ? common_gender(value) : edtf_week(value);
}

void to_partner(Incident& incident, const Pseudonyms& names) {
  to_week(incident.when);
  to_city(incident.where);
  incident.child_band = "";
  to_partner(incident.fields);
  if (!incident.cluster.empty()) incident.cluster = names.of(incident.cluster);
  for (Victim& victim : incident.victims) {
    victim.characteristics.clear();
    victim.gender = common_gender(victim.gender);
  }
}

}  // namespace

std::string edtf_week(std::string_view edtf) {
  const auto days = edtf.size() < 10 ? std::nullopt : days_of_edtf(edtf);
  const auto week = days ? week_around(*days) : std::nullopt;
  return week ? span_text(*week) : std::string(edtf);
}

Result<Pseudonyms> Pseudonyms::fresh() {
  RESGUARDO_TRY(const auto key, SecretBytes::random(Digest::kSize));
  return key.read(
      [](ByteView bytes) { return Pseudonyms(Digest::from(bytes).value_or(Digest{})); });
}

ReportId Pseudonyms::name(ByteView what) const {
  const Digest digest = blake2b({key_.view(), what});
  return ReportId::from(digest.view().first(ReportId::kSize)).value_or(ReportId{});
}

ReportId Pseudonyms::of(const ReportId& report) const {
  return name(report.view());
}

ReportId Pseudonyms::of(const ReportId& report, std::uint32_t incident) const {
  Bytes both = to_bytes(report.view());
  for (unsigned shift = 0; shift < 32; shift += 8)
    both.push_back(static_cast<std::uint8_t>(incident >> shift));
  return name(both);
}

std::string Pseudonyms::of(const std::string& cluster) const {
  return to_hex(name(as_bytes(cluster)).view()).substr(0, 12);
}

bool tells_of_sexual_violence(const Incident& incident) {
  const auto sexual = [](const CodedValue& one) {
    return one.standing != CodeStanding::kRejected && one.code.starts_with("sexual");
  };
  const auto asked = [](const auto& field) {
    return field.first.starts_with("act.sexual.") && !field.second.empty();
  };
  return std::ranges::any_of(incident.violations, sexual) ||
         std::ranges::any_of(incident.fields, asked);
}

ReportView view_for(const ReportView& view, Profile profile, const Pseudonyms& names) {
  if (profile == Profile::kFull) return view;
  ReportView seen;
  seen.id = profile == Profile::kInternal ? view.id : names.of(view.id);
  seen.day = view.day;
  seen.status = view.status;
  seen.flags = view.flags;
  seen.form = view.form;
  if (profile != Profile::kInternal) {
    seen.day = week_begin(view.day);
    return seen;
  }
  seen.media = view.media;
  for (MediaView& sent : seen.media) {
    sent.media.clear_caption();
    sent.media.clear_file_name();
  }
  seen.decisions = view.decisions;
  return seen;
}

CodedReport report_for(const CodedReport& report, Profile profile, const Pseudonyms& names) {
  CodedReport seen = report;
  if (profile == Profile::kFull) return seen;
  seen.words.clear();
  for (Incident& incident : seen.incidents) {
    incident.words.clear();
    incident.fields.erase("place.point");
  }
  if (profile == Profile::kInternal) return seen;
  seen.id = names.of(report.id);
  seen.received = week_begin(report.received);
  seen.consent.clear();
  seen.risks.clear();
  seen.tags.clear();
  to_partner(seen.fields);
  std::erase_if(seen.incidents, tells_of_sexual_violence);
  for (Incident& incident : seen.incidents) to_partner(incident, names);
  return seen;
}

}  // namespace resguardo::analyst
