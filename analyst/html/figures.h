// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/html/names.h"
#include "analyst/html/words.h"
#include "analyst/stats/small_numbers.h"

namespace resguardo::analyst {

// What every figure of a page is made with. All outlive it.
struct FigureParts {
  const Words& words;
  const Names& names;
  const Codes& codes;
};

// Each figure is a section of HTML of its own: title, shapes (inline SVG without any text in it, so
// that words are never too small), numbers beside the shapes, everything else as a table that
// opens. Nothing is told by colour alone.

// A row for each code with a bar, its number and its share; the numbers by column below.
std::string bars_figure(const ShownTable& table, const FigureParts& parts);
// The rows alone, without title or further numbers.
std::string bars_of_rows(const ShownTable& table, const FigureParts& parts);
// The same, and a strip for each row, a bar in it for each month; above them the policies that were
// in force.
std::string months_figure(const ShownTable& table, const FigureParts& parts);
// Circles on outlines of countries, and what has no place on it.
std::string map_figure(const ShownTable& table, const FigureParts& parts);

// All counts of a table; turned round where it has many columns. In a <details>.
std::string numbers_table(const ShownTable& table, const FigureParts& parts);
// Title, how many it is about, and what goes between: <section>…</section>.
std::string figure_section(const ShownTable& table, const FigureParts& parts,
                           const std::string& html);

// How long a bar is, of 100: what is small is drawn as its limit less one, what is withheld not.
double bar_length(const ShownCount& count, std::uint64_t most);
std::uint64_t most_of(const ShownTable& table);  // the largest total that is shown; at least 1

}  // namespace resguardo::analyst
