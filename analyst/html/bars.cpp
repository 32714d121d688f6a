// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>

#include "analyst/html/figures.h"
#include "analyst/html/markup.h"

namespace resguardo::analyst {
namespace {

using Kind = ShownCount::Kind;
constexpr std::size_t kFirstRows = 15;  // the others open below
constexpr std::size_t kMostColumns = 12;

bool is_plain(const ShownTable& table) {
  return table.columns.size() == 1;
}

std::string row_head(const ShownTable& table, const FigureParts& parts) {
  const std::string key = "head." + table.id;
  if (parts.words.has(key)) return page_text(parts.words(key));
  return page_text(parts.words("head.other"));
}

std::string bar_svg(const ShownCount& count, std::uint64_t most) {
  const double length = bar_length(count, most);
  if (length <= 0) return "";
  const char* kind = count.kind == Kind::kSmall ? "few" : "bar";
  return "<svg viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
         "class=\"" +
         std::string(kind) + "\" width=\"" + decimal(length) + "\" height=\"10\"/></svg>";
}

std::string share_of(const ShownCount& count, const ShownCount& of) {
  if (count.kind != Kind::kExact || of.kind != Kind::kExact || of.value == 0) return "";
  return decimal(100.0 * static_cast<double>(count.value) / static_cast<double>(of.value)) +
         "\u00A0%";
}

std::string bar_rows(const ShownTable& table, const FigureParts& parts, std::size_t first,
                     std::size_t last) {
  const std::uint64_t most = most_of(table);
  std::string html = "<table class=\"bars\"><thead><tr><th scope=\"col\">" +
                     row_head(table, parts) + "</th><td></td><th scope=\"col\" class=\"n\">" +
                     page_text(parts.words("count")) + "</th><th scope=\"col\" class=\"n\">" +
                     page_text(parts.words("share")) + "</th></tr></thead><tbody>\n";
  for (std::size_t i = first; i < last; ++i) {
    const ShownTable::Row& row = table.rows[i];
    html += "<tr><th scope=\"row\">" + page_text(parts.names.row(table.id, row.code)) +
            "</th><td class=\"b\">" + bar_svg(row.incidents, most) + "</td><td class=\"n\">" +
            page_text(row.incidents.text()) + "</td><td class=\"n\">" +
            share_of(row.incidents, table.of) + "</td></tr>\n";
  }
  return html + "</tbody></table>\n";
}

std::string head_cell(const std::string& html) {
  return element("th", html, "scope=\"col\" class=\"n\"");
}

// One cell for each row and column of `table`, or of it turned round.
std::string cells(const ShownTable& table, const FigureParts& parts, bool turned) {
  const auto row_name = [&](std::size_t i) {
    return page_text(parts.names.row(table.id, table.rows[i].code));
  };
  const auto column_name = [&](std::size_t i) {
    return page_text(parts.names.column(table.id, table.columns[i]));
  };
  const std::size_t rows = turned ? table.columns.size() : table.rows.size();
  const std::size_t columns = turned ? table.rows.size() : table.columns.size();
  const std::string head =
      !turned ? row_head(table, parts)
              : page_text(parts.words(table.id == "category_by_month" ? "head.month_of_report"
                                                                      : "head.place_by_category"));
  std::string html = "<thead><tr>" + element("th", head, "scope=\"col\"");
  if (!turned) html += head_cell(page_text(parts.words("count")));
  for (std::size_t j = 0; j < columns; ++j)
    html += head_cell(turned ? row_name(j) : column_name(j));
  html += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < rows; ++i) {
    html += "<tr><th scope=\"row\">" + (turned ? column_name(i) : row_name(i)) + "</th>";
    if (!turned) html += "<td>" + page_text(table.rows[i].incidents.text()) + "</td>";
    for (std::size_t j = 0; j < columns; ++j)
      html += "<td>" +
              page_text((turned ? table.rows[j].counts[i] : table.rows[i].counts[j]).text()) +
              "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody>";
}

}  // namespace

std::uint64_t most_of(const ShownTable& table) {
  std::uint64_t most = 1;
  for (const ShownTable::Row& row : table.rows) most = std::max(most, row.incidents.value);
  return most;
}

double bar_length(const ShownCount& count, std::uint64_t most) {
  switch (count.kind) {
    case Kind::kExact:
      return 100.0 * static_cast<double>(count.value) / static_cast<double>(most);
    case Kind::kSmall:
      return std::min(100.0,
                      100.0 * static_cast<double>(count.value - 1) / static_cast<double>(most));
    case Kind::kWithheld:
      return 0;
  }
  return 0;
}

std::string numbers_table(const ShownTable& table, const FigureParts& parts) {
  const std::string title = page_text(parts.words("table." + table.id));
  return "<details><summary>" + page_text(parts.words("numbers")) +
         "</summary><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + title +
         "\"><table class=\"counts\"><caption>" + title + "</caption>" +
         cells(table, parts, table.columns.size() > kMostColumns) + "</table></div></details>\n";
}

std::string figure_section(const ShownTable& table, const FigureParts& parts,
                           const std::string& html) {
  const std::string of = page_text(parts.words("of_incidents", {table.of.text()}));
  return "<section class=\"figure\" id=\"t-" + table.id + "\"><h3>" +
         page_text(parts.words("table." + table.id)) + " <small>" + of + "</small></h3>\n" + html +
         "</section>\n";
}

std::string bars_of_rows(const ShownTable& table, const FigureParts& parts) {
  const std::size_t count = table.rows.size();
  // A short rest is no reason to open something.
  const std::size_t first = count > kFirstRows + 3 ? kFirstRows : count;
  std::string html = bar_rows(table, parts, 0, first);
  if (first < count)
    html += "<details><summary>" +
            page_text(parts.words("more_rows", {std::to_string(count - first)})) + "</summary>" +
            bar_rows(table, parts, first, count) + "</details>\n";
  return html;
}

std::string bars_figure(const ShownTable& table, const FigureParts& parts) {
  std::string html = bars_of_rows(table, parts);
  if (!is_plain(table)) html += numbers_table(table, parts);
  return figure_section(table, parts, html);
}

}  // namespace resguardo::analyst
