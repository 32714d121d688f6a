// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <set>

#include "bot/commands/bundle_parts.h"

namespace resguardo::commands {

// The log's frames around a bundle's segments: entries in their places after `since` (all of them
// without it), those that wait for a checkpoint, and behind the segments the last checkpoint.
Status add_log(BundleSurround& surround, storage::Store& store,
               const std::optional<storage::StoredCheckpoint>& since);

// The reports that the log has nothing new of since then: every entry about them is covered by
// `since`. Who holds that checkpoint was sent them already.
Result<std::set<ReportId>> reports_before(storage::Store& store,
                                          const storage::StoredCheckpoint& since);

// What the log that is in the bundle says of addenda, with what `since` covers: the digests of its
// ADDENDUM entries.
Result<std::set<Digest>> logged_addenda(const BundleSurround& surround, storage::Store& store,
                                        const std::optional<storage::StoredCheckpoint>& since);

}  // namespace resguardo::commands
