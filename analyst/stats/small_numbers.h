// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "analyst/stats/tables.h"

namespace resguardo::analyst {

// A count as it may be shown.
struct ShownCount {
  enum class Kind : std::uint8_t {
    kExact,
    kSmall,     // 1 or more, fewer than `value`
    kWithheld,  // not small itself: it would give a small one away
  };
  Kind kind = Kind::kExact;
  std::uint64_t value = 0;   // kSmall: the limit; kWithheld: 0
  std::string text() const;  // "12", "<5", "–"
};

struct ShownTable {
  std::string id;
  std::vector<std::string> columns{};
  struct Row {
    std::string code;
    std::vector<ShownCount> counts{};  // by column
    ShownCount incidents{};
  };
  std::vector<Row> rows{};
  ShownCount of{};
  bool hidden = false;     // something is not exact
  bool too_small = false;  // no way to show it would keep its small numbers: it has no rows
};

struct SmallNumbers {
  bool exact = false;                     // everything as it is
  std::uint64_t limit = 5;                // counts of 1 to limit - 1 are small
  std::uint64_t limit_of_sensitive = 10;  // where the row or column is one of these
  std::set<std::string> sensitive{"rape"};
};

// A table that may be shown around. In each row, in each column and among the rows' totals as many
// further counts are withheld as it takes that no small one can be worked out from the sum of its
// line: each may still be anything from 1 to its limit. Nothing (0) is shown as nothing. Rows whose
// total is hidden come after the others, by code: their place says nothing.
//
// NOT done: lines are looked at one by one, so several lines or tables together may still say more;
// nor is it hidden that what is withheld is the least that was left; nor are two files of
// overlapping sets compared. Who publishes both an exact and a protected file of one set has
// published the exact one.
ShownTable shown_table(const StatTable& table, const SmallNumbers& rule);
// Of ransoms and captivity only when there are enough of them at all.
constexpr std::uint64_t kLeastOfRestricted = 10;
bool is_too_restricted(const StatTable& table);
ShownCount shown_count(std::uint64_t count, const SmallNumbers& rule);

}  // namespace resguardo::analyst
