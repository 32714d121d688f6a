// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "crypto/base/result.h"
#include "storage/sqlcipher/journal_index.h"
#include "storage/store.h"

namespace resguardo::storage {

// Whether a turn may be recorded on top of what is there, answered from the index alone, before
// anything is written: a turn that may not never disturbs those that share its transaction.
Status check_turn(const Turn& turn, const IndexChanges& known);

// The tag under which the store has the conversation before this write.
ConversationTag current_tag(const ConversationWrite& write);

}  // namespace resguardo::storage
