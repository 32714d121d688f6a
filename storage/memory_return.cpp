// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/memory_return.h"

#include <algorithm>
#include <tuple>

namespace resguardo::storage {

void MemoryReturn::bring(const ReportId& report, const std::vector<ReceiptWrite>& receipts) {
  if (receipts.empty()) return;
  const auto its = [&](const auto& one) { return one.second.first == report; };
  if (std::erase_if(receipts_, its) > 0) take_all(report);
  receipts_.emplace(receipts.back().lookup, std::pair(report, receipts.back()));
}

// Sealed to a mailbox that nobody can open any more; and a phone's way to it.
void MemoryReturn::take_all(const ReportId& report) {
  std::erase_if(links_, [&](const auto& one) { return one.second.report == report; });
  std::erase_if(replies_, [&](const auto& one) {
    if (one.second.report != report) return false;
    taken_.insert(one.first);
    return true;
  });
}

void MemoryReturn::erase(const ReportId& report) {
  std::erase_if(receipts_, [&](const auto& one) { return one.second.first == report; });
  std::erase_if(replies_, [&](const auto& one) { return one.second.report == report; });
  std::erase_if(links_, [&](const auto& one) { return one.second.report == report; });
}

std::optional<std::pair<ReportId, ReceiptWrite>> MemoryReturn::find(
    const ReceiptLookup& lookup) const {
  const auto at = receipts_.find(lookup);
  if (at == receipts_.end()) return std::nullopt;
  return at->second;
}

Status MemoryReturn::check(std::span<const ReplyWrite> replies) {
  for (const ReplyWrite& reply : replies)
    if (reply.sealed.empty() || reply.sealed.size() > kMostSealedReply) return kNoReply;
  return success();
}

void MemoryReturn::deliver_one(const ReplyWrite& reply, bool is_there, Delivered& done) {
  const auto its = [&](const auto& one) { return one.second.report == reply.report; };
  if (!is_there) {
    ++done.unknown;
  } else if (taken_.contains(reply.id) || replies_.contains(reply.id)) {
    ++done.known;
  } else if (std::ranges::count_if(replies_, its) >= static_cast<std::ptrdiff_t>(kMostReplies)) {
    ++done.full;
  } else {
    replies_.emplace(reply.id, reply);
    ++done.added;
  }
}

std::vector<StoredReply> MemoryReturn::replies(const ReportId& report) const {
  std::vector<StoredReply> found;
  for (const auto& [id, reply] : replies_)
    if (reply.report == report) found.push_back({id, reply.sealed, reply.day});
  std::ranges::sort(found, {}, [](const StoredReply& one) { return std::tuple(one.day, one.id); });
  return found;
}

void MemoryReturn::forget(const ReportId& report, std::span<const ReplyId> replies) {
  for (const ReplyId& id : replies) {
    const auto at = replies_.find(id);
    if (at == replies_.end() || at->second.report != report) continue;
    replies_.erase(at);
    taken_.insert(id);
  }
}

Result<bool> MemoryReturn::link(const LinkWrite& link, std::span<const LinkTag> before,
                                bool is_there) {
  if (link.sealed.empty() || link.sealed.size() > kMostSealedLink) return kNoLink;
  if (!is_there) return false;
  forget_links(before);
  std::erase_if(links_, [&](const auto& one) { return one.second.report == link.report; });
  links_.insert_or_assign(link.tag, link);
  return true;
}

std::optional<StoredLink> MemoryReturn::find_link(std::span<const LinkTag> tags) const {
  for (const LinkTag& tag : tags) {
    const auto at = links_.find(tag);
    if (at != links_.end()) return StoredLink{tag, at->second.sealed};
  }
  return std::nullopt;
}

void MemoryReturn::forget_links(std::span<const LinkTag> tags) {
  for (const LinkTag& tag : tags) links_.erase(tag);
}

void MemoryReturn::forget_links_before(Day day) {
  std::erase_if(links_, [&](const auto& one) { return one.second.day < day; });
}

}  // namespace resguardo::storage
