// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "bot/intake/returning.h"
#include "crypto/base/clock.h"
#include "crypto/base/secret_bytes.h"
#include "storage/key_ring.h"
#include "storage/store.h"

namespace resguardo::intake {

// What a phone may be linked with: the receipt that was shown last. In locked memory until its
// person has answered, or is silent.
struct LinkOffer {
  SecretBytes mailbox_seed;
  storage::ReceiptLookup lookup;
};

// Phones whose people read replies without the receipt, for storage::kLinkDays (protocol.md §5,
// docs/adr/162). Each day has a key of its own, outside every backup, that is destroyed when its
// links are over: nobody can test a number against them any more.
//
// Thread-safe; it waits for the store, so never call it from a completion.
class PhoneLinks {
 public:
  // `mailbox_key`: derive_from_master(…, MasterUse::kMailbox, 0).
  PhoneLinks(storage::KeyRing& keys, storage::Store& store, SecretBytes mailbox_key);

  // The addresses that one sender is known by; the first is who they are linked as.
  using Addresses = std::vector<std::string_view>;

  // In the place of any that this phone had. False: the report is not at rest, or gone.
  Result<bool> link(const Addresses& phone, const LinkOffer& offer, Day today);
  // Asks the store as often whether there is a link or not. The session reads replies and does
  // nothing else.
  Result<std::optional<Return>> find(const Addresses& phone, Day today);
  // Failure: it is on the disk still, counts for nothing in this process, and is tried again (of
  // some thousands at most).
  Status forget(const Addresses& phone);
  Status retry() { return forget_owed(); }  // what forget() could not; nothing else
  // Once a day, and when the program starts: what is over goes, with the keys of its days. Today's
  // key is there from then on, whoever is linked, so that it does not tell when that was.
  Status sweep(Day today);

 private:
  struct DaySecret {
    Day day;
    std::shared_ptr<const SecretBytes> secret;
  };
  Result<std::shared_ptr<const SecretBytes>> secret_of(Day day, bool make);
  Result<std::vector<DaySecret>> secrets();
  Result<std::vector<storage::LinkTag>> tags(const Addresses& phone);
  Status forget_owed();

  storage::KeyRing& keys_;
  storage::Store& store_;
  const SecretBytes mailbox_key_;
  std::mutex mutex_;
  std::map<Day, std::shared_ptr<const SecretBytes>> secrets_;
  std::vector<storage::LinkTag> owed_;  // to be forgotten, and not known to be
};

}  // namespace resguardo::intake
