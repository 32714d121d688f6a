// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/journal_entry.h"

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "proto/quorum.pb.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

constexpr Error kBrokenChain{Fault::kUnauthentic,
                             "the journal was changed: an entry does not follow the one before"};
constexpr Error kForeignKey{Fault::kUnauthentic,
                            "the journal was changed: a key signed what is not its own"};

Digest digest_of(const std::vector<ReportId>& ascending) {
  Bytes joined;
  for (const ReportId& report : ascending) {
    const ByteView id = report.view();
    joined.insert(joined.end(), id.begin(), id.end());
  }
  return blake2b(joined);
}

template <class Id>
bool read_optional(const std::string& bytes, std::optional<Id>& id) {
  id = Id::from(as_bytes(bytes));
  return bytes.empty() || id.has_value();
}

// All three or none; in one form only.
bool read_reports(const pb::JournalEntry& wire, std::optional<JournalReports>& reports) {
  if (wire.reports_digest().empty()) return wire.reports() == 0 && wire.report_ids().empty();
  const auto digest = Digest::from(as_bytes(wire.reports_digest()));
  if (!digest || !wire.report_id().empty()) return false;
  reports.emplace(JournalReports{wire.reports(), *digest});
  for (const std::string& bytes : wire.report_ids()) {
    const auto id = ReportId::from(as_bytes(bytes));
    if (!id || (!reports->few.empty() && *id <= reports->few.back())) return false;
    reports->few.push_back(*id);
  }
  if (reports->count > kMostJournalReports) return reports->few.empty();
  return reports->few.size() == reports->count && digest_of(reports->few) == *digest;
}

Result<JournalFact> read_fact(const pb::JournalEntry& wire) {
  JournalFact fact;
  if (wire.kind() == pb::JOURNAL_UNSPECIFIED || !read_optional(wire.report_id(), fact.report) ||
      !read_optional(wire.subject(), fact.subject) || !read_reports(wire, fact.reports))
    return kBrokenChain;
  fact.kind = static_cast<JournalKind>(wire.kind());
  for (const std::string& bytes : wire.members()) {
    const auto member = MemberId::from(as_bytes(bytes));
    if (!member) return kBrokenChain;
    fact.members.push_back(*member);
  }
  fact.note = wire.note();
  return fact;
}

Bytes entry_bytes(const JournalFact& fact, const JournalLink& before, const MemberId& member,
                  TimePoint now) {
  pb::JournalEntry wire;
  wire.set_format(1);
  wire.set_number(before.number + 1);
  wire.set_previous_digest(before.digest.str());
  wire.set_member_id(member.str());
  wire.set_time_ms(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  wire.set_kind(static_cast<pb::JournalKind>(fact.kind));
  if (fact.report) wire.set_report_id(fact.report->str());
  if (fact.subject) wire.set_subject(fact.subject->str());
  for (const MemberId& other : fact.members) wire.add_members(other.str());
  wire.set_note(fact.note);
  if (fact.reports) {
    for (const ReportId& report : fact.reports->few) wire.add_report_ids(report.str());
    wire.set_reports(fact.reports->count);
    wire.set_reports_digest(fact.reports->digest.str());
  }
  return serialize_canonical(wire);
}

struct SignedEntry {
  Bytes exact;
  pb::JournalEntry wire;
  PublicKey<AnalystRole> signer;
};

Result<SignedEntry> read_signed(ByteView bytes) {
  const auto message = parse_strict<pb::SignedMessage>(bytes);
  if (!message.ok() || message->signatures_size() != 1) return kBrokenChain;
  const auto& signature = message->signatures(0);
  const ByteView exact = as_bytes(message->message());
  const auto signer = PublicKey<AnalystRole>::from_bytes(as_bytes(signature.public_key()));
  const auto wire = parse_strict<pb::JournalEntry>(exact);
  if (!signer.ok() || !wire.ok() || wire->format() != 1 ||
      !verify_signature(*signer, Label::kSignJournal, exact, as_bytes(signature.signature())))
    return kBrokenChain;
  return SignedEntry{to_bytes(exact), *wire, *signer};
}

// One entry that must follow `before`, which names it afterwards.
Result<JournalEntry> read_linked(ByteView bytes, JournalLink& before) {
  RESGUARDO_TRY(const SignedEntry read, read_signed(bytes));
  const auto member = MemberId::from(as_bytes(read.wire.member_id()));
  if (read.wire.number() != before.number + 1 || !member ||
      !equal(as_bytes(read.wire.previous_digest()), before.digest.view()))
    return kBrokenChain;
  RESGUARDO_TRY(auto fact, read_fact(read.wire));
  before = {read.wire.number(), blake2b(read.exact)};
  return JournalEntry{read.wire.number(), *member,
                      TimePoint{std::chrono::milliseconds(read.wire.time_ms())}, std::move(fact),
                      read.signer};
}

// Certifying, and what several decide together, is signed by a member's own key.
bool own_key_only(JournalKind kind) {
  return kind <= JournalKind::kKeyCertified;
}

}  // namespace

JournalReports JournalReports::of(std::vector<ReportId> reports) {
  std::ranges::sort(reports);
  const auto again = std::ranges::unique(reports);
  reports.erase(again.begin(), again.end());
  JournalReports made{reports.size(), digest_of(reports)};
  if (reports.size() <= kMostJournalReports) made.few = std::move(reports);
  return made;
}

JournalFact journal_fact(JournalKind kind, std::vector<ReportId> reports) {
  JournalFact fact;
  fact.kind = kind;
  if (reports.size() == 1)
    fact.report = reports.front();
  else
    fact.reports = JournalReports::of(std::move(reports));
  return fact;
}

Status JournalReader::vouch(JournalEntry& entry) {
  const auto known = std::ranges::find(certified_, entry.signer, &Certified::key);
  if (known != certified_.end()) {
    if (known->member != entry.member || own_key_only(entry.fact.kind)) return kForeignKey;
    entry.certified_by = known->by;
    return success();
  }
  if (entry.fact.kind != JournalKind::kKeyCertified) return success();
  if (!entry.fact.subject) return kBrokenChain;
  const auto key = PublicKey<AnalystRole>::from_bytes(entry.fact.subject->view());
  if (!key.ok() || *key == entry.signer ||
      std::ranges::find(certified_, *key, &Certified::key) != certified_.end())
    return kBrokenChain;
  certified_.push_back({*key, entry.member, entry.signer});
  return success();
}

Result<JournalEntry> JournalReader::next(ByteView signed_entry) {
  JournalLink after = head_;
  RESGUARDO_TRY(JournalEntry entry, read_linked(signed_entry, after));
  RESGUARDO_CHECK(vouch(entry));
  head_ = after;
  return entry;
}

Result<Bytes> sign_journal_entry(const JournalFact& fact, JournalLink& before,
                                 const MemberId& member, const open::SecretKey<AnalystRole>& key,
                                 TimePoint now) {
  const Bytes exact = entry_bytes(fact, before, member, now);
  pb::SignedMessage message;
  message.set_message(to_string(exact));
  auto& signature = *message.add_signatures();
  signature.set_public_key(to_string(key.public_key().view()));
  signature.set_signature(to_string(key.sign(Label::kSignJournal, exact)));
  Bytes bytes = serialize_canonical(message);
  RESGUARDO_CHECK(read_linked(bytes, before));
  return bytes;
}

Result<Certification> read_certification(ByteView signed_entry) {
  RESGUARDO_TRY(const SignedEntry read, read_signed(signed_entry));
  const auto member = MemberId::from(as_bytes(read.wire.member_id()));
  const auto key = PublicKey<AnalystRole>::from_bytes(as_bytes(read.wire.subject()));
  if (read.wire.kind() != pb::JOURNAL_KEY_CERTIFIED || !member || !key.ok()) return kBrokenChain;
  return Certification{*member, *key, read.signer};
}

}  // namespace resguardo::analyst
