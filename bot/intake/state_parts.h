// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "bot/intake/pack_bytes.h"
#include "proto/conversation.pb.h"

namespace resguardo::intake {

// A conversation's state in two parts. What memory alone may have: all that durable_part()
// (bot/dialogue/step.h) drops, and what changes between a turn and the next. And the rest, which
// the store has of every turn that it took. Names that the glossary has take a byte or two.
//
// Promises: join_parts() of both gives the state back, field by field, also fields that are new
// since; two states that differ in nothing but the first part have the same bytes as their second.
// `sent` and `sent_receipt` are in neither: SentMessages has them.
//
// The writers take the state apart and leave it in no order to be used.
void write_memory_part(pb::ConversationState& state, PackWriter& out);
void write_stored_part(pb::ConversationState& state, PackWriter& out);

// `state` is what read_stored_part() gave, or what the store has.
void read_stored_part(PackReader& in, pb::ConversationState& state);  // to the reader's end
void join_memory_part(PackReader& in, pb::ConversationState& state);

}  // namespace resguardo::intake
