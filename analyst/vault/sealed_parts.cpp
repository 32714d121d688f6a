// SPDX-License-Identifier: AGPL-3.0-or-later
// What of a report can be compared with the log: its parts as they were sealed.
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

Result<std::vector<Digest>> Vault::chains(const ReportId& id) {
  RESGUARDO_TRY(auto find, state_->database.prepare(
                               "SELECT position, digest, chain FROM segments WHERE report = ?1"
                               " UNION SELECT position, digest, chain FROM foreign_segments"
                               " WHERE report = ?1 AND digest NOT IN (SELECT digest FROM segments)"
                               " ORDER BY 1, 2"));
  RESGUARDO_TRY(auto rows, find.query(id));
  std::vector<Digest> chains;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return chains;
    if (const auto chain = Digest::from(rows.bytes(2))) chains.push_back(*chain);
  }
}

Status Vault::note_foreign(const StoredSegment& segment, const MemberId& member, bool named) {
  RESGUARDO_TRY(
      auto put,
      state_->database.prepare(
          "INSERT INTO foreign_segments (digest, member, report, position, week, named, chain)"
          " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest, member)"
          " DO UPDATE SET chain = excluded.chain"));
  return put.run(segment.digest, member, segment.report, segment.index, segment.week.number, named,
                 segment.chain);
}

Result<Vault::SealedSegment> Vault::sealed(const Digest& segment) {
  SealedSegment sealed;
  RESGUARDO_TRY(auto find,
                state_->database.prepare("SELECT header FROM segments WHERE digest = ?"));
  {
    RESGUARDO_TRY(auto header, find.query(segment));
    RESGUARDO_TRY(const bool there, header.next());
    if (!there) return Error{Fault::kNotFound, "the vault holds no such segment"};
    sealed.header = to_bytes(header.bytes(0));
  }
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT sequence, sealed FROM sealed_rows"
                                                   " WHERE segment = ? ORDER BY sequence"));
  RESGUARDO_TRY(auto rows, all.query(segment));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return sealed;
    if (static_cast<std::size_t>(rows.integer(0)) != sealed.rows.size())
      return Error{Fault::kMalformed, "a sealed row is missing in the vault"};
    sealed.rows.push_back(to_bytes(rows.bytes(1)));
  }
}

}  // namespace resguardo::analyst
