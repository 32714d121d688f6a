// SPDX-License-Identifier: AGPL-3.0-or-later
// What of a report can be compared with the log: its parts as they were sealed.
#include "analyst/vault/segment_packs.h"
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

namespace {

// Of the file that this addendum's record opens; else of those that may be its own.
Status add_files(sqlcipher::Statement& find, ByteView segment, SealedPart& part) {
  RESGUARDO_TRY(auto rows, find.query(part.index, segment));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    const auto digest = Digest::from(rows.bytes(0));
    if (!digest) continue;
    const bool own = rows.integer(1) != 0;
    if (own) part.files.clear();
    part.files.push_back(*digest);
    part.whole_file = own;
    if (own) return success();
  }
}

// AddendumBrings. That there is no file is only known to who opened both streams whole.
constexpr const char* kBrings =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM media_records WHERE segment = ?1 AND lost = 1) THEN 1"
    " WHEN EXISTS (SELECT 1 FROM media_records WHERE segment = ?1) THEN 2"
    " WHEN EXISTS (SELECT 1 FROM openings WHERE segment = ?1 AND (streams & ~shares & 1) <> 0)"
    "  AND EXISTS (SELECT 1 FROM openings WHERE segment = ?1 AND (streams & ~shares & 2) <> 0) "
    "THEN 1"
    " ELSE 0 END";

Result<AddendumBrings> brings_of(sqlcipher::Statement& find, ByteView segment) {
  RESGUARDO_TRY(auto rows, find.query(segment));
  RESGUARDO_TRY(const bool there, rows.next());
  return there ? static_cast<AddendumBrings>(rows.integer(0)) : AddendumBrings::kUnknown;
}

}  // namespace

Result<std::vector<SealedPart>> Vault::sealed_parts(const ReportId& id) {
  RESGUARDO_TRY(auto find, state_->database.prepare(
                               "SELECT position, digest, chain FROM segments WHERE report = ?1"
                               " UNION SELECT position, digest, chain FROM foreign_segments"
                               " WHERE report = ?1 AND digest NOT IN (SELECT digest FROM segments)"
                               " ORDER BY 1, 2"));
  RESGUARDO_TRY(auto files, state_->database.prepare(
                                "SELECT ciphertext, state > 0 AND segment = ?2 FROM media"
                                " WHERE addendum = ?1 AND ciphertext IS NOT NULL ORDER BY media"));
  RESGUARDO_TRY(auto brings, state_->database.prepare(kBrings));
  RESGUARDO_TRY(auto rows, find.query(id));
  std::vector<SealedPart> parts;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return parts;
    const auto chain = Digest::from(rows.bytes(2));
    if (!chain) continue;
    SealedPart& part =
        parts.emplace_back(SealedPart{static_cast<std::uint32_t>(rows.integer(0)), *chain});
    if (part.index < kFirstAddendum) continue;
    RESGUARDO_CHECK(add_files(files, rows.bytes(1), part));
    RESGUARDO_TRY(part.brings, brings_of(brings, rows.bytes(1)));
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

Result<bool> Vault::has_foreign() {
  RESGUARDO_TRY(const auto some,
                state_->database.number("SELECT EXISTS (SELECT 1 FROM foreign_segments)"));
  return some != 0;
}

Result<Vault::SealedSegment> Vault::sealed(const Digest& segment) {
  SealedSegment sealed;
  const auto keep = [&](std::uint64_t sequence, ByteView row) -> Status {
    if (sequence != sealed.rows.size())
      return Error{Fault::kMalformed, "a sealed row is missing in the vault"};
    sealed.rows.push_back(to_bytes(row));
    return success();
  };
  const auto keep_header = [&](ByteView header) {
    sealed.header = to_bytes(header);
    return success();
  };
  RESGUARDO_CHECK(visit_sealed(state_->database, segment, keep_header, keep));
  return sealed;
}

}  // namespace resguardo::analyst
