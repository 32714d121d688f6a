// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// What whoever opens the tables must know first: what they are of, how they were made, and what
// must not be concluded from them. English; after the walk, since it has its counts.
struct ReadMeLine {
  std::string subject;
  std::string text;
};
std::vector<ReadMeLine> read_me(const ExportScope& scope, const ExportCounts& counts,
                                const FormShelf& forms);

}  // namespace resguardo::analyst
