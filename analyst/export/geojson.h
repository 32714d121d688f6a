// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// One feature for each incident (RFC 7946: WGS 84, longitude first), in the order of the reports'
// ids, one a line. Its point is the middle of the place that was named, never the reporter's own
// pin; null where no place is known. Properties are codes and days: nothing in anybody's words, and
// nothing of who told it.
class GeoJsonExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

}  // namespace resguardo::analyst
