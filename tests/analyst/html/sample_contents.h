// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/html/page.h"
#include "analyst/stats/tables.h"
#include "tests/forms/whole_form.h"
#include "tests/support/must.h"

namespace resguardo::testing_support {

inline const analyst::Codes& page_codes() {
  static const auto codes = must(analyst::Codes::built_in());
  return codes;
}

inline const analyst::FormShelf& page_forms() {
  static const analyst::FormShelf forms = [] {
    analyst::FormShelf shelf;
    shelf.emplace(Digest{}, must(analyst::FormTexts::parse(as_bytes(forms::whole_form_text()))));
    return shelf;
  }();
  return forms;
}

// Incidents as no form would give them: `number` decides all of one, so that two sets are alike.
inline analyst::Incident sample_incident(std::size_t number) {
  static const std::vector<std::string> places = {"mx-reynosa",    "mx-juarez",      "mx-tijuana",
                                                  "us-san-ysidro", "cr-paso-canoas", ""};
  static const std::vector<std::string> violations = {"kidnapping.ransom", "extortion.threat",
                                                      "sexual.rape", "killing.murder"};
  static const std::vector<std::string> actors = {"OC", "US-USBP", "MX-INM", "UNKNOWN"};
  static const std::vector<std::string> nationalities = {"HN", "VE", "HT", ""};
  analyst::Incident incident;
  const auto month = static_cast<std::int32_t>(number * 13 % 700);
  incident.when.days = analyst::DaySpan{Day{19900 + month}, Day{19900 + month}};
  incident.when.edtf = to_string(incident.when.days->first);
  if (number % 7 == 0) incident.when = {};
  incident.where.place = places[number % places.size()];
  incident.where.country = incident.where.place.empty() ? "GT" : "MX";
  incident.where.area = incident.where.place.empty() ? "" : "MX-TAM";
  incident.violations.push_back({violations[number * 5 % 17 % violations.size()]});
  incident.involvements.push_back({actors[number * 3 % 11 % actors.size()], "", "", ""});
  incident.victims.push_back({"1", "self", "25_34", "woman", nationalities[number % 13 % 4]});
  incident.us_link = number % 3 == 0 ? "returned" : "";
  incident.victim_band = "2_5";
  return incident;
}

inline const std::vector<std::string>& hostile_codes() {
  static const std::vector<std::string> all = {
      "</script><script>document.title='ACTED'</script>",
      "<img src=x onerror=\"document.title='ACTED'\">",
      "\" onfocus=\"document.title='ACTED'\" autofocus x=\"",
      "<!--<script>",
      "\xE2\x80\xAE"
      "gpj.exe",
      "\x1B[2J\x01",
      "\xC2\x85\xE2\x80\xA8",
      "\xFF\xFE",
      "&lt;b&gt;",
      std::string(100'000, 'x'),
  };
  return all;
}

// `count` incidents, two of them of one report; where it is said, every code of some is hostile.
inline analyst::PageContents sample_contents(std::size_t count, bool exact, bool hostile = false,
                                             const std::string& language = "en") {
  analyst::PageContents contents;
  analyst::Tally tally(page_codes());
  for (std::size_t i = 0; i < count; ++i) {
    analyst::CodedReport report;
    const std::size_t id = i / 2;
    for (std::size_t byte = 0; byte < 8; ++byte)
      report.id.bytes[byte] = static_cast<std::uint8_t>(id >> (8 * (7 - byte)));
    report.received = Day{20600};
    report.stream = "bot";
    report.language = "es";
    analyst::Incident incident = sample_incident(i);
    incident.number = static_cast<std::uint32_t>(i % 2 + 1);
    if (hostile) {
      const std::string& code = hostile_codes()[i % hostile_codes().size()];
      incident.where.place = incident.where.country = incident.us_link = incident.level = code;
      incident.when.edtf = report.stream = report.language = incident.victim_band = code;
      incident.involvements.push_back({code, "", "", ""});
      incident.victims.push_back({"2", code, code, code, code});
      incident.violations.push_back({code});
      incident.fields["intervention.complaint"] = {code};
    }
    tally.add(report, incident);
    contents.rows.push_back(analyst::page_row(report, incident, page_codes()));
  }
  contents.statistics = tally.statistics();
  contents.facts = {
      .tool = "resguardo-analyst 0", .purpose = "research", .exact = exact, .language = language};
  if (hostile) contents.facts.purpose = contents.facts.filter.emplace_back(hostile_codes()[0]);
  return contents;
}

inline std::string page_of(const analyst::PageContents& contents) {
  std::string page;
  analyst::write_page(contents, page_codes(), page_forms(),
                      [&](std::string_view text) { page += text; });
  return page;
}

}  // namespace resguardo::testing_support
