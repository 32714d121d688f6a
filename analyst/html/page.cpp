// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/page.h"

#include <array>
#include <set>

#include "analyst/html/figures.h"
#include "analyst/html/list.h"
#include "analyst/html/markup.h"
#include "analyst/html/page_head.h"

namespace resguardo::analyst {
namespace {

struct Chapter {
  const char* id;
  std::vector<const char*> tables{};
};

// Where each table stands. One that is named nowhere is among the last ("other").
const std::vector<Chapter>& chapters() {
  static const std::vector<Chapter> all = {
      {"when", {"category_by_month", "month_of_report"}},
      {"where", {"place_by_category"}},
      {"victims", {"nationality", "gender", "age_band", "children"}},
      {"actors", {"perpetrator_by_category", "state_involvement"}},
      {"return", {"us_link", "policy", "abduction_place", "captivity", "ransom"}},
      {"asylum", {"asylum_denial_by_place", "expressed_fear", "expulsion_conditions"}},
      {"complaint", {"complaint"}},
      {"method", {"stream", "language", "role", "verification", "missing"}},
      {"other"},
  };
  return all;
}

std::string figure_of(const StatTable& table, const SmallNumbers& rule, const FigureParts& parts) {
  const ShownTable shown = shown_table(table, rule);
  const auto note = [&](const std::string& text) {
    return figure_section(shown, parts, "<p class=\"note\">" + page_text(text) + "</p>\n");
  };
  if (table.of == 0) return note(parts.words("none"));
  if (!rule.exact && is_too_restricted(table))
    return note(parts.words("few", {std::to_string(kLeastOfRestricted)}));
  if (shown.too_small) return note(parts.words("too_small"));
  if (table.id == "category_by_month") return months_figure(shown, parts);
  if (table.id == "place_by_category") return map_figure(shown, parts) + bars_figure(shown, parts);
  return bars_figure(shown, parts);
}

std::vector<const StatTable*> tables_of(const Chapter& chapter, const Statistics& statistics) {
  std::set<std::string> elsewhere;
  for (const Chapter& other : chapters())
    elsewhere.insert(other.tables.begin(), other.tables.end());
  std::vector<const StatTable*> found;
  for (const char* id : chapter.tables)
    for (const StatTable& table : statistics.tables)
      if (table.id == id) found.push_back(&table);
  if (chapter.tables.empty())
    for (const StatTable& table : statistics.tables)
      if (!elsewhere.contains(table.id)) found.push_back(&table);
  return found;
}

std::string section_link(const std::string& id, const Words& words) {
  return "<li><a href=\"#" + id + "\">" + page_text(words("section." + id)) + "</a></li>";
}

std::string contents_list(const Statistics& statistics, const Words& words) {
  std::string html = "<nav aria-label=\"" + page_text(words("contents")) + "\"><ul>" +
                     section_link("about", words) + section_link("reading", words);
  for (const Chapter& chapter : chapters())
    if (!tables_of(chapter, statistics).empty()) html += section_link(chapter.id, words);
  return html + section_link("incidents", words) + "</ul></nav>\n";
}

std::string banners(const PageContents& contents, const Words& words) {
  const PageFacts& facts = contents.facts;
  std::string html = "<p class=\"banner\">" +
                     page_text(words(facts.exact ? "banner.exact" : "banner.protected")) + "</p>\n";
  if (facts.despite_consent)
    html += "<p class=\"banner\">" +
            page_text(words("banner.despite", {std::to_string(facts.without_purpose)})) + "</p>\n";
  return html;
}

void write_incidents(const PageContents& contents, const SmallNumbers& rule,
                     const FigureParts& parts, const std::function<void(std::string_view)>& out) {
  const bool exact = contents.facts.exact;
  const PageRows rows =
      exact ? PageRows{contents.rows} : protected_rows(contents.rows, parts.codes);
  out("<section id=\"incidents\"><h2>" + page_text(parts.words("section.incidents")) + "</h2>\n");
  out("<p class=\"note\">" + page_text(parts.words("list.what")) + "</p>\n");
  if (!exact)
    out("<p class=\"note\">" +
        page_text(parts.words("list.protected", {shown_count(rows.rows.size(), rule).text(),
                                                 shown_count(rows.too_few, rule).text(),
                                                 shown_count(rows.sexual_violence, rule).text()})) +
        "</p>\n");
  write_list(rows, exact, parts, out);
  out("</section>\n");
}

}  // namespace

void write_page(const PageContents& contents, const Codes& codes, const FormShelf& forms,
                const std::function<void(std::string_view)>& out) {
  const Words words = Words::in(contents.facts.language);
  const Names names(codes, forms, contents.facts.language, words);
  const FigureParts parts{words, names, codes};
  const SmallNumbers rule{.exact = contents.facts.exact};
  out(page_head(words) + "<body>\n<a class=\"skip\" href=\"#main\">" + page_text(words("skip")) +
      "</a>\n<header><h1>" + page_text(words("title")) + "</h1>\n" + banners(contents, words) +
      contents_list(contents.statistics, words) + "</header>\n<main id=\"main\">\n");
  out(about_section(contents, rule, forms, parts));
  out(reading_section(rule.exact, parts));
  for (const Chapter& chapter : chapters()) {
    const auto tables = tables_of(chapter, contents.statistics);
    if (tables.empty()) continue;
    out("<section id=\"" + std::string(chapter.id) + "\"><h2>" +
        page_text(words("section." + std::string(chapter.id))) + "</h2>\n");
    for (const StatTable* table : tables) out(figure_of(*table, rule, parts));
    out("</section>\n");
  }
  write_incidents(contents, rule, parts, out);
  out("</main>\n<footer><p>" + page_text(words("footer")) + "</p></footer>\n" + page_script() +
      "</body>\n</html>\n");
}

}  // namespace resguardo::analyst
