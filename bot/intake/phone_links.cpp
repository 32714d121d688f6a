// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/phone_links.h"

#include <algorithm>
#include <utility>

#include "crypto/session/phone_link.h"

namespace resguardo::intake {

using storage::LinkTag;
using storage::ReceiptLookup;

namespace {

constexpr std::size_t kMostOwed = 4096;  // tags of people who left while no store could be read

LinkTag phone_tag(const SecretBytes& secret, std::string_view address) {
  return LinkTag{link_tag(secret, address)};
}

}  // namespace

PhoneLinks::PhoneLinks(storage::KeyRing& keys, storage::Store& store, SecretBytes mailbox_key)
    : keys_(keys), store_(store), mailbox_key_(std::move(mailbox_key)) {}

Result<std::shared_ptr<const SecretBytes>> PhoneLinks::secret_of(Day day, bool make) {
  const std::lock_guard lock(mutex_);
  if (const auto known = secrets_.find(day); known != secrets_.end()) return known->second;
  RESGUARDO_TRY(const auto key, keys_.link_key(day, make));
  RESGUARDO_TRY(auto secret, link_secret(mailbox_key_, key));
  return secrets_.emplace(day, std::make_shared<const SecretBytes>(std::move(secret)))
      .first->second;
}

Result<std::vector<PhoneLinks::DaySecret>> PhoneLinks::secrets() {
  std::vector<DaySecret> all;
  for (const Day day : keys_.link_days()) {
    auto secret = secret_of(day, false);
    if (!secret.ok() && secret.error().fault == Fault::kNotFound) continue;  // gone just now
    if (!secret.ok()) return secret.error();
    all.push_back({day, std::move(secret).value()});
  }
  return all;
}

Result<std::vector<LinkTag>> PhoneLinks::tags(const Addresses& phone) {
  RESGUARDO_TRY(const auto days, secrets());
  std::vector<LinkTag> all;
  for (const DaySecret& day : days)
    for (const std::string_view address : phone) all.push_back(phone_tag(*day.secret, address));
  return all;
}

Result<bool> PhoneLinks::link(const Addresses& phone, const LinkOffer& offer, Day today) {
  RESGUARDO_CHECK(forget_owed());
  RESGUARDO_TRY(const auto secret, secret_of(today, true));
  RESGUARDO_TRY(const auto before, tags(phone));
  RESGUARDO_TRY(const auto found, store_.find_receipt(offer.lookup));
  if (!found || found->open) return false;
  storage::LinkWrite write;
  write.tag = phone_tag(*secret, phone.front());
  write.report = found->report;
  write.day = today;
  RESGUARDO_TRY(write.sealed, seal_link(*secret, phone.front(), offer.mailbox_seed,
                                        *Digest::from(offer.lookup.view())));
  return store_.link(write, before);
}

// Under a clock that runs behind, or a sweep that is late, what is over counts no more.
Result<std::optional<Return>> PhoneLinks::find(const Addresses& phone, Day today) {
  RESGUARDO_TRY(const auto days, secrets());
  std::vector<LinkTag> all;
  std::optional<LinkedMailbox> mailbox;
  for (const DaySecret& day : days)
    for (const std::string_view address : phone)
      if (today.number - day.day.number < storage::kLinkDays)
        all.push_back(phone_tag(*day.secret, address));
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(all, [&](const LinkTag& tag) { return std::ranges::count(owed_, tag) > 0; });
  }
  RESGUARDO_TRY(const auto link, store_.find_link(all));
  for (const DaySecret& day : days)
    for (const std::string_view address : phone) {
      if (!link || mailbox || phone_tag(*day.secret, address) != link->tag) continue;
      auto opened = open_link(*day.secret, address, link->sealed);
      if (opened.ok()) mailbox = std::move(opened).value();
    }
  const auto lookup =
      mailbox ? *ReceiptLookup::from(mailbox->lookup.view()) : storage::ReceiptLookup{};
  RESGUARDO_TRY(const auto found, store_.find_receipt(lookup));
  const auto replies = store_.replies(found ? found->report : ReportId{});
  if (!mailbox || !found) return std::optional<Return>();
  RESGUARDO_TRY(auto seed, mailbox->seed.clone());
  Return result{linked_session(lookup, found->report, std::move(seed)),
                replies.ok() ? static_cast<std::uint32_t>(replies->size()) : 0};
  return std::optional(std::move(result));
}

Status PhoneLinks::forget(const Addresses& phone) {
  RESGUARDO_TRY(auto all, tags(phone));
  const auto link = store_.find_link(all);
  if (link.ok() && !*link) return success();
  if (link.ok()) all = {(*link)->tag};  // a phone has one
  {
    const std::lock_guard lock(mutex_);
    for (const LinkTag& tag : all)
      if (owed_.size() < kMostOwed && std::ranges::count(owed_, tag) == 0) owed_.push_back(tag);
  }
  return forget_owed();
}

Status PhoneLinks::forget_owed() {
  std::vector<LinkTag> owed;
  {
    const std::lock_guard lock(mutex_);
    owed = owed_;
  }
  if (owed.empty()) return success();
  RESGUARDO_CHECK(store_.forget_links(owed));
  const std::lock_guard lock(mutex_);
  std::erase_if(owed_, [&](const LinkTag& tag) { return std::ranges::count(owed, tag) > 0; });
  return success();
}

Status PhoneLinks::sweep(Day today) {
  const Day oldest{today.number - storage::kLinkDays + 1};
  RESGUARDO_CHECK(forget_owed());
  RESGUARDO_CHECK(store_.forget_links_before(oldest));
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(secrets_, [&](const auto& one) { return one.first < oldest; });
  }
  RESGUARDO_CHECK(keys_.destroy_links_before(oldest));
  RESGUARDO_TRY(const auto made, secret_of(today, true));
  return success();
}

}  // namespace resguardo::intake
