// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/clock.h"
#include "crypto/base/random.h"
#include "crypto/base/secret_bytes.h"
#include "crypto/base/secret_text.h"
#include "crypto/session/receipt.h"
#include "storage/store.h"

namespace resguardo::intake {

// Which replies were shown in one stay, those apart that did not arrive. Thread-safe: the messenger
// tells on a thread of its own, and may tell after the stay has ended.
class ShownReplies {
 public:
  void add(const storage::ReplyId& id);
  void remove(const storage::ReplyId& id);
  bool has(const storage::ReplyId& id) const;

 private:
  mutable std::mutex mutex_;
  std::vector<storage::ReplyId> ids_;
};

// Somebody who came back with a receipt: which report it is of and what its digits gave, in locked
// memory. Ends with the conversation's stay in the return menu, at the latest with the silence that
// ends it; then the keys are wiped. The digits are nowhere.
struct ReturnSession {
  storage::ReceiptLookup lookup;
  ReportId report;
  SecretBytes mailbox_wrap;  // of one that is linked(): the mailbox's seed itself
  std::optional<SecretBytes> withdrawal_seed;
  Bytes wrapped_mailbox;
  // By a phone, without the receipt (phone_links.h): it reads replies and does nothing else.
  bool linked() const { return !withdrawal_seed; }
  std::shared_ptr<ShownReplies> shown = std::make_shared<ShownReplies>();
};

ReturnSession linked_session(const storage::ReceiptLookup& lookup, const ReportId& report,
                             SecretBytes mailbox_seed);

struct Return {
  ReturnSession session;
  std::uint32_t replies = 0;  // that wait
};
// Nothing: no report has this receipt. Leaves no trace in the store, and asks it as often whether
// there is one or not. Like all below it may wait for the store, so never call it from a
// completion.
Result<std::optional<Return>> find_return(storage::Store& store, ReceiptSecrets secrets);

struct NextReply {
  storage::ReplyId id;
  SecretText text;
  std::uint32_t left = 0;  // after this one
};
// The words of a reply that was sealed to a mailbox, with the mailbox's seed.
using OpenReply = std::function<Result<SecretText>(const SecretBytes& seed, ByteView sealed)>;
// The next that was not shown in this stay. Nothing: there is none, or none that opens. Failure:
// whether there is one could not be read now.
Result<std::optional<NextReply>> next_reply(storage::Store& store, ReturnSession& session,
                                            const OpenReply& open);

// The segment that an addition begins with. An addition that somebody left open ends first, as a
// silence would end it. kNotFound: the report is gone.
Result<std::uint32_t> place_to_add(storage::Store& store, const ReturnSession& session,
                                   TimePoint now, RandomSource& salts);

// Where another receipt is sealed that takes this one's place: a report that is at rest, and the
// segment after its last. Nothing: no report has this receipt any more, or somebody came back with
// it and is adding. kUnavailable: not now.
struct PlaceToReplace {
  ReportId report;
  std::uint32_t segment = 0;
};
Result<std::optional<PlaceToReplace>> place_to_replace(storage::Store& store,
                                                       const storage::ReceiptLookup& lookup);

// Signed with the receipt's key. Success: the whole report is erased, or that a purpose is
// withdrawn is on disk. Failure: it is not known to be.
Status take_back(storage::Store& store, const ReturnSession& session,
                 std::vector<std::string> purposes, TimePoint now, RandomSource& salts);

}  // namespace resguardo::intake
