// SPDX-License-Identifier: AGPL-3.0-or-later
#include <array>

#include "analyst/export/csv.h"
#include "analyst/export/exporter.h"
#include "analyst/export/geojson.h"
#include "analyst/export/html.h"
#include "analyst/export/hxl.h"
#include "analyst/export/ndjson.h"
#include "analyst/export/tables_csv.h"
#include "analyst/export/xlsx.h"

namespace resguardo::analyst {
namespace {

template <class Kind>
std::unique_ptr<Exporter> make() {
  return std::make_unique<Kind>();
}

constexpr std::array<ExporterEntry, 7> kExporters = {{
    {"csv", make<CsvExporter>},
    {"geojson", make<GeoJsonExporter>},
    {"html", make<HtmlExporter>},
    {"hxl", make<HxlExporter>},
    {"ndjson", make<NdjsonExporter>},
    {"tables", make<TablesExporter>, ExportShape::kFolder},
    {"xlsx", make<XlsxExporter>},
}};

}  // namespace

std::span<const ExporterEntry> exporters() {
  return kExporters;
}

const ExporterEntry* find_exporter(std::string_view name) {
  for (const ExporterEntry& entry : kExporters)
    if (entry.name == name) return &entry;
  return nullptr;
}

std::unique_ptr<Exporter> make_exporter(std::string_view name) {
  const ExporterEntry* entry = find_exporter(name);
  return entry == nullptr ? nullptr : entry->make();
}

}  // namespace resguardo::analyst
