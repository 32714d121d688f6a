// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/export/tables/table.h"

namespace resguardo::analyst {

// What the tables of this folder are made of; for nobody else.

std::string incident_id(const TableRow& row);  // REPORT-1
std::string report_id(const TableRow& row);
std::string victim_id(const TableRow& row);  // REPORT-1-A

// Codes with '|' between; empty ones are left out.
template <class List>
std::string in_one_cell(const List& values) {
  std::string text;
  for (const auto& value : values)
    if (!value.empty()) text.append(text.empty() ? "" : "|").append(value);
  return text;
}
std::string number_cell(std::size_t number);
std::string degrees_cell(const std::optional<double>& degrees);  // to about 100 metres
std::string yes_no_cell(bool yes);
// Words of one field, or of several answers to it, a line each.
std::string words_cell(const Fields& words, std::string_view field);

// Of a decision; empty where nobody decided.
std::string decided_by_cell(const TableRow& row);
std::string decided_on_cell(const TableRow& row);
std::string decided_why_cell(const TableRow& row);

// Whether an act was done to that victim: to everybody, where it is not said to whom, or where
// nothing that was said of the kind of act is what proposes it.
bool happened_to(const Victim& victim, const Incident& incident, const CodedValue& act);
// The violation is of a kind that answers to `field` are about: "act.kidnapping.duration" and
// "kidnapping.ransom".
bool is_about(std::string_view field, std::string_view violation);

extern const Table kIncidentTable, kFlatTable, kActTable, kPerpetratorTable, kVictimTable,
    kSourceTable, kEvidenceTable, kCodingTable, kLinkTable;

}  // namespace resguardo::analyst
