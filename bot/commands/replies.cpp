// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/replies.h"

#include <utility>
#include <vector>

#include "crypto/mailbox/reply.h"
#include "crypto/mailbox/reply_text.h"

namespace resguardo::commands {

static_assert(kMostSealedBox <= storage::kMostSealedReply);

Result<storage::Delivered> take_replies(storage::Store& store, const VerifiedRoster& roster,
                                        ByteView file, Day today) {
  RESGUARDO_TRY(auto replies, verify_replies(file, roster));
  std::vector<storage::ReplyWrite> writes;
  writes.reserve(replies.size());
  for (Reply& reply : replies)
    writes.push_back({reply.id, reply.report, std::move(reply.sealed), today});
  return store.deliver(writes);
}

}  // namespace resguardo::commands
