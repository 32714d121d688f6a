// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/base/secret_bytes.h"
#include "storage/return_store.h"
#include "storage/slot_file.h"
#include "storage/sqlcipher/connection.h"

namespace resguardo::storage {

// The report store's part of storage/return_store.h, on one connection to it.

// What is stored of the receipt; ReceiptFound::open is left false.
Result<std::optional<ReceiptFound>> stored_receipt(sqlcipher::Connection& connection,
                                                   const ReceiptLookup& lookup);
// In one transaction. A report whose key is damaged is unknown.
Result<Delivered> store_replies(sqlcipher::Connection& connection, const SlotFile& slots,
                                std::span<const ReplyWrite> replies, RandomSource& random);
// `key`: the report's slot key.
Result<std::vector<StoredReply>> stored_replies(sqlcipher::Connection& connection,
                                                const ReportId& report, const SecretBytes& key);
// In one transaction; says how many there were.
Result<std::size_t> take_replies(sqlcipher::Connection& connection, const ReportId& report,
                                 std::span<const ReplyId> replies);
// In one transaction, in the place of those of the same report and of those `before`. Not there:
// the report is not, or its key is not in its slot.
struct LinkChange {
  bool there = false;
  std::size_t gone = 0;
};
Result<LinkChange> store_link(sqlcipher::Connection& connection, const SlotFile& slots,
                              const LinkWrite& link, std::span<const LinkTag> before);
using SlotKeyOf = std::function<Result<std::optional<SecretBytes>>(const ReportId&)>;
Result<std::optional<StoredLink>> stored_link(sqlcipher::Connection& connection,
                                              std::span<const LinkTag> tags,
                                              const SlotKeyOf& key_of);
// Each in one transaction; they say how many there were.
Result<std::size_t> forget_links(sqlcipher::Connection& connection, std::span<const LinkTag> tags);
Result<std::size_t> forget_links_before(sqlcipher::Connection& connection, Day day);
// The report has this receipt alone from now on. One that it had goes, with the replies that were
// sealed to its mailbox: true. Within a transaction of the caller's.
Result<bool> take_place(sqlcipher::Connection& connection, const ReportId& report,
                        const ReceiptLookup& lookup);

}  // namespace resguardo::storage
