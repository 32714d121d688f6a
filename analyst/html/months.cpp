// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <optional>

#include "analyst/html/figures.h"
#include "analyst/html/markup.h"

namespace resguardo::analyst {
namespace {

using Kind = ShownCount::Kind;
constexpr int kMostMonths = 120;

// Months counted from year 0.
std::optional<int> month_number(std::string_view text) {
  if (text.size() < 7 || text[4] != '-') return std::nullopt;
  int digits[6] = {};
  for (std::size_t i = 0, at = 0; i < 7; ++i) {
    if (i == 4) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits[at++] = text[i] - '0';
  }
  const int year = 1000 * digits[0] + 100 * digits[1] + 10 * digits[2] + digits[3];
  return 12 * year + 10 * digits[4] + digits[5] - 1;
}

std::string month_text(int number) {
  std::string year = std::to_string(number / 12), month = std::to_string(number % 12 + 1);
  return std::string(4 - std::min<std::size_t>(4, year.size()), '0') + year +
         (month.size() < 2 ? "-0" : "-") + month;
}

struct Axis {
  int first = 0;
  int last = -1;
  int months() const { return last - first + 1; }
};

// The months of the columns, the newest kMostMonths at most.
Axis axis_of(const ShownTable& table) {
  Axis axis;
  for (const std::string& column : table.columns)
    if (const auto number = month_number(column)) {
      axis.first = axis.last < 0 ? *number : std::min(axis.first, *number);
      axis.last = std::max(axis.last, *number);
    }
  axis.first = std::max(axis.first, axis.last - kMostMonths + 1);
  return axis;
}

std::string svg_of(const Axis& axis, int height, std::string_view kind, const std::string& shapes) {
  return "<svg class=\"" + std::string(kind) + "\" viewBox=\"0 0 " +
         std::to_string(10 * axis.months()) + " " + std::to_string(height) +
         "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">" + shapes + "</svg>";
}

std::string rect(double x, double y, double width, double height, std::string_view kind) {
  return "<rect class=\"" + std::string(kind) + "\" x=\"" + decimal(x) + "\" y=\"" + decimal(y) +
         "\" width=\"" + decimal(width) + "\" height=\"" + decimal(height) + "\"/>";
}

std::string year_lines(const Axis& axis) {
  std::string lines;
  for (int month = axis.first + 1; month <= axis.last; ++month)
    if (month % 12 == 0) {
      const std::string x = std::to_string(10 * (month - axis.first));
      lines += "<path class=\"year\" d=\"M" + x + " 0V40\"/>";
    }
  return lines;
}

std::string strip(const ShownTable& table, const ShownTable::Row& row, const Axis& axis,
                  const FigureParts& parts) {
  std::uint64_t most = 1;
  std::string highest = parts.words("months.small");
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto month = month_number(table.columns[i]);
    if (!month || *month < axis.first || row.counts[i].kind != Kind::kExact) continue;
    if (row.counts[i].value < most) continue;
    most = row.counts[i].value;
    highest = parts.words("months.most", {std::to_string(most)});
  }
  std::string shapes = year_lines(axis);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto month = month_number(table.columns[i]);
    const double height = 0.4 * bar_length(row.counts[i], most);
    if (!month || *month < axis.first || height <= 0) continue;
    shapes += rect(10.0 * (*month - axis.first) + 1, 40 - height, 8, height,
                   row.counts[i].kind == Kind::kSmall ? "few" : "bar");
  }
  return "<div class=\"strip\"><p><b>" + page_text(parts.names.row(table.id, row.code)) + "</b> " +
         page_text(row.incidents.text()) + ", " + page_text(highest) + "</p>" +
         svg_of(axis, 40, "months", shapes) + "</div>\n";
}

// A policy as a band over the months in which it was in force; empty: in none of these.
std::string band(const pb::PolicyCode& policy, const Axis& axis, const FigureParts& parts) {
  const auto start = month_number(policy.start());
  if (!start || *start > axis.last) return "";
  const int end = month_number(policy.end()).value_or(axis.last);
  if (end < axis.first) return "";
  const int from = std::max(*start, axis.first), until = std::min(end, axis.last);
  const std::string span = policy.end().empty()
                               ? parts.words("months.open", {policy.start()})
                               : parts.words("months.span", {policy.start(), policy.end()});
  return "<li class=\"strip\"><p>" + page_text(parts.names.policy(policy.code())) + " <small>" +
         page_text(span) + "</small></p>" +
         svg_of(axis, 10, "band",
                rect(10.0 * (from - axis.first), 0, 10.0 * (until - from + 1), 10, "policy")) +
         "</li>\n";
}

std::string bands(const Axis& axis, const FigureParts& parts) {
  std::string html;
  for (const pb::PolicyCode& policy : parts.codes.all().policies())
    html += band(policy, axis, parts);
  if (html.empty()) return "";
  return "<h4>" + page_text(parts.words("months.policies")) + "</h4><ul class=\"bands\">" + html +
         "</ul>\n<p class=\"note\">" + page_text(parts.words("reading.policies")) + "</p>\n";
}

std::string axis_line(const Axis& axis) {
  return "<p class=\"axis\" aria-hidden=\"true\"><span>" + month_text(axis.first) +
         "</span><span>" + month_text((axis.first + axis.last) / 2) + "</span><span>" +
         month_text(axis.last) + "</span></p>\n";
}

}  // namespace

std::string months_figure(const ShownTable& table, const FigureParts& parts) {
  const Axis axis = axis_of(table);
  if (axis.last < 0) return bars_figure(table, parts);
  std::string html = bars_of_rows(table, parts) + "<p class=\"note\">" +
                     page_text(parts.words("months.description",
                                           {month_text(axis.first), month_text(axis.last)})) +
                     "</p>\n<div class=\"strips\">";
  for (const ShownTable::Row& row : table.rows) html += strip(table, row, axis, parts);
  html += axis_line(axis) + "</div>\n<div class=\"strips\">" + bands(axis, parts) +
          axis_line(axis) + "</div>\n" + numbers_table(table, parts);
  return figure_section(table, parts, html);
}

}  // namespace resguardo::analyst
