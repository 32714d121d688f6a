// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// Reports, incidents, acts and victims are counted apart: none stands for another.
struct StatTotals {
  std::uint64_t reports = 0;  // with at least one of the incidents counted
  std::uint64_t incidents = 0;
  std::uint64_t accounts = 0;  // of them: more, where people decided that some are of one incident
  std::uint64_t acts = 0;      // violations that stand
  std::uint64_t victims = 0;   // at least: of each incident the lower end of its band, else one
  std::uint64_t headline = 0;  // incidents of a category that Human Rights First's counts hold,
                               // of people returned, blocked or waiting
  std::map<std::string, std::uint64_t> incidents_by_stream{};
};

// Counts of incidents: one in each row and column that it belongs to, so that rows may add up to
// more than there are. What was not asked, not said or not understood is the row "unknown".
struct StatTable {
  std::string id;  // never renamed: "category_by_month"
  std::string title;
  std::vector<std::string> columns{};  // one, "incidents": a plain count
  struct Row {
    std::string code;
    std::vector<std::uint64_t> counts{};  // by column
    std::uint64_t incidents = 0;          // of this row, each once
  };
  std::vector<Row> rows{};
  std::uint64_t of = 0;  // incidents that the table is about
};

struct Statistics {
  StatTotals totals;
  std::vector<StatTable> tables{};  // always all of them, in one order
};

// Reads incidents one by one, in any order. Of accounts that are of one incident the first that is
// read counts; else the order changes nothing.
class Tally {
 public:
  explicit Tally(const Codes& codes);  // which outlives it
  void add(const CodedReport& report, const Incident& incident);
  Statistics statistics() const;

  struct Table;  // tables.cpp

 private:
  using Cells = std::map<std::string, std::map<std::string, std::uint64_t>>;
  struct Counted {
    Cells cells;                                // row, column
    std::map<std::string, std::uint64_t> rows;  // row
    std::uint64_t of = 0;
  };
  const Codes& codes_;
  StatTotals totals_;
  std::set<ReportId> reports_;
  std::set<std::string> clusters_;
  std::vector<Counted> counted_;
};

// As lines for a terminal. `language`: of the codes' labels.
std::string statistics_text(const Statistics& statistics, const Codes& codes,
                            std::string_view language);

}  // namespace resguardo::analyst
