// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/stats/small_numbers.h"

#include <algorithm>
#include <tuple>

namespace resguardo::analyst {
namespace {

using Kind = ShownCount::Kind;

// A count and how it is shown, while that is being decided.
struct Cell {
  std::uint64_t count = 0;
  std::uint64_t limit = 0;
  Kind kind = Kind::kExact;
};
using Line = std::vector<Cell*>;

// Whether, to somebody who knows the sum of the line and what is shown of it, each small count may
// still be anything from 1 to its limit.
bool is_safe(const Line& line) {
  std::uint64_t sum = 0, least = 0, most = 0;
  bool unbounded = false;
  for (const Cell* cell : line) {
    if (cell->kind == Kind::kExact) continue;
    sum += cell->count;
    least += cell->kind == Kind::kSmall ? 1 : cell->limit;
    if (cell->kind == Kind::kSmall)
      most += cell->limit - 1;
    else
      unbounded = true;
  }
  return std::all_of(line.begin(), line.end(), [&](const Cell* cell) {
    if (cell->kind != Kind::kSmall) return true;
    const bool may_be_most = cell->limit - 1 + (least - 1) <= sum;
    const bool may_be_one = unbounded || 1 + (most - (cell->limit - 1)) >= sum;
    return may_be_most && may_be_one;
  });
}

// Withholds the smallest further counts of a line until it is safe, or none is left. Returns
// whether something was withheld.
bool make_safe(const Line& line) {
  bool changed = false;
  while (!is_safe(line)) {
    Cell* next = nullptr;
    for (Cell* cell : line)
      if (cell->kind == Kind::kExact && cell->count > 0)
        if (next == nullptr || cell->count < next->count) next = cell;
    if (next == nullptr) return changed;
    next->kind = Kind::kWithheld;
    changed = true;
  }
  return changed;
}

ShownCount shown(const Cell& cell) {
  switch (cell.kind) {
    case Kind::kExact:
      return {Kind::kExact, cell.count};
    case Kind::kSmall:
      return {Kind::kSmall, cell.limit};
    case Kind::kWithheld:
      return {Kind::kWithheld, 0};
  }
  return {};
}

Cell cell_of(std::uint64_t count, const SmallNumbers& rule, bool sensitive) {
  Cell cell{count, sensitive ? rule.limit_of_sensitive : rule.limit};
  if (!rule.exact && count > 0 && count < cell.limit) cell.kind = Kind::kSmall;
  return cell;
}

// The cells of a table with the lines that have a sum which is, or may be, known.
class Grid {
 public:
  Grid(const StatTable& table, const SmallNumbers& rule) {
    for (const StatTable::Row& row : table.rows) {
      const bool of_row = rule.sensitive.contains(row.code);
      totals_.push_back(cell_of(row.incidents, rule, of_row));
      std::vector<Cell>& cells = cells_.emplace_back();
      for (std::size_t i = 0; i < row.counts.size(); ++i)
        cells.push_back(
            cell_of(row.counts[i], rule, of_row || rule.sensitive.contains(table.columns[i])));
    }
  }
  // In a plain count the one column is the row's total.
  void protect(bool plain) {
    if (plain) {
      make_safe(all(totals_));
      for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i].front().kind = totals_[i].kind;
      return;
    }
    while (make_safe(all(totals_)) || protect_rows() || protect_columns()) continue;
  }
  bool is_safe_to_show() { return is_safe(all(totals_)); }
  const Cell& total(std::size_t row) const { return totals_[row]; }
  const Cell& at(std::size_t row, std::size_t column) const { return cells_[row][column]; }

 private:
  static Line all(std::vector<Cell>& cells) {
    Line line;
    for (Cell& cell : cells) line.push_back(&cell);
    return line;
  }
  // A row's counts may add up to its total: where they cannot be made safe the total goes, and
  // where the total is not shown they do not say it.
  bool protect_rows() {
    bool changed = false;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const Line row = all(cells_[i]);
      changed = make_safe(row) || changed;
      Cell& total = totals_[i];
      if (total.kind == Kind::kExact && !is_safe(row)) {
        total.kind = Kind::kWithheld;
        changed = true;
      }
      if (total.kind != Kind::kExact && !hides_something(row)) {
        largest(row).kind = Kind::kWithheld;
        changed = true;
      }
    }
    return changed;
  }
  static bool hides_something(const Line& line) {
    return std::any_of(line.begin(), line.end(),
                       [](const Cell* cell) { return cell->kind != Kind::kExact; });
  }
  static Cell& largest(const Line& line) {
    return **std::max_element(line.begin(), line.end(),
                              [](const Cell* a, const Cell* b) { return a->count < b->count; });
  }
  bool protect_columns() {
    bool changed = false;
    for (std::size_t i = 0; !cells_.empty() && i < cells_.front().size(); ++i) {
      Line line;
      for (auto& row : cells_) line.push_back(&row[i]);
      changed = make_safe(line) || changed;
    }
    return changed;
  }
  std::vector<Cell> totals_;
  std::vector<std::vector<Cell>> cells_;
};

// What is hidden is not given away by where it stands: after what is shown, in the order of codes.
void put_hidden_last(std::vector<ShownTable::Row>& rows) {
  const auto key = [](const ShownTable::Row& row) {
    const bool hidden = row.incidents.kind != Kind::kExact;
    return std::tuple(row.code == "unknown", hidden, hidden ? row.code : std::string());
  };
  std::vector<ShownTable::Row> ordered;
  ordered.reserve(rows.size());
  for (ShownTable::Row& row : rows) {
    const auto before = std::find_if(ordered.begin(), ordered.end(),
                                     [&](const auto& other) { return key(row) < key(other); });
    ordered.insert(before, std::move(row));
  }
  rows = std::move(ordered);
}

}  // namespace

std::string ShownCount::text() const {
  switch (kind) {
    case Kind::kExact:
      return std::to_string(value);
    case Kind::kSmall:
      return "<" + std::to_string(value);
    case Kind::kWithheld:
      return "\u2013";
  }
  return "";
}

bool is_too_restricted(const StatTable& table) {
  return (table.id == "ransom" || table.id == "captivity") && table.of < kLeastOfRestricted;
}

ShownCount shown_count(std::uint64_t count, const SmallNumbers& rule) {
  return shown(cell_of(count, rule, false));
}

ShownTable shown_table(const StatTable& table, const SmallNumbers& rule) {
  Grid grid(table, rule);
  const bool plain = table.columns.size() == 1;
  if (!rule.exact) grid.protect(plain);
  ShownTable result{table.id, table.columns, {}, shown_count(table.of, rule)};
  result.hidden = result.too_small = !rule.exact && !grid.is_safe_to_show();
  if (result.too_small) return result;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    ShownTable::Row row{table.rows[i].code, {}, shown(grid.total(i))};
    for (std::size_t j = 0; j < table.columns.size(); ++j)
      row.counts.push_back(shown(grid.at(i, j)));
    const auto not_exact = [](const ShownCount& count) { return count.kind != Kind::kExact; };
    result.hidden = result.hidden || not_exact(row.incidents) ||
                    std::any_of(row.counts.begin(), row.counts.end(), not_exact);
    result.rows.push_back(std::move(row));
  }
  if (!rule.exact) put_hidden_last(result.rows);
  return result;
}

}  // namespace resguardo::analyst
