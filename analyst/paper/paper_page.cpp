// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/paper/paper_page.h"

#include <algorithm>

#include "program/print/html.h"
#include "program/print/qr_code.h"

namespace resguardo::analyst {
namespace {

using program::html_escaped;

constexpr int kMostLines = 41;  // in one column, beside the code

constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Resguardo, on paper</title>
<style>
@page { margin: 12mm }
body { font: 10pt/1.3 sans-serif; color: #000; background: #fff; max-width: 186mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 0 2mm }
p, ul { margin: 0 0 2mm }
.warning { border: 0.5mm solid #000; padding: 2mm; font-weight: bold }
.code { display: flex; justify-content: space-between; align-items: flex-start }
svg { width: 88mm; height: 88mm; flex: none }
pre { font: 9pt/1.25 monospace; margin: 0 0 2mm }
.many { display: block }
.many pre { font: 6.5pt/1.2 monospace; columns: 2 }
.many svg { width: 72mm; height: 72mm; display: block; margin: 0 auto }
</style>
</head>
<body>
)";

constexpr const char* kHowTo =
    "<p>To have it back, on a machine that has no network: scan the code into a file, or type the "
    "lines below into one, and run<br>\n"
    "<code>resguardo-analyst key paper --read TYPED --out FILE</code><br>\n"
    "Capitals, spaces and hyphens do not matter. The last four letters of a line check that line: "
    "what was mistyped is named.</p>\n";

}  // namespace

Result<std::string> paper_page(const PaperWords& words, const std::string& armoured,
                               const std::string& lines) {
  RESGUARDO_TRY(const std::string code, program::qr_code_svg(armoured));
  std::string page = kHead;
  page += "<h1>" + html_escaped(words.title) + "</h1>\n<ul>\n";
  for (const std::string& fact : words.facts) page += "<li>" + html_escaped(fact) + "</li>\n";
  page += "</ul>\n<p class=\"warning\">" + html_escaped(words.warning) + "</p>\n";
  page += kHowTo;
  const bool many = std::count(lines.begin(), lines.end(), '\n') > kMostLines;
  page += many ? "<div class=\"code many\">\n<pre>\n" : "<div class=\"code\">\n<pre>\n";
  page += html_escaped(lines) + "</pre>\n" + code + "\n</div>\n</body>\n</html>\n";
  return page;
}

}  // namespace resguardo::analyst
