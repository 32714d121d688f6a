// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/format/media_layout.h"
#include "storage/slot_file.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::storage {

// The file of slots that belongs to a report store; its key lies in the store, so that an older
// copy of the one fits a newer copy of the other. A store that never had one gets it here.
// kNotFound: it is gone, and there are reports whose keys it held.
Result<std::unique_ptr<SlotFile>> open_slots(sqlcipher::Connection& connection,
                                             const std::filesystem::path& file);

// To look at it: nothing is written, and no cell is given out.
Result<std::unique_ptr<SlotFile>> look_at_slots(sqlcipher::Connection& connection,
                                                const std::filesystem::path& file);
// Which report names which cell.
Result<std::map<std::uint32_t, ReportId>> used_slots(sqlcipher::Connection& connection);

// Wraps the headers of reports that an older version stored as they are: all of them or none.
Status wrap_old_headers(sqlcipher::Connection& connection, SlotFile& slots, RandomSource& random);

// Free pages at the end of the file can be given back from here on; what an older version left in
// free pages is gone. Once; takes as much memory as the file has.
Status use_incremental_vacuum(sqlcipher::Connection& connection);

// The files of these reports.
Result<std::vector<MediaId>> media_of(sqlcipher::Connection& connection,
                                      std::span<const SlotErasure> erasures);
// Takes out every row of the reports and logs their entries, in one transaction.
Status take_out(sqlcipher::Connection& connection, std::span<const SlotErasure> erasures,
                RandomSource& random);

// The cell that a report names. kNotFound: there is no such report.
Result<std::uint32_t> slot_of(sqlcipher::Connection& connection, const ReportId& report);
Result<std::size_t> segments_of(sqlcipher::Connection& connection, const ReportId& report);

}  // namespace resguardo::storage
