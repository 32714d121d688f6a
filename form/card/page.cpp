// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/card/page.h"

#include "program/print/html.h"
#include "program/print/qr_code.h"

namespace resguardo::form {
namespace {

using program::html_escaped;

constexpr const char* kHead = R"(<!doctype html>
<html lang="@language">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>@title</title>
<style>
@page { margin: 9mm }
* { box-sizing: border-box }
body { font: 8.7pt/1.25 sans-serif; color: #000; background: #fff; max-width: 190mm; margin: 0 auto }
section { break-after: page }
section:last-of-type { break-after: auto }
h1 { font-size: 14pt; margin: 0 0 1.5mm }
h2 { font-size: 11pt; margin: 0 0 0.5mm }
h3 { font-size: 8pt; margin: 0.8mm 0 0 }
p, ul, ol, dl { margin: 0 0 1.5mm }
ol { padding-left: 5mm }
li { margin: 0 0 0.8mm }
.top { display: flex; gap: 5mm; align-items: flex-start }
.top svg { width: 40mm; height: 40mm; flex: none }
.two { columns: 2; column-gap: 6mm }
dl { break-inside: avoid; display: grid; grid-template-columns: fit-content(34mm) 1fr; column-gap: 2mm; row-gap: 0.5mm }
dt { font-weight: bold }
dd { margin: 0 }
.consent { border: 0.4mm solid #000; padding: 2mm; margin: 0 0 1.5mm }
.small { font-size: 7.6pt; line-height: 1.2 }
.back { font-size: 7.7pt; line-height: 1.15; columns: 3; column-gap: 4mm }
.back h2 { font-size: 8.2pt }
.back h2 b { font-size: 11pt; padding-right: 1mm }
.back .small { font-size: 7.4pt }
.q { margin: 0 0 1.6mm; break-inside: avoid }
.long { break-inside: auto }
.back .group { break-inside: avoid }
.q ul { list-style: none; padding: 0; margin: 0 }
.q li { margin: 0; padding-left: 4.6mm; text-indent: -4.6mm }
.long ul { display: inline }
.long li { display: inline; padding: 0; white-space: nowrap }
b.n { display: inline-block; min-width: 4mm; text-indent: 0; padding-right: 0.6mm }
.long b.n { min-width: 0 }
.edition { font-size: 6.5pt; margin: 1mm 0 0 }
@media screen { section { border-bottom: 1px dashed #888; padding: 6mm 0 } }
</style>
</head>
<body>
)";

std::string element(const std::string& name, const std::string& text) {
  return "<" + name + ">" + html_escaped(text) + "</" + name + ">\n";
}
// A text's paragraphs and lines.
std::string paragraphs(std::string text) {
  std::string html = "<p>";
  for (const char c : text) html += c == '\n' ? std::string("<br>") : html_escaped({&c, 1});
  std::string::size_type twice = 0;
  while ((twice = html.find("<br><br>")) != std::string::npos) html.replace(twice, 8, "</p>\n<p>");
  return html + "</p>\n";
}
std::string lines(const std::vector<PrintedLine>& all) {
  std::string html = "<dl>\n";
  for (const auto& line : all) {
    html += element("dt", line.term);
    html += element("dd", line.meaning);
  }
  return html + "</dl>\n";
}
std::string option(const PrintedOption& each) {
  std::string html = "<li><b class=\"n\">" + std::to_string(each.number) + "</b> ";
  html += html_escaped(each.title);
  if (!each.description.empty()) {
    html += " <span class=\"small\">– " + html_escaped(each.description) + "</span>";
  }
  return html + "</li>\n";
}
// What stands before the first group is never alone at the foot of a column.
std::string options(const PrintedQuestion& question, std::string before) {
  if (question.groups.empty()) return before;
  std::string html;
  for (const auto& group : question.groups) {
    html += "<div class=\"group\">\n" + before;
    before.clear();
    if (!group.heading.empty()) html += element("h3", group.heading);
    html += "<ul>\n";
    for (const auto& each : group.options) html += option(each);
    html += "</ul>\n</div>\n";
  }
  return html;
}

// "7!" where an answer is needed: as the chat says it.
std::string marked(const PrintedQuestion& question) {
  return std::to_string(question.number) + (question.required ? "!" : "");
}

std::string consent(const CardSheet& sheet, const PrintedQuestion& question) {
  std::string html = "<div class=\"consent\" id=\"" + sheet.language + "-" +
                     std::to_string(question.number) + "\">\n";
  html += element("h2", marked(question));
  html += paragraphs(question.text);
  html += "<div class=\"q two\">\n" + options(question, {}) + "</div>\n<div class=\"small two\">\n";
  for (const auto& each : sheet.consent_explained) html += element("p", each);
  return html + "</div>\n<p><b>" + html_escaped(sheet.consent_note) + "</b></p>\n</div>\n";
}

std::string question(const CardSheet& sheet, const PrintedQuestion& each) {
  const bool places = each.groups.size() > 1;
  std::string html = places ? "<div class=\"q long\" id=\"" : "<div class=\"q\" id=\"";
  html += sheet.language + "-" + std::to_string(each.number) + "\">\n";
  const std::string text = "<h2><b>" + marked(each) + "</b>" + html_escaped(each.text) + "</h2>\n";
  return html + options(each, text) + "</div>\n";
}

std::string front(const CardSheet& sheet, const std::string& code) {
  std::string html = "<section lang=\"" + sheet.language + "\">\n<div class=\"top\">\n<div>\n";
  html += element("h1", sheet.title) + "<ol>\n";
  for (const auto& step : sheet.steps) html += element("li", step);
  html += "</ol>\n</div>\n" + code + "\n</div>\n<div class=\"two\">\n";
  html += lines(sheet.words) + lines(sheet.signs) + "</div>\n";
  for (const auto& each : sheet.questions) {
    if (each.number == sheet.consent) html += consent(sheet, each);
  }
  for (const auto& note : sheet.notes) html += element("p", note);
  return html + "</section>\n";
}

std::string back(const CardSheet& sheet) {
  std::string html = "<section lang=\"" + sheet.language + "\">\n<div class=\"back\">\n";
  for (const auto& each : sheet.questions) {
    if (each.number != sheet.consent) html += question(sheet, each);
  }
  html += "</div>\n<p class=\"edition\">" + html_escaped(sheet.edition) + "</p>\n";
  return html + "</section>\n";
}

std::string head(const CardSheet& first) {
  std::string html = kHead;
  html.replace(html.find("@language"), 9, html_escaped(first.language));
  return html.replace(html.find("@title"), 6, html_escaped(first.title));
}

}  // namespace

Result<std::string> card_page(const std::vector<CardSheet>& sheets) {
  if (sheets.empty()) return Error{Fault::kRefused, "no sheet"};
  std::string html = head(sheets.front());
  for (const auto& sheet : sheets) {
    RESGUARDO_TRY(const std::string code, program::qr_code_svg(sheet.link));
    html += front(sheet, code);
    html += back(sheet);
  }
  return html + "</body>\n</html>\n";
}

}  // namespace resguardo::form
