// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace resguardo {

// Every domain-separation label of the protocol, in one table (docs/format.md prints it).
// A label is never reused for another meaning, and never removed.
enum class Label : std::uint8_t {
  kSegment,        // segment key K from the set's secret E
  kCommit,         // key commitment of K
  kQuorumSecret,   // E from the combined scalar s
  kSignRoster,     // Ed25519 over a roster
  kSignEpochList,  // Ed25519 over an epoch list
  kSignAcknowledgement,
  kSignExport,
  kSignReply,
  kSignJournal,
  kSignWithdrawal,
  kSenderTag,       // tag of a sender under a day key
  kState,           // key of a conversation's sealed state
  kDedupe,          // tag of a delivered message
  kReceiptLookup,   // look-up value of a receipt
  kMailboxWrap,     // mailbox wrap key from a receipt
  kWithdrawalSeed,  // Ed25519 seed from a receipt
  kMailboxLink,     // mailbox key of "from this phone"
  kTeamCode,        // interviewer's code
  kSlotWrap,        // wrap of a report's envelopes under its slot key
  kFingerprint,     // what people read aloud
  kBundleFrame,     // running check of a bundle's frames
  kPendingMedia,    // a media reference under the day key
  kRootShare,       // what locks a root's secret, from the shared scalar
  kPaperLine,       // check of a line typed from paper
  kBackupFrame,     // running check of a backup's frames
  kBackupSeal,      // what a backup's master key says of all its frames
  kSlotsCopy,       // running digest of a copy of the slots
  kSignQuorumRequest,
  kSignQuorumGrant,
};

constexpr std::array<std::string_view, 29> kLabelTexts = {
    "resguardo/segment/v1",         "resguardo/commit/v1",         "resguardo/quorum-secret/v1",
    "resguardo/roster/v1",          "resguardo/epoch-list/v1",     "resguardo/acknowledgement/v1",
    "resguardo/export/v1",          "resguardo/reply/v1",          "resguardo/journal/v1",
    "resguardo/withdrawal/v1",      "resguardo/sender/v1",         "resguardo/state/v1",
    "resguardo/dedupe/v1",          "resguardo/receipt-lookup/v1", "resguardo/mailbox-wrap/v1",
    "resguardo/withdrawal-seed/v1", "resguardo/mailbox-link/v1",   "resguardo/team-code/v1",
    "resguardo/slot-wrap/v1",       "resguardo/fingerprint/v1",    "resguardo/bundle-frame/v1",
    "resguardo/pending-media/v1",   "resguardo/root-share/v1",     "resguardo/paper-line/v1",
    "resguardo/backup-frame/v1",    "resguardo/backup-seal/v1",    "resguardo/slots-copy/v1",
    "resguardo/quorum-request/v1",  "resguardo/quorum-grant/v1"};

constexpr std::string_view label_text(Label label) {
  return kLabelTexts.at(static_cast<std::size_t>(label));
}

}  // namespace resguardo
