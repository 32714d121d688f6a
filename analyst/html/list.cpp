// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/list.h"

#include <array>
#include <boost/json.hpp>

#include "analyst/html/markup.h"
#include "analyst/html/row_values.h"
#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using Out = std::function<void(std::string_view)>;
constexpr std::array<const char*, 9> kColumns = {"list.incident",    "list.when",    "list.place",
                                                 "list.category",    "list.actor",   "list.us_link",
                                                 "list.nationality", "list.victims", "list.level"};

bool is_shown(std::size_t column, bool exact) {
  return exact || (column != 0 && column != 7);  // no names, no numbers of victims
}

std::string select(const std::string& name, const RowValues& values, const FigureParts& parts) {
  std::string html = "<label>" + page_text(parts.words("list." + name)) + "<select name=\"" + name +
                     "\"><option value=\"\">" + page_text(parts.words("list.any")) + "</option>\n";
  for (std::size_t i = 0; i < values.all().size(); ++i)
    html += "<option value=\"" + std::to_string(i) + "\">" + page_text(values.all()[i].label) +
            "</option>\n";
  return html + "</select></label>\n";
}

std::string filter(const RowDimensions& dims, const FigureParts& parts) {
  return "<fieldset id=\"filter\"><legend>" + page_text(parts.words("list.filter")) +
         "</legend>\n" + select("category", dims.category, parts) +
         select("place", dims.place, parts) + select("actor", dims.actor, parts) +
         select("from", dims.month, parts) + select("until", dims.month, parts) +
         select("nationality", dims.nationality, parts) + select("us_link", dims.us_link, parts) +
         select("level", dims.level, parts) + "<button type=\"button\" id=\"reset\">" +
         page_text(parts.words("list.reset")) + "</button></fieldset>\n";
}

std::string pager(const FigureParts& parts) {
  std::string html = "<div class=\"pager\"><button type=\"button\" id=\"previous\">" +
                     page_text(parts.words("list.previous")) +
                     "</button><span id=\"page\"></span>" + "<button type=\"button\" id=\"next\">" +
                     page_text(parts.words("list.next")) + "</button><label>" +
                     page_text(parts.words("list.size")) + " <select id=\"rows-at-a-time\">";
  for (const char* size : {"50", "200", "1000"})
    html += element("option", size, std::string("value=\"") + size + "\"");
  return html + "<option value=\"0\">" + page_text(parts.words("list.all_rows")) +
         "</option></select></label></div>\n";
}

std::string table_head(bool exact, const FigureParts& parts) {
  std::string html = "<caption>" + page_text(parts.words("list.table")) + "</caption><thead><tr>";
  for (std::size_t i = 0; i < kColumns.size(); ++i)
    if (is_shown(i, exact))
      html += element("th", page_text(parts.words(kColumns[i])), "scope=\"col\"");
  return html + "</tr></thead>";
}

std::string selection(const FigureParts& parts) {
  std::string html = "<h3>" + page_text(parts.words("list.selection")) + "</h3><p class=\"note\">" +
                     page_text(parts.words("list.selection.note")) +
                     "</p>\n<div class=\"selection\">";
  const std::array<std::array<const char*, 2>, 5> tables = {{{"category", "list.category"},
                                                             {"place", "list.place"},
                                                             {"actor", "list.actor"},
                                                             {"nationality", "list.nationality"},
                                                             {"month", "list.when"}}};
  for (const auto& [id, word] : tables) {
    const std::string title = page_text(parts.words(word));
    html += "<table class=\"bars\"><caption>" + title + "</caption><thead><tr><th scope=\"col\">" +
            title + "</th><td></td><th scope=\"col\" class=\"n\">" +
            page_text(parts.words("count")) + "</th></tr></thead><tbody id=\"counts-" + id +
            "\"></tbody></table>\n";
  }
  return html + "</div>\n";
}

// One row as cells of text: what the script shows too (page.js, cells()).
std::array<std::string, 9> texts_of(const PageRow& row, const RowDimensions& dims,
                                    const FigureParts& parts) {
  const std::string unknown = parts.words("value.unknown"), lost = parts.words("list.dropped");
  const auto one = [&](const RowValues& values, const std::string& code) {
    const int at = values.at(code);
    return at < 0 ? unknown : values.all()[static_cast<std::size_t>(at)].label;
  };
  const auto many = [&](const RowValues& values, const std::vector<std::string>& codes) {
    std::string text;
    for (const std::string& code : codes) text += (text.empty() ? "" : "; ") + one(values, code);
    return text.empty() ? unknown : text;
  };
  const auto unless_lost = [&](int step, std::string text) {
    return row.coarseness >= step ? lost : std::move(text);
  };
  return {row.name,
          unless_lost(5, row.when.empty() ? unknown : row.when),
          one(dims.place, row.place),
          many(dims.category, row.categories),
          unless_lost(4, many(dims.actor, row.actors)),
          unless_lost(2, one(dims.us_link, row.us_link)),
          unless_lost(1, many(dims.nationality, row.nationalities)),
          one(dims.victims, row.victims),
          one(dims.level, row.level)};
}

// A browser that runs scripts takes this as text and makes nothing of it.
void write_all_rows(const PageRows& rows, bool exact, const RowDimensions& dims,
                    const FigureParts& parts, const Out& out) {
  out("<noscript><p class=\"note\">" + page_text(parts.words("list.noscript")) +
      "</p><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" +
      page_text(parts.words("list.table")) + "\"><table class=\"rows" + (exact ? " named" : "") +
      "\">" + table_head(exact, parts) + "<tbody>\n");
  for (const PageRow& row : rows.rows) {
    const auto texts = texts_of(row, dims, parts);
    std::string line = "<tr>";
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (is_shown(i, exact))
        line += i == 0 ? "<th scope=row>" + page_text(texts[i]) + "</th>"
                       : "<td>" + page_text(texts[i]) + "</td>";
    out(line + "</tr>\n");
  }
  out("</tbody></table></div></noscript>\n");
}

json::array labels(const RowValues& values) {
  json::array array;
  for (const auto& value : values.all())
    array.push_back(json::array{program::json_text(value.label)});
  return array;
}

json::array actors(const RowValues& values, const Codes& codes) {
  json::array array;
  for (const auto& value : values.all()) {
    const auto* actor = codes.actor(value.code);
    array.push_back(json::array{program::json_text(value.label),
                                actor == nullptr ? -1 : values.at(actor->parent())});
  }
  return array;
}

json::array indices(const RowValues& values, const std::vector<std::string>& codes) {
  json::array array;
  for (const std::string& code : codes) array.push_back(values.at(code));
  return array;
}

json::array row_data(const PageRow& row, const RowDimensions& dims) {
  return {row.name,
          program::json_text(row.when),
          dims.month.at(row.from),
          dims.month.at(row.until),
          dims.place.at(row.place),
          indices(dims.category, row.categories),
          indices(dims.actor, row.actors),
          dims.us_link.at(row.us_link),
          indices(dims.nationality, row.nationalities),
          dims.victims.at(row.victims),
          dims.level.at(row.level),
          row.coarseness};
}

// JSON that stands in a script element: nothing in it ends the element or begins a comment.
std::string script_safe(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<' || c == '>' || c == '&')
      safe += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
    else
      safe += c;
  }
  return safe;
}

void write_data(const PageRows& rows, bool exact, const RowDimensions& dims,
                const FigureParts& parts, const Out& out) {
  json::array columns;
  for (std::size_t i = 0; i < kColumns.size(); ++i)
    columns.push_back(json::string(is_shown(i, exact) ? parts.words(kColumns[i]) : ""));
  const json::object head{{"columns", std::move(columns)},
                          {"first", exact ? 0 : -1},
                          {"words", json::object{{"unknown", parts.words("value.unknown")},
                                                 {"dropped", parts.words("list.dropped")},
                                                 {"status", parts.words("list.status")},
                                                 {"page", parts.words("list.page")},
                                                 {"none", parts.words("list.none")}}},
                          {"dims", json::object{{"category", labels(dims.category)},
                                                {"place", labels(dims.place)},
                                                {"actor", actors(dims.actor, parts.codes)},
                                                {"month", labels(dims.month)},
                                                {"nationality", labels(dims.nationality)},
                                                {"us_link", labels(dims.us_link)},
                                                {"victims", labels(dims.victims)},
                                                {"level", labels(dims.level)}}}};
  std::string text = script_safe(program::json_line(head));
  text.back() = ',';  // of its closing brace
  out("<script type=\"application/json\" id=\"data\">" + text + "\"rows\":[");
  bool first = true;
  for (const PageRow& row : rows.rows) {
    out((first ? "\n" : ",\n") + script_safe(program::json_line(row_data(row, dims))));
    first = false;
  }
  out("]}</script>\n");
}

}  // namespace

void write_list(const PageRows& rows, bool exact, const FigureParts& parts, const Out& out) {
  const RowDimensions dims(rows, parts);
  out("<div id=\"list\" hidden>" + filter(dims, parts) +
      "<p id=\"status\" role=\"status\" aria-live=\"polite\"></p>\n" + selection(parts) +
      pager(parts) + "<table class=\"rows paged" + std::string(exact ? " named" : "") +
      "\" role=\"table\">" + table_head(exact, parts) +
      "<tbody id=\"rows\" role=\"rowgroup\"></tbody></table></div>\n");
  write_all_rows(rows, exact, dims, parts, out);
  write_data(rows, exact, dims, parts, out);
}

}  // namespace resguardo::analyst
