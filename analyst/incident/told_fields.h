// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "analyst/incident/incident.h"

namespace resguardo::analyst {

// The answers of a report that stand, by what they are about. Part of coded_report().
struct ToldFields {
  struct Group {  // one instance of a group within an event: a victim, a kind of perpetrator
    Fields fields;
  };
  struct Event {
    Fields fields;
    Fields words;
    AnsweredCodes answers;                  // by question
    std::map<std::uint32_t, Group> groups;  // by their number within the event
    std::optional<pb::Place> place;
    std::optional<pb::ApproximateDate> date;
  };
  Fields fields;  // of the report as a whole
  Fields words;
  AnsweredCodes answers;                  // of the whole report
  std::map<std::uint32_t, Event> events;  // by number, from 0
};

// A field as it is called here: "act.type" of "act[].type", "place.point" of
// "place.point|place.text".
std::string field_name(std::string_view maps_to);

ToldFields told_fields(const ReportView& report, const FormTexts& form);

}  // namespace resguardo::analyst
