// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// Which incidents are wanted; what is empty asks for nothing. All that is given must hold.
struct IncidentFilter {
  std::optional<Day> since{};  // it may have happened on or after,
  std::optional<Day> until{};  // and on or before
  std::string place{};         // a country, an area, or a place of the gazetteer or its mirror
  std::string actor{};         // or anybody below it
  std::string category{};
  std::string violation{};  // that stands; "kidnapping" is "kidnapping.ransom" too
  std::string policy{};     // reported, proposed or confirmed
  std::string nationality{};
  std::string us_link{};
  std::string level{};    // of verification
  std::string risk{};     // of its report
  std::string purpose{};  // that its reporter agreed to
  std::string stream{};   // bot, interview
  std::string tag{};      // of an analyst

  bool asks() const;  // for anything at all
  friend bool operator==(const IncidentFilter&, const IncidentFilter&) = default;
};

// One that is kept by a name; without a name there is none, and it asks for nothing.
struct NamedFilter {
  std::string name{};
  IncidentFilter filter{};
};

// What a filter asks for by a code, each by its name as data ("usLink"), in one order; to add one:
// a line there, and one in matches().
struct FilterCode {
  std::string_view name;
  std::string IncidentFilter::* code;
};
std::span<const FilterCode> filter_codes();

enum class FilterMatch : std::uint8_t {
  kWanted,
  kNotWanted,
  kDayUnknown,  // everything else holds, and nobody knows when it was
};
FilterMatch matches(const IncidentFilter& filter, const CodedReport& report,
                    const Incident& incident, const Codes& codes);

// What of a filter names a code that there is not: one of the words above ("actor"); empty:
// nothing.
std::string unknown_code_in(const IncidentFilter& filter, const Codes& codes,
                            const FormShelf& forms);

}  // namespace resguardo::analyst
