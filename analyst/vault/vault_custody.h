// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "analyst/vault/vault_journal.h"

namespace resguardo::analyst {

// What a vault's key says of a file, for readers who have neither the vault nor its passphrase:
// `certification` is the journal's entry in which the member's own key, which a roster names,
// certified `key`; `head` is where the journal stood. See check_custody_signature().
struct CustodySignature {
  MemberId member;
  PublicKey<AnalystRole> key;
  Bytes signature;      // 64 bytes over label ‖ 0x00 ‖ what was signed
  Bytes certification;  // a SignedMessage
  JournalLink head;
};

// Signs a vault's journal, and what is made of the vault, for a member whose own keys are not at
// hand: an Ed25519 key of the vault's own, made when that member first imported into it and
// certified in its journal by the member's own key.
//
// Promises: what it signs was signed by somebody who had this vault open. WARNING: it is exactly as
// safe as the vault: that it was the member, nobody can show; no server and no quorum takes it.
class VaultCustody {
 public:
  // Makes and certifies a key for this member if there is none, in a transaction of its own. From
  // then on this member is whom open() means.
  static Status begin(Vault& vault, const open::AnalystKeys& keys, TimePoint now);
  // For `member`, or whoever imported last. kNotFound: there is no key; kUnauthentic: its
  // certification does not hold.
  static Result<VaultCustody> open(Vault& vault, const std::optional<MemberId>& member = {});
  static Result<std::vector<MemberId>> members(Vault& vault);  // who have one, ascending

  const MemberId& member() const { return member_; }

  // Into the transaction of the Vault::Addition that is open.
  Status append(const JournalFact& fact, TimePoint now);
  Result<CustodySignature> sign(Label label, ByteView exact);

 private:
  VaultCustody(Vault& vault, const MemberId& member, open::SecretKey<AnalystRole> key,
               Bytes certification)
      : vault_(&vault),
        member_(member),
        key_(std::move(key)),
        certification_(std::move(certification)) {}
  Vault* vault_;  // which outlives it
  MemberId member_;
  open::SecretKey<AnalystRole> key_;
  Bytes certification_;
};

// The member's own key, once everything fits; whether a roster names it for `signature.member` is
// the caller's question. kUnauthentic.
Result<PublicKey<AnalystRole>> check_custody_signature(const CustodySignature& signature,
                                                       Label label, ByteView exact);

}  // namespace resguardo::analyst
