// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "storage/retention_store.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::storage {

// RetentionStore::acknowledge() and acknowledgements(), on a connection to a report store.
Result<bool> acknowledge(sqlcipher::Connection& connection, std::size_t segments,
                         std::span<const ReportAcknowledgement> said);
Result<std::vector<ReportAcknowledgement>> stored_acknowledgements(
    sqlcipher::Connection& connection);

}  // namespace resguardo::storage
