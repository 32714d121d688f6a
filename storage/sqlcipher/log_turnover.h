// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "storage/log_store.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::storage {

// LogStore::turn_over_log() on a report store's connection: one transaction, one entry in memory.
Status turn_over(sqlcipher::Connection& connection, Day day, LogBuilder& builder);

// The checkpoint in the first of `rows`: day, size, tree, note.
Result<std::optional<StoredCheckpoint>> checkpoint_row(sqlcipher::Rows rows);

// The newest checkpoint, on any connection to a report store.
Result<std::optional<StoredCheckpoint>> newest_checkpoint(sqlcipher::Connection& connection);

}  // namespace resguardo::storage
