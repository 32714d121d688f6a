// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "analyst/export/exporter.h"
#include "analyst/export/release.h"

namespace resguardo::analyst {

// The reports of an export as its profile shows them; see coarser.h and release.h. Of a public one
// each row is a report.
class ProfileSource {
 public:
  ProfileSource(ExportSource whole, Profile profile, const Pseudonyms& names, const Codes& codes,
                ExportCounts& counts)
      : whole_(std::move(whole)),
        profile_(profile),
        names_(names),
        codes_(codes),
        counts_(counts) {}
  program::Outcome<Done> walk(const ExportVisitor& visitor);

 private:
  program::Outcome<Done> walk_public(const ExportVisitor& visitor);
  void count_alike();
  ExportSource whole_;
  Profile profile_;
  Pseudonyms names_;
  const Codes& codes_;
  ExportCounts& counts_;                        // of the export, which outlives this
  std::map<std::string, std::uint64_t> alike_;  // rows of a partner's file, by what is public
  std::optional<PublicRows> public_;
};

}  // namespace resguardo::analyst
