// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "crypto/base/result.h"
#include "storage/sqlcipher/journal_ids.h"
#include "storage/sqlcipher/journal_index.h"
#include "storage/store.h"

namespace resguardo::storage {

// The sequence that comes next in a segment of an open report, from the journal; nothing: it has no
// such segment.
using NextSequence = std::function<Result<std::optional<std::uint64_t>>(
    const ReportId& report, const ReportEntry& entry, const Digest& segment)>;

// Whose the journal's row at a position is; nothing: there is none.
using IdsAt = std::function<Result<std::optional<TurnOwners>>(std::uint64_t position)>;

// Before anything else is asked of `known` about this turn: what the index has under the names of
// its conversation and of its report may be another's with the same prints. Then they get names of
// their own, and are not there yet. The row is read, but for a turn that goes on with the very row
// that was sealed last: conversation, counter, report, segment and sequence all fit.
Status tell_apart(const Turn& turn, IndexChanges& known, const IdsAt& ids_at);

// Whether a turn may be recorded on top of what is there, before anything is written: a turn that
// may not never disturbs those that share its transaction. Answered from the index alone, but for
// rows that go on with another segment than the one before did: then the journal is asked.
Status check_turn(const Turn& turn, const IndexChanges& known, const NextSequence& next_sequence);

// The tag under which the store has the conversation before this write.
ConversationTag current_tag(const ConversationWrite& write);

}  // namespace resguardo::storage
