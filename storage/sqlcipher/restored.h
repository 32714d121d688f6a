// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "storage/key_ring.h"

// What is done to the store of a backup before anybody serves it (docs/adr/135). It lies in a
// directory of its own; nobody else works on it.
namespace resguardo::storage {

// Reports of which the newer slots say that they ended since the backup was made, and those whose
// cells cannot be read, which says nothing about the reports.
struct KeylessReports {
  std::vector<ReportId> erased;
  std::vector<ReportId> damaged;
};
Result<KeylessReports> keyless_reports(const std::filesystem::path& directory, KeyRing& keys);

// The log begins anew: what was logged or waited goes, with every checkpoint, and `entries` wait in
// this order, dated `day`. All of it or nothing.
Status begin_log_anew(const std::filesystem::path& directory, KeyRing& keys, Day day,
                      std::span<const Bytes> entries);

}  // namespace resguardo::storage
