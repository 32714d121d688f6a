// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analyst/duplicates/resemblance.h"
#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// One incident of one report.
struct IncidentKey {
  ReportId report;
  std::uint32_t number = 1;  // within the report, from 1
  friend bool operator==(const IncidentKey&, const IncidentKey&) = default;
  friend auto operator<=>(const IncidentKey& a, const IncidentKey& b) {
    return std::tie(a.report, a.number) <=> std::tie(b.report, b.number);
  }
};

// What two incidents are compared by, beside when and where, what was told and which files came.
enum class Trait : std::uint8_t {
  kNationality,
  kGender,
  kAge,
  kRole,
  kTravelGroup,
  kLanguage,
  kPaper,  // an interviewer's reference, with who interviewed
  kActors,
  kGroupName,
  kIdentifiers,
  kSite,
  kMethods,
  kAmount,
  kDuration,
  kEnd,
  kChildren,
  kUsLink,
  kMotive,
};
inline constexpr std::size_t kTraits = 18;

// What of an incident is compared. Values are codes or folded words: for comparing, not for
// showing.
struct IncidentTraits {
  IncidentKey key;
  std::set<std::string> categories;  // of all that is proposed, to decide or confirmed
  std::optional<DaySpan> days{};
  bool to_the_day = false;  // known to the day, or nearly
  std::string place;        // of the gazetteer; empty: unknown
  std::string border_pair;  // the same for a place and its mirror across the border
  std::string victim_band;
  std::array<std::set<std::string>, kTraits> values{};  // by trait; none: not known
  Sketch story;
  std::set<Digest> files;      // SHA-256 of what people sent
  std::set<Digest> forwarded;  // of these: not made by who sent them, as their messenger says
};

// Pure. Of the reporter's files all belong to each of a report's incidents: they do not say which.
IncidentTraits traits_of(const ReportView& view, const CodedReport& report,
                         const Incident& incident, const Codes& codes);

}  // namespace resguardo::analyst
