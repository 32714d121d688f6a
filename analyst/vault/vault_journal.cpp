// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_journal.h"

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

Result<JournalLink> VaultJournal::head() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT number, digest FROM journal ORDER BY number DESC LIMIT 1"));
  RESGUARDO_TRY(auto rows, find.query());
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return JournalLink{};
  RESGUARDO_TRY(const auto digest, id_column<Digest>(rows, 1));
  return JournalLink{static_cast<std::uint64_t>(rows.integer(0)), digest};
}

Result<Bytes> VaultJournal::signed_entry(std::uint64_t number) {
  RESGUARDO_TRY(auto find,
                vault_.state_->database.prepare("SELECT signed FROM journal WHERE number = ?"));
  RESGUARDO_TRY(auto rows, find.query(number));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return Error{Fault::kNotFound, "the journal has no such entry"};
  return to_bytes(rows.bytes(0));
}

Status VaultJournal::append_as(const JournalFact& fact, const MemberId& member,
                               const open::SecretKey<AnalystRole>& key, TimePoint now) {
  RESGUARDO_TRY(JournalLink link, head());
  RESGUARDO_TRY(const Bytes bytes, sign_journal_entry(fact, link, member, key, now));
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO journal (number, digest, signed) VALUES (?, ?, ?)"));
  return put.run(link.number, link.digest, bytes);
}

Status VaultJournal::append(const JournalFact& fact, const open::AnalystKeys& keys, TimePoint now) {
  return append_as(fact, keys.member(), keys.identity(), now);
}

Status VaultJournal::visit(const Visitor& visitor) {
  return visit_links([&](const JournalEntry& entry, const JournalLink&) { return visitor(entry); });
}

Status VaultJournal::visit_links(const LinkVisitor& visitor) {
  RESGUARDO_TRY(auto all,
                vault_.state_->database.prepare("SELECT signed FROM journal ORDER BY number"));
  RESGUARDO_TRY(auto rows, all.query());
  JournalReader reader;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    RESGUARDO_TRY(const auto entry, reader.next(rows.bytes(0)));
    RESGUARDO_CHECK(visitor(entry, reader.head()));
  }
}

}  // namespace resguardo::analyst
