// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyst/vault/vault.h"
#include "crypto/open/analyst_keys.h"

namespace resguardo::analyst {

enum class JournalKind : std::uint8_t {
  kQuorumRequested = 1,
  kQuorumGranted = 2,
  kQuorumRefused = 3,
  kQuorumCombined = 4,
  kWithdrawalHeld = 5,      // kept longer, locked
  kWithdrawalKept = 6,      // settled: what nobody signed takes nothing
  kWithdrawalHonoured = 7,  // settled: erased all the same
};

// What was done, and by whom besides the member who signs it.
struct JournalFact {
  JournalKind kind = JournalKind::kQuorumRequested;
  std::optional<ReportId> report;
  std::optional<Digest> subject;  // of the request
  std::vector<MemberId> members;  // who else had a part in it
  std::string note;               // the reason in a member's words, or why not; never a reporter's
};

struct JournalEntry {
  std::uint64_t number = 0;  // from 1
  MemberId member;
  TimePoint time;
  JournalFact fact;
  PublicKey<AnalystRole> signer;
};

struct JournalLink {
  std::uint64_t number = 0;
  Digest digest;  // of the entry with it
};
// One entry as it was signed, which must follow `before`; that names it afterwards. kUnauthentic.
Result<JournalEntry> read_journal_entry(ByteView signed_entry, JournalLink& before);

// What was done with a vault: append-only, each entry naming the one before it by its digest and
// signed by who did it.
//
// Promises: an entry that was changed, taken out or moved is noticed by visit(), in the middle and
// at the beginning. WARNING: entries cut off the end do not show by themselves, and who has the
// vault's passphrase and a member's keys can write another journal.
class VaultJournal {
 public:
  explicit VaultJournal(Vault& vault) : vault_(vault) {}  // which outlives it

  // Into the transaction of the Vault::Addition that is open. kMalformed: the last entry is broken.
  Status append(const JournalFact& fact, const open::AnalystKeys& keys, TimePoint now);

  // In order. kUnauthentic: the chain or a signature does not hold there; what was visited holds.
  using Visitor = std::function<Status(const JournalEntry&)>;
  Status visit(const Visitor& visitor);

 private:
  Vault& vault_;
};

}  // namespace resguardo::analyst
