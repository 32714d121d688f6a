// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/returning.h"

#include <algorithm>
#include <utility>

#include "bot/intake/closing.h"
#include "crypto/log/withdrawal.h"

namespace resguardo::intake {
namespace {

// Not while something is being added: an erasure would pass it over.
Result<storage::ReceiptFound> settled(storage::Store& store, const ReturnSession& session,
                                      TimePoint now, RandomSource& salts) {
  constexpr Error kGone{Fault::kNotFound, "the report is gone"};
  RESGUARDO_TRY(auto found, store.find_receipt(session.lookup));
  if (!found) return kGone;
  if (!found->open) return std::move(*found);
  RESGUARDO_CHECK(end_addition(store, session.report, now, salts));
  RESGUARDO_TRY(found, store.find_receipt(session.lookup));
  if (!found) return kGone;
  return std::move(*found);
}

Result<SecretBytes> seed_of(const ReturnSession& session) {
  if (session.linked()) return session.mailbox_wrap.clone();
  return unwrap_mailbox(session.mailbox_wrap, session.wrapped_mailbox);
}

constexpr Error kOnlyReplies{Fault::kRefused, "a phone that is linked reads replies only"};

}  // namespace

void ShownReplies::add(const storage::ReplyId& id) {
  const std::lock_guard lock(mutex_);
  ids_.push_back(id);
}
void ShownReplies::remove(const storage::ReplyId& id) {
  const std::lock_guard lock(mutex_);
  std::erase(ids_, id);
}
bool ShownReplies::has(const storage::ReplyId& id) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::find(ids_, id) != ids_.end();
}

ReturnSession linked_session(const storage::ReceiptLookup& lookup, const ReportId& report,
                             SecretBytes mailbox_seed) {
  return {lookup, report, std::move(mailbox_seed), std::nullopt, {}};
}

Result<std::optional<Return>> find_return(storage::Store& store, ReceiptSecrets secrets) {
  const auto lookup = *storage::ReceiptLookup::from(secrets.lookup.view());
  RESGUARDO_TRY(auto found, store.find_receipt(lookup));
  // Who cannot be told how many wait may still add and withdraw.
  const auto replies = store.replies(found ? found->report : ReportId{});
  const std::size_t waiting = replies.ok() ? replies->size() : 0;
  if (!found) return std::optional<Return>();
  Return result{{lookup, found->report, std::move(secrets.mailbox_wrap),
                 std::move(secrets.withdrawal_seed), std::move(found->wrapped_mailbox)},
                static_cast<std::uint32_t>(waiting)};
  return std::optional(std::move(result));
}

Result<std::optional<NextReply>> next_reply(storage::Store& store, ReturnSession& session,
                                            const OpenReply& open) {
  RESGUARDO_TRY(const auto replies, store.replies(session.report));
  RESGUARDO_TRY(const auto seed, seed_of(session));
  auto left = static_cast<std::uint32_t>(replies.size());
  for (const auto& reply : replies) {
    --left;
    if (session.shown->has(reply.id) || !open) continue;
    auto text = open(seed, reply.sealed);
    const Fault fault = text.ok() ? Fault::kNotFound : text.error().fault;
    const bool nobodys = fault == Fault::kUnauthentic || fault == Fault::kMalformed;
    if (nobodys) continue;  // it stays until its report goes
    if (!text.ok()) return text.error();
    return std::optional(NextReply{reply.id, std::move(text).value(), left});
  }
  return std::optional<NextReply>();
}

Result<std::uint32_t> place_to_add(storage::Store& store, const ReturnSession& session,
                                   TimePoint now, RandomSource& salts) {
  if (session.linked()) return kOnlyReplies;
  RESGUARDO_TRY(const auto found, settled(store, session, now, salts));
  return found.next_segment;
}

Result<std::optional<PlaceToReplace>> place_to_replace(storage::Store& store,
                                                       const storage::ReceiptLookup& lookup) {
  RESGUARDO_TRY(const auto found, store.find_receipt(lookup));
  if (!found) return std::optional<PlaceToReplace>();
  if (!found->open) return std::optional(PlaceToReplace{found->report, found->next_segment});
  RESGUARDO_TRY(const auto contents, store.open_contents(found->report));
  if (contents) return std::optional<PlaceToReplace>();
  return Error{Fault::kUnavailable, "the report is on its way to the report store"};
}

Status take_back(storage::Store& store, const ReturnSession& session,
                 std::vector<std::string> purposes, TimePoint now, RandomSource& salts) {
  constexpr Error kNot{Fault::kUnavailable, "the report is not at rest"};
  if (session.linked()) return kOnlyReplies;
  std::ranges::sort(purposes);
  const Day day = day_of(now);
  const bool all = purposes.empty();
  RESGUARDO_TRY(auto statement, withdrawal_bytes({session.report, std::move(purposes), day}));
  RESGUARDO_TRY(auto made, sign_withdrawal(*session.withdrawal_seed, statement));
  const SignedWithdrawal given{std::move(statement), std::move(made.key),
                               std::move(made.signature)};
  RESGUARDO_TRY(auto entry, make_withdrawal_entry(given, day, salts));
  const auto at_rest = settled(store, session, now, salts);
  if (!at_rest.ok())
    return all && at_rest.error().fault == Fault::kNotFound ? success() : Status(at_rest.error());
  if (!all) {
    RESGUARDO_TRY(const bool logged, store.change_consent(session.report, day, entry));
    return logged ? success() : Status(kNot);
  }
  storage::Erasure erasure;
  erasure.report = session.report;
  erasure.day = day;
  erasure.entry = std::move(entry);
  const auto erased = store.erase(std::span(&erasure, 1));
  // What counts is whether it is there: an erasure that is cut short after the key cannot be
  // undone, and one that finishes another report's end counts that too.
  RESGUARDO_TRY(const auto left, store.find_receipt(session.lookup));
  if (!left) return success();
  return erased.ok() ? Status(kNot) : Status(erased.error());
}

}  // namespace resguardo::intake
