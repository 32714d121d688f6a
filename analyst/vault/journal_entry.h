// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/base/clock.h"
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
  kKeyCertified = 8,        // the key in `subject` signs for this member from here on
  kImported = 9,
  kViewed = 10,
  kSearched = 11,
  kExported = 12,
  kAcknowledged = 13,
  kProofMade = 14,
  kReplied = 15,
  kCoded = 16,
  kLevelled = 17,
  kTagged = 18,
  kNoted = 19,
  kLinked = 20,
  kSetKept = 21,
  kSetRemoved = 22,
  kDuplicatesDecided = 23,
  kApproved = 24,
  kFixityChecked = 25,
  kErased = 26,  // its reporter took it back
  kFilesOpened = 27,
  kFilesWiped = 28,
};

constexpr std::size_t kMostJournalReports = 32;  // that an entry names one by one

// The reports that an entry is about, where it is not one: whoever has their ids can show that it
// was exactly these.
struct JournalReports {
  std::uint64_t count = 0;
  Digest digest;                // BLAKE2b-256 of the ids, ascending
  std::vector<ReportId> few{};  // all of them, or none if they are more than kMostJournalReports
  static JournalReports of(std::vector<ReportId> reports);  // in any order, one twice counts once
};

// What was done, and by whom besides the member who signs it. No word of a reporter's is in it, and
// no word that an analyst wrote about one report: it outlives the report.
struct JournalFact {
  JournalKind kind = JournalKind::kQuorumRequested;
  std::optional<ReportId> report{};
  std::optional<Digest> subject{};  // of the request, the bundle, the manifest, what was decided …
  std::vector<MemberId> members{};  // who else had a part in it
  std::string note{};               // a withdrawal's or a quorum's reason; else words of our own
  std::optional<JournalReports> reports{};
};
// About one report, or several.
JournalFact journal_fact(JournalKind kind, std::vector<ReportId> reports);

struct JournalEntry {
  std::uint64_t number = 0;  // from 1
  MemberId member;
  TimePoint time;
  JournalFact fact;
  PublicKey<AnalystRole> signer;
  // The member's own key, that certified the signer; nothing: it signed this itself.
  std::optional<PublicKey<AnalystRole>> certified_by{};
  const PublicKey<AnalystRole>& own_key() const { return certified_by ? *certified_by : signer; }
};

struct JournalLink {
  std::uint64_t number = 0;
  Digest digest;  // of the entry with it
};

// Entries as they were signed, one after the other.
//
// Promises: each follows the one before, names what it says in its one form, and is signed by the
// key it names; a key that an entry certified signs for that entry's member only, and neither
// certifies nor has a part in a quorum or a settlement. WARNING: whose an own key is, a roster
// says and not this.
class JournalReader {
 public:
  Result<JournalEntry> next(ByteView signed_entry);  // kUnauthentic; then it is over
  const JournalLink& head() const { return head_; }

 private:
  struct Certified {
    PublicKey<AnalystRole> key;
    MemberId member;
    PublicKey<AnalystRole> by;
  };
  Status vouch(JournalEntry& entry);
  JournalLink head_;
  std::vector<Certified> certified_;
};

// The next entry after `before`, signed. kMalformed: it would not be read again.
Result<Bytes> sign_journal_entry(const JournalFact& fact, JournalLink& before,
                                 const MemberId& member, const open::SecretKey<AnalystRole>& key,
                                 TimePoint now);
// Of one that says kKeyCertified: whom and which key. kUnauthentic: it is another, or does not
// hold.
struct Certification {
  MemberId member;
  PublicKey<AnalystRole> key;
  PublicKey<AnalystRole> by;
};
Result<Certification> read_certification(ByteView signed_entry);

}  // namespace resguardo::analyst
