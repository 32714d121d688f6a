// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// An incident as a line of the page's list: codes only, nothing in anybody's words.
struct PageRow {
  std::string name{};  // incident_name(); empty: not shown
  std::string when{};  // EDTF; of a coarser row a month, a quarter ("2025-Q2") or a year
  std::string from{};  // first and last month in which it may have been; empty: not known
  std::string until{};
  std::string country{};
  std::string area{};
  std::string place{};  // as it is shown: a place, an area or a country; empty: not known
  std::vector<std::string> categories{};
  std::vector<std::string> actors{};
  std::vector<std::string> nationalities{};
  std::string us_link{};
  std::string victims{};
  std::string level{};
  bool sexual_violence = false;
  std::uint8_t coarseness = 0;  // how much of it is not shown: see PageRows
  bool operator==(const PageRow&) const = default;
};

PageRow page_row(const CodedReport& report, const Incident& incident, const Codes& codes);

struct PageRows {
  std::vector<PageRow> rows{};
  std::uint64_t too_few = 0;          // not shown: too few would be alike
  std::uint64_t sexual_violence = 0;  // not shown: of what is never shown row by row
};

// Rows that may be shown around: at least `k` are alike in all that is shown of them. Names, days
// and numbers of victims go, places become areas, perpetrators whom they belong to. A row that is
// like fewer than k others loses, one after the other, nationality, the link to the United States,
// precision of time and place, the perpetrator, the time; then it is not shown. What a row lost is
// shown as lost. Rows of sexual violence are never shown. In an order that tells nothing.
PageRows protected_rows(const std::vector<PageRow>& rows, const Codes& codes, std::uint64_t k = 5);

}  // namespace resguardo::analyst
