// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "analyst/incident/told_fields.h"

namespace resguardo::analyst {

// What answers suggest. Part of coded_report(). Suggestions only: a person confirms every code.

// By the triggers of the codes, in the codes' order, each with the answers that suggest it. Some
// only where a state's agents did it or let it happen, some only where nobody said so.
std::vector<CodedValue> proposed_violations(const AnsweredCodes& answers,
                                            const std::vector<Involvement>& involvements,
                                            const Codes& codes);

// The policy that was named, as reported; and as proposals those that were in force on every day on
// which it may have happened, where it happened has to do with the United States, and the day is
// known to the month or better. A policy that others are phases of is left out in favour of these.
std::vector<CodedValue> policies_of(const Incident& incident, const ToldFields::Event& event,
                                    const Codes& codes);

// Who did it: the most particular that was named. A kind of which a member was named is left out.
std::vector<Involvement> involvements_of(const ToldFields::Event& event, const Codes& codes);

}  // namespace resguardo::analyst
