// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/export/exporter.h"

namespace resguardo::analyst {

// Incidents as one page to read, print and show (analyst/html/page.h). Its scope says in which
// language, and whether numbers are exact.
class HtmlExporter final : public Exporter {
 public:
  program::Outcome<Done> write(const ExportInput& input, ExportFiles& files) const override;
};

}  // namespace resguardo::analyst
