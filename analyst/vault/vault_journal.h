// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "analyst/vault/journal_entry.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// What was done with a vault: append-only, each entry naming the one before it by its digest and
// signed by who did it.
//
// Promises: an entry that was changed, taken out or moved is noticed by visit(), in the middle and
// at the beginning. WARNING: entries cut off the end do not show by themselves: compare head() with
// one that was noted elsewhere (exports carry it). Who has the vault's passphrase can write entries
// that its keys sign, and with a member's own keys another journal.
class VaultJournal {
 public:
  explicit VaultJournal(Vault& vault) : vault_(vault) {}  // which outlives it

  // Into the transaction of the Vault::Addition that is open. kMalformed: the last entry is broken.
  Status append(const JournalFact& fact, const open::AnalystKeys& keys, TimePoint now);

  // In order. kUnauthentic: the chain or a signature does not hold there; what was visited holds.
  using Visitor = std::function<Status(const JournalEntry&)>;
  Status visit(const Visitor& visitor);
  // The same with the link that each makes.
  using LinkVisitor = std::function<Status(const JournalEntry&, const JournalLink&)>;
  Status visit_links(const LinkVisitor& visitor);
  // The last entry, unverified; number 0: there is none.
  Result<JournalLink> head();
  // As it was signed. kNotFound.
  Result<Bytes> signed_entry(std::uint64_t number);

 private:
  friend class VaultCustody;  // vault_custody.h
  Status append_as(const JournalFact& fact, const MemberId& member,
                   const open::SecretKey<AnalystRole>& key, TimePoint now);
  Vault& vault_;
};

}  // namespace resguardo::analyst
