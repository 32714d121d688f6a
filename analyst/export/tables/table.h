// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "analyst/incident/incident.h"
#include "program/problem.h"

namespace resguardo::analyst {

// The tables of incidents, in the terms of HURIDOCS' Events Standard Formats. Columns are data, and
// this is the only place that lists them: CSV, XLSX, HXL and the codebook are written from it.
// Codes of tables and columns are never renamed, and never given to something else.

enum class ColumnType : std::uint8_t {
  kId,      // of a row of this table or another
  kCode,    // one code
  kCodes,   // several, with '|' between
  kDay,     // 2026-11-21
  kEdtf,    // a day as it was told, ISO 8601-2
  kNumber,  // that this program wrote: digits, perhaps a sign and a point
  kText,    // of the program, or of the questionnaire's gazetteer
  kWords,   // of the reporter
};
std::string_view column_type_text(ColumnType type);

// Who may see it, from the least to the most (analysts' guide, profiles).
enum class ColumnGuard : std::uint8_t {
  kOpen,
  kQuasi,      // with others it may tell who somebody is: day, place, nationality, age
  kSensitive,  // sexual violence, minors, groups, payments: only with purpose and need
  kWords,      // what somebody wrote or said
  kDirect,     // the pin, names of files
};
std::string_view column_guard_text(ColumnGuard guard);

// What one row of any table is about; what the table does not have is nullptr.
struct TableRow {
  const ReportView* view = nullptr;
  const CodedReport* report = nullptr;
  const Codes* codes = nullptr;
  const Incident* incident = nullptr;
  const Victim* victim = nullptr;
  const Involvement* involvement = nullptr;
  const CodedValue* value = nullptr;  // a violation or a policy
  const MediaView* media = nullptr;
  const Decision* decision = nullptr;  // of `value`, or the link itself
  std::string_view kind{};             // of `value`: "violation", "policy"
  std::size_t number = 0;              // within what the row is of, from 1
};

struct TableColumn {
  std::string_view code;
  ColumnType type = ColumnType::kText;
  ColumnGuard guard = ColumnGuard::kOpen;
  std::string_view about;  // in English, for the codebook
  // Where the labels of its codes are: a list of the codes ("violations"), "map:…" of them, or, as
  // "field:…", the question that fills that field of the research schema.
  std::string_view labels{};
  std::string (*cell)(const TableRow&) = nullptr;  // nullptr: the values of the field in `labels`
};

using RowVisitor = std::function<program::Outcome<Done>(const TableRow&)>;
struct Table {
  std::string_view name;
  std::string_view about;
  std::span<const TableColumn> columns;
  // The rows of one report, in order. `about` has its view, what it says, and the codes.
  program::Outcome<Done> (*rows)(const TableRow& about, const RowVisitor& visitor);
};

// In the order in which they are written.
std::span<const Table> export_tables();
const Table& export_table(std::string_view name);  // one that there is

// What stands in a column; '|' between several, and never in one.
std::string cell_of(const TableColumn& column, const TableRow& row);
// nullptr: the table has none of that code.
const TableColumn* column_of(const Table& table, std::string_view code);

}  // namespace resguardo::analyst
