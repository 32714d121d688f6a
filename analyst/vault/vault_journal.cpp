// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_journal.h"

#include "analyst/vault/vault_state.h"
#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "proto/quorum.pb.h"
#include "proto/roster.pb.h"

namespace resguardo::analyst {
namespace {

constexpr Error kBrokenChain{Fault::kUnauthentic,
                             "the journal was changed: an entry does not follow the one before"};

template <class Id>
bool read_optional(const std::string& bytes, std::optional<Id>& id) {
  id = Id::from(as_bytes(bytes));
  return bytes.empty() || id.has_value();
}

Result<JournalFact> read_fact(const pb::JournalEntry& wire) {
  JournalFact fact;
  if (wire.kind() == pb::JOURNAL_UNSPECIFIED || !read_optional(wire.report_id(), fact.report) ||
      !read_optional(wire.subject(), fact.subject))
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
  return serialize_canonical(wire);
}

Result<JournalLink> last_link(sqlcipher::Connection& database) {
  RESGUARDO_TRY(auto find, database.prepare(
                               "SELECT number, digest FROM journal ORDER BY number DESC LIMIT 1"));
  RESGUARDO_TRY(auto rows, find.query());
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return JournalLink{};
  RESGUARDO_TRY(const auto digest, id_column<Digest>(rows, 1));
  return JournalLink{static_cast<std::uint64_t>(rows.integer(0)), digest};
}

}  // namespace

Result<JournalEntry> read_journal_entry(ByteView bytes, JournalLink& before) {
  const auto message = parse_strict<pb::SignedMessage>(bytes);
  if (!message.ok() || message->signatures_size() != 1) return kBrokenChain;
  const auto& signature = message->signatures(0);
  const ByteView exact = as_bytes(message->message());
  const auto signer = PublicKey<AnalystRole>::from_bytes(as_bytes(signature.public_key()));
  const auto wire = parse_strict<pb::JournalEntry>(exact);
  if (!signer.ok() || !wire.ok() ||
      !verify_signature(*signer, Label::kSignJournal, exact, as_bytes(signature.signature())))
    return kBrokenChain;
  const auto member = MemberId::from(as_bytes(wire->member_id()));
  if (wire->format() != 1 || wire->number() != before.number + 1 || !member ||
      !equal(as_bytes(wire->previous_digest()), before.digest.view()))
    return kBrokenChain;
  RESGUARDO_TRY(auto fact, read_fact(*wire));
  before = {wire->number(), blake2b(exact)};
  return JournalEntry{wire->number(), *member,
                      TimePoint{std::chrono::milliseconds(wire->time_ms())}, std::move(fact),
                      *signer};
}

Status VaultJournal::append(const JournalFact& fact, const open::AnalystKeys& keys, TimePoint now) {
  RESGUARDO_TRY(const JournalLink before, last_link(vault_.state_->database));
  const Bytes exact = entry_bytes(fact, before, keys.member(), now);
  pb::SignedMessage message;
  message.set_message(to_string(exact));
  auto& signature = *message.add_signatures();
  signature.set_public_key(to_string(keys.identity().public_key().view()));
  signature.set_signature(to_string(keys.identity().sign(Label::kSignJournal, exact)));
  const Bytes bytes = serialize_canonical(message);
  JournalLink after = before;
  RESGUARDO_CHECK(read_journal_entry(bytes, after));
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO journal (number, digest, signed) VALUES (?, ?, ?)"));
  return put.run(before.number + 1, after.digest, bytes);
}

Status VaultJournal::visit(const Visitor& visitor) {
  RESGUARDO_TRY(auto all,
                vault_.state_->database.prepare("SELECT signed FROM journal ORDER BY number"));
  RESGUARDO_TRY(auto rows, all.query());
  JournalLink before;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_TRY(const auto entry, read_journal_entry(rows.bytes(0), before));
    RESGUARDO_CHECK(visitor(entry));
  }
}

}  // namespace resguardo::analyst
