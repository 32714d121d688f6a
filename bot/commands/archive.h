// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "storage/store.h"

namespace resguardo::commands {

// Every roster and every questionnaire that something may have been sealed under, kept in the store
// as exact bytes, oldest first: an exported bundle must hold them all. Public data.
enum class Kept : std::uint8_t { kRoster, kQuestionnaire };

// Once per content; the same again changes nothing.
Status keep(storage::Store& store, Kept kind, ByteView content);
Result<std::vector<Bytes>> kept(storage::Store& store, Kept kind);

// The digest of a segment as it lies in the store, as the log counts it.
Result<Digest> chain_of(storage::Store& store, const storage::StoredSegment& segment);

}  // namespace resguardo::commands
