// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/page_head.h"

#include <algorithm>
#include <array>
#include <optional>

#include "analyst/html/markup.h"
#include "crypto/base/hash.h"
#include "data/page_script.h"
#include "data/page_style.h"

namespace resguardo::analyst {
namespace {

std::string source_of(std::string_view text) {
  return "'sha256-" + to_base64(sha256(as_bytes(text)).view()) + "'";
}

// What a term is, and in small what it means.
std::string fact(const std::string& term, const std::string& value) {
  return "<tr><th scope=\"row\">" + page_text(term) + "</th><td>" + value + "</td></tr>\n";
}

std::string total(const FigureParts& parts, const std::string& key, const ShownCount& count) {
  return "<tr><th scope=\"row\">" + page_text(parts.words("about." + key)) + "<small>" +
         page_text(parts.words("about." + key + ".what")) + "</small></th><td class=\"n\">" +
         page_text(count.text()) + "</td></tr>\n";
}

const StatTable* table_of(const Statistics& statistics, std::string_view id) {
  for (const StatTable& table : statistics.tables)
    if (table.id == id) return &table;
  return nullptr;
}

std::string span_of(std::vector<std::string> months, const FigureParts& parts) {
  std::erase(months, "unknown");
  if (months.empty()) return page_text(parts.words("value.unknown"));
  std::sort(months.begin(), months.end());
  return page_text(parts.words("about.between", {months.front(), months.back()}));
}

std::vector<std::string> rows_of(const StatTable* table) {
  std::vector<std::string> codes;
  if (table == nullptr) return codes;
  for (const StatTable::Row& row : table->rows) codes.push_back(row.code);
  return codes;
}

std::string purpose_text(const std::string& code, const Words& words) {
  const std::string key = "purpose." + code;
  return page_text(words.has(key) ? words(key) : code);
}

std::string forms_text(const FormShelf& forms) {
  std::string text;
  for (const auto& [digest, form] : forms)
    text += (text.empty() ? "" : ", ") + page_text(form.id()) + " " + page_text(form.version()) +
            " <small>(" + to_hex(digest.view()).substr(0, 16) + ")</small>";
  return text;
}

std::string filter_text(const PageFacts& facts, const FigureParts& parts) {
  if (facts.filter.empty()) return page_text(parts.words("about.filter.all"));
  std::string text;
  for (const std::string& one : facts.filter) text += (text.empty() ? "" : "; ") + page_text(one);
  return text;
}

std::string totals_table(const PageContents& contents, const SmallNumbers& rule,
                         const FigureParts& parts) {
  const StatTotals& totals = contents.statistics.totals;
  std::string html = "<table class=\"totals\"><tbody>\n";
  html += total(parts, "reports", shown_count(totals.reports, rule)) +
          total(parts, "incidents", shown_count(totals.incidents, rule)) +
          total(parts, "acts", shown_count(totals.acts, rule)) +
          total(parts, "victims", shown_count(totals.victims, rule)) +
          total(parts, "headline", shown_count(totals.headline, rule));
  for (const auto& [stream, count] : totals.incidents_by_stream)
    html += "<tr><th scope=\"row\">" +
            page_text(parts.words("about.streams", {parts.names.row("stream", stream)})) +
            "</th><td class=\"n\">" + page_text(shown_count(count, rule).text()) + "</td></tr>\n";
  return html + "</tbody></table>\n";
}

}  // namespace

std::string page_head(const Words& words) {
  const std::string_view style = data::page_style[0].view(), script = data::page_script[0].view();
  return "<!doctype html>\n<html lang=\"" + page_text(words.language()) +
         "\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src " +
         source_of(style) + "; script-src " + source_of(script) +
         "; base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" "
         "content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         page_text(words("title")) + "</title>\n<style>" + std::string(style) +
         "</style>\n</head>\n";
}

std::string page_script() {
  return "<script>" + std::string(data::page_script[0].view()) + "</script>\n";
}

std::string about_section(const PageContents& contents, const SmallNumbers& rule,
                          const FormShelf& forms, const FigureParts& parts) {
  const PageFacts& facts = contents.facts;
  const Words& words = parts.words;
  const StatTable* by_month = table_of(contents.statistics, "category_by_month");
  std::string html = "<section id=\"about\"><h2>" + page_text(words("section.about")) + "</h2>\n";
  if (contents.statistics.totals.incidents == 0)
    html += "<p>" + page_text(words("about.empty")) + "</p>\n";
  html += totals_table(contents, rule, parts) + "<table class=\"facts\"><tbody>\n";
  html += fact(words("about.purpose"), purpose_text(facts.purpose, words));
  html += fact(words("about.without"), page_text(shown_count(facts.without_purpose, rule).text()));
  if (facts.without_form > 0)
    html +=
        fact(words("about.without_form"), page_text(shown_count(facts.without_form, rule).text()));
  html += fact(words("about.filter"), filter_text(facts, parts));
  if (facts.without_day > 0)
    html +=
        fact(words("about.without_day"), page_text(shown_count(facts.without_day, rule).text()));
  html +=
      fact(words("about.happened"),
           span_of(by_month == nullptr ? std::vector<std::string>() : by_month->columns, parts));
  html += fact(words("about.received"),
               span_of(rows_of(table_of(contents.statistics, "month_of_report")), parts));
  html += fact(words("about.forms"), forms_text(forms));
  html += fact(words("about.tool"), page_text(facts.tool));
  return html + "</tbody></table></section>\n";
}

std::string reading_section(bool exact, const FigureParts& parts) {
  constexpr std::array<const char*, 10> kSentences = {
      "reading.sample",  "reading.prevalence", "reading.months",  "reading.denominators",
      "reading.unknown", "reading.counts",     "reading.several", "reading.proposed",
      "reading.told",    "reading.network"};
  std::string html = "<section id=\"reading\"><h2>" + page_text(parts.words("section.reading")) +
                     "</h2>\n<ul class=\"reading\">";
  for (const char* key : kSentences) html += "<li>" + page_text(parts.words(key)) + "</li>\n";
  if (!exact) html += "<li>" + page_text(parts.words("small")) + "</li>\n";
  return html + "</ul></section>\n";
}

}  // namespace resguardo::analyst
