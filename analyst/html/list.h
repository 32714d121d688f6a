// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "analyst/html/figures.h"
#include "analyst/html/rows.h"

namespace resguardo::analyst {

// The list of incidents: what to choose by and a table that the page's script fills, the same rows
// as a whole table for browsers without scripts, and the data for the script. `exact` false: rows
// were made coarser, and have no name and no number of victims.
void write_list(const PageRows& rows, bool exact, const FigureParts& parts,
                const std::function<void(std::string_view)>& out);

}  // namespace resguardo::analyst
