// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <span>

#include "crypto/base/result.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::sqlcipher {

// Brings a database to the newest version: migration n (from 1) takes it from version n-1 to n,
// each in a transaction of its own, the version in PRAGMA user_version.
// kRefused: the database was made by a newer version of the program.
// The texts come from schema/NNN.sql by resguardo_schema() (cmake/ResguardoSchema.cmake).
Status migrate(Connection& connection, std::span<const StaticText> migrations);

}  // namespace resguardo::sqlcipher
