// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/incident/codes.h"
#include "analyst/incident/dating.h"
#include "analyst/incident/risk.h"
#include "analyst/report/form_texts.h"
#include "analyst/report/report_view.h"

namespace resguardo::analyst {

// The incident model: HURIDOCS' Events Standard Formats as OpenEvSys has them (event, act,
// involvement, person, information), filled from the answers of one report. What was answered and
// what follows from it are kept apart: nothing here is confirmed until a person confirms it.

// How a code came to stand there.
enum class CodeStanding : std::uint8_t {
  kReported,   // it was answered
  kProposed,   // answers, or the day, suggest it
  kToDecide,   // the same, and it counts for nothing until a person says so
  kConfirmed,  // an analyst said so
  kRejected,   // an analyst said that it is not so
};
std::string_view standing_text(CodeStanding standing);  // "reported", "proposed", …

struct CodedValue {
  std::string code;
  CodeStanding standing = CodeStanding::kProposed;
  std::vector<std::string> because{};  // "event_what=kidnapping": the answers, never words
};

// By the field of the research schema ("act.detention.duration"), without its brackets. Codes and
// what was understood (days, numbers, amounts, places); no field: not asked, or not open here; an
// empty one: asked, and skipped.
using Fields = std::map<std::string, std::vector<std::string>, std::less<>>;

// The one value of a field; empty: none, or several.
std::string only_value(const Fields& fields, std::string_view field);
// All values; empty: none.
std::vector<std::string> values_of(const Fields& fields, std::string_view field);

struct Where {
  std::string country;  // ISO 3166-1
  std::string area;     // ISO 3166-2
  std::string place;    // of the form's gazetteer
  std::string name;
  std::string municipality;               // of Mexico, INEGI's code
  std::string precision;                  // point, site, city, adm1, country; empty: unknown
  std::vector<std::string> candidates{};  // where words may mean several
  // Of the middle of `place`, WGS 84. The reporter's own pin is among the fields only.
  std::optional<double> latitude{};
  std::optional<double> longitude{};
};

struct When {
  std::string edtf;
  std::string precision;
  std::optional<DaySpan> days{};
};

// A kind of perpetrator and what is said of them.
struct Involvement {
  std::string actor;         // ActorCode
  std::string degree;        // map "involvement"; empty: not said
  std::string count;         // band
  std::string acquiescence;  // helped, handed_over, allowed: of an authority that let others do it
};

// Whom it was done to. Never a name: those are among the words of a report only.
struct Victim {
  std::string label;  // "1", or an interviewer's letter
  std::string relation, age_band, gender, nationality;
  std::vector<std::string> characteristics{};
  std::vector<std::string> acts{};  // codes of the question; empty: all of the incident's
};

struct Incident {
  std::uint32_t number = 1;  // within the report
  When when;
  Where where;
  std::vector<CodedValue> violations{};  // in the order of the codes
  std::vector<CodedValue> policies{};
  std::vector<Involvement> involvements{};
  std::vector<Victim> victims{};  // at least one
  std::string us_link;            // returned, blocked, waiting, not_yet, no, unknown
  std::string victim_band, child_band;
  std::string level = "received";  // of verification
  // Accounts that people decided are of one incident have one name, which says nothing else; empty:
  // it is the only one. Reports it was told in, and people who told it, as far as anybody decided:
  // for analysts, as others need not have agreed to an export's purpose.
  std::string cluster{};
  std::uint32_t sources = 1;
  std::uint32_t independent_sources = 1;
  Fields fields{};                 // all of it
  Fields words{};                  // in the reporter's own words

  // Each of those involved, in their order.
  std::vector<std::string> actors() const;
  // They were returned, blocked or waiting because of the United States.
  bool us_linked() const;
  // Of the violations that stand: categories of Human Rights First's counts.
  std::vector<std::string> categories(const Codes& codes) const;
};
// Those that are confirmed; if there are none yet, those that are proposed. Without "kidnapping"
// where "kidnapping.ransom" stands: they are one act.
std::vector<std::string> standing_codes(const std::vector<CodedValue>& values);

struct CodedReport {
  ReportId id;
  Day received;
  ReportStatus status = ReportStatus::kIncomplete;
  std::string stream;  // "bot", or "interview"
  std::string language, form, form_version;
  std::set<std::string> consent{};   // purposes, as they stand now
  std::vector<std::string> risks{};  // most urgent first
  std::vector<std::string> tags{};   // of analysts
  Fields fields{};
  Fields words{};
  std::vector<Incident> incidents{};
};

// Deterministic. `form` nullptr: nothing can be filled, and no incident is there.
CodedReport coded_report(const ReportView& report, const FormTexts* form, const Codes& codes,
                         const RiskRules& risks);

// What codes reports: the codes of this program, and its rules of what is read first.
class ReportCoder {
 public:
  static Result<ReportCoder> built_in();
  // By the report's own questionnaire, if it is among `forms`; see coded_report(). With what
  // analysts decided of it laid over (decisions.h).
  CodedReport code(const ReportView& report, const FormShelf& forms) const;
  const Codes& codes() const { return codes_; }

 private:
  ReportCoder(Codes codes, RiskRules risks) : codes_(std::move(codes)), risks_(std::move(risks)) {}
  Codes codes_;
  RiskRules risks_;
};

// "1a2b3c4d-2": as it is called on the terminal, and short; the long one in files.
std::string incident_name(const ReportId& report, std::uint32_t number);

}  // namespace resguardo::analyst
