// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>

#include "analyst/export/csv.h"
#include "analyst/export/exporter.h"
#include "analyst/export/geojson.h"
#include "analyst/export/html.h"
#include "analyst/export/hxl.h"
#include "analyst/export/ndjson.h"

namespace resguardo::analyst {
namespace {

template <class Kind>
std::unique_ptr<Exporter> make() {
  return std::make_unique<Kind>();
}

constexpr std::array<ExporterEntry, 5> kExporters = {{
    {"csv", make<CsvExporter>},
    {"geojson", make<GeoJsonExporter>},
    {"html", make<HtmlExporter>},
    {"hxl", make<HxlExporter>},
    {"ndjson", make<NdjsonExporter>},
}};

}  // namespace

std::span<const ExporterEntry> exporters() {
  return kExporters;
}

std::unique_ptr<Exporter> make_exporter(std::string_view name) {
  for (const ExporterEntry& entry : kExporters)
    if (entry.name == name) return entry.make();
  return nullptr;
}

}  // namespace resguardo::analyst
