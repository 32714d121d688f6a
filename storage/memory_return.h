// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "storage/store.h"

namespace resguardo::storage {

// Receipts and replies of closed reports in memory. The caller holds a lock.
class MemoryReturn {
 public:
  // Receipts of a report that closes: the last one of them, in the place of what was there.
  void bring(const ReportId& report, const std::vector<ReceiptWrite>& receipts);
  void erase(const ReportId& report);
  std::optional<std::pair<ReportId, ReceiptWrite>> find(const ReceiptLookup& lookup) const;

  template <class Known>
  Result<Delivered> deliver(std::span<const ReplyWrite> replies, Known is_report) {
    RESGUARDO_CHECK(check(replies));
    Delivered done;
    for (const ReplyWrite& reply : replies) deliver_one(reply, is_report(reply.report), done);
    return done;
  }
  std::vector<StoredReply> replies(const ReportId& report) const;
  void forget(const ReportId& report, std::span<const ReplyId> replies);

  Result<bool> link(const LinkWrite& link, std::span<const LinkTag> before, bool is_there);
  std::optional<StoredLink> find_link(std::span<const LinkTag> tags) const;
  void forget_links(std::span<const LinkTag> tags);
  void forget_links_before(Day day);

 private:
  void take_all(const ReportId& report);
  static Status check(std::span<const ReplyWrite> replies);
  void deliver_one(const ReplyWrite& reply, bool is_there, Delivered& done);

  std::map<ReceiptLookup, std::pair<ReportId, ReceiptWrite>> receipts_;
  std::map<ReplyId, ReplyWrite> replies_;
  std::set<ReplyId> taken_;
  std::map<LinkTag, LinkWrite> links_;
};

}  // namespace resguardo::storage
