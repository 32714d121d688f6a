// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_media.h"

#include <limits>

#include "analyst/vault/segment_packs.h"
#include "analyst/vault/vault_state.h"
#include "crypto/base/sha256.h"
#include "crypto/open/record_parser.h"

namespace resguardo::analyst {
namespace {

constexpr Error kNoSuchFile = {Fault::kNotFound, "no record that is open here brings its key"};
constexpr Error kChunksMissing = {Fault::kNotFound, "not all of its chunks are here"};

bool keeps(const pb::Entry& entry, const MediaId& file) {
  return entry.has_media() && !entry.media().key().empty() &&
         equal(as_bytes(entry.media().media_id()), file.view());
}

Result<open::MediaFacts> facts_in(pb::Media& media, const MediaId& file) {
  std::string& key = *media.mutable_key();
  RESGUARDO_TRY(auto secret,
                SecretBytes::take({reinterpret_cast<std::uint8_t*>(key.data()), key.size()}));
  const auto original = Digest::from(as_bytes(media.sha256()));
  if (!original) return kNoSuchFile;
  return open::MediaFacts{file,           std::move(secret),     to_bytes(as_bytes(media.header())),
                          media.length(), media.padded_length(), media.chunks(),
                          *original};
}

}  // namespace

Result<FileState> VaultMedia::begin(const MediaId& file) {
  auto& database = vault_.state_->database;
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO media (media, addendum, state)"
                                           " VALUES (?, ?, 0) ON CONFLICT DO NOTHING"));
  RESGUARDO_CHECK(put.run(file, addendum_index(file)));
  RESGUARDO_TRY(auto find, database.prepare("SELECT state FROM media WHERE media = ?"));
  RESGUARDO_TRY(auto rows, find.query(file));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return Error{Fault::kUnavailable, "a file could not be noted in the vault"};
  return static_cast<FileState>(rows.integer(0));
}

Status VaultMedia::put_chunk(const MediaId& file, std::uint64_t number, ByteView sealed) {
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO media_chunks (media, number, sealed) VALUES (?, ?, ?)"
                              " ON CONFLICT DO UPDATE SET sealed = excluded.sealed"
                              " WHERE sealed <> excluded.sealed"));
  return put.run(file, number, sealed);
}

Status VaultMedia::changed(const MediaId& file) {
  RESGUARDO_TRY(auto put,
                vault_.state_->database.prepare("UPDATE media SET state = 0, segment = NULL,"
                                                " ciphertext = NULL WHERE media = ?"));
  return put.run(file);
}

Status VaultMedia::note_record(const Digest& segment, const MediaId& file, StreamId stream,
                               std::uint64_t chunks, bool lost) {
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO media_records (segment, media, chunks, lost, streams)"
                              " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                              " streams = streams | excluded.streams"));
  return put.run(segment, file, chunks, lost, stream == StreamId::kTestimony ? 1 : 2);
}

Result<bool> VaultMedia::is_named(const MediaId& file) {
  RESGUARDO_TRY(const auto reports, reports_of(file));
  return !reports.empty();
}

Result<std::optional<std::uint64_t>> VaultMedia::announced(const MediaId& file) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare("SELECT max(chunks) FROM media_records"
                                                           " WHERE media = ? AND lost = 0"));
  RESGUARDO_TRY(auto rows, find.query(file));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there || rows.is_null(0)) return std::optional<std::uint64_t>();
  return std::optional(static_cast<std::uint64_t>(rows.integer(0)));
}

Result<std::vector<ReportId>> VaultMedia::reports_of(const MediaId& file) {
  RESGUARDO_TRY(auto find,
                vault_.state_->database.prepare(
                    "SELECT report FROM segments WHERE position = ?1"
                    " UNION SELECT report FROM foreign_segments WHERE position = ?1 ORDER BY 1"));
  RESGUARDO_TRY(auto rows, find.query(addendum_index(file)));
  std::vector<ReportId> reports;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return reports;
    RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, 0));
    reports.push_back(report);
  }
}

Result<std::vector<MediaId>> VaultMedia::unsettled() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT m.media FROM media AS m WHERE m.state = 0 AND EXISTS"
                               " (SELECT 1 FROM media_records AS r WHERE r.media = m.media"
                               "  AND r.lost = 0) ORDER BY m.media"));
  RESGUARDO_TRY(auto rows, find.query());
  std::vector<MediaId> files;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return files;
    RESGUARDO_TRY(const auto file, id_column<MediaId>(rows, 0));
    files.push_back(file);
  }
}

Result<std::uint64_t> VaultMedia::visit(const MediaId& file, std::uint64_t most,
                                        const Visitor& visit) {
  RESGUARDO_TRY(auto all, vault_.state_->database.prepare(
                              "SELECT number, sealed FROM media_chunks WHERE media = ?"
                              " ORDER BY number"));
  RESGUARDO_TRY(auto rows, all.query(file));
  for (std::uint64_t next = 0; next < most; ++next) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more || static_cast<std::uint64_t>(rows.integer(0)) != next) return next;
    RESGUARDO_CHECK(visit(rows.bytes(1)));
  }
  return most;
}

Result<open::MediaFacts> VaultMedia::facts_of(const MediaId& file, const Digest& segment) {
  std::optional<Result<open::MediaFacts>> facts;
  const auto look = [&](std::uint64_t, StreamId, ByteView content) -> Status {
    if (facts) return success();
    auto record = open::parse_record(SecretBuffer(content));
    if (!record.ok()) return success();
    for (pb::Entry& entry : *record->mutable_entries())
      if (!facts && keeps(entry, file)) facts = facts_in(*entry.mutable_media(), file);
    return success();
  };
  RESGUARDO_CHECK(visit_records(vault_.state_->database, segment, look));
  if (!facts) return kNoSuchFile;
  return *std::move(facts);
}

Result<Digest> VaultMedia::open(const MediaId& file, const Digest& segment, const Sink& sink) {
  RESGUARDO_TRY(auto facts, facts_of(file, segment));
  const std::uint64_t chunks = facts.chunks;
  RESGUARDO_TRY(auto reader, open::MediaReader::begin(std::move(facts)));
  Sha256 ciphertext;
  RESGUARDO_TRY(const std::uint64_t here, visit(file, chunks, [&](ByteView sealed) -> Status {
                  RESGUARDO_TRY(const auto plain, reader.next(sealed));
                  ciphertext.add(sealed);
                  return sink(plain.view());
                }));
  if (here < chunks) return kChunksMissing;
  RESGUARDO_CHECK(reader.finish());
  return ciphertext.finish();
}

Result<std::vector<VaultMedia::Named>> VaultMedia::records_of(const MediaId& file) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT segment, chunks FROM media_records WHERE media = ?"
                               " AND lost = 0 ORDER BY segment"));
  RESGUARDO_TRY(auto rows, find.query(file));
  std::vector<Named> records;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return records;
    RESGUARDO_TRY(const auto segment, id_column<Digest>(rows, 0));
    records.push_back({segment, static_cast<std::uint64_t>(rows.integer(1))});
  }
}

Status VaultMedia::remember(const MediaId& file, FileState state,
                            const std::optional<Digest>& segment, const Digest& ciphertext) {
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare("UPDATE media SET state = ?, segment = ?,"
                                                          " ciphertext = ? WHERE media = ?"));
  return put.run(static_cast<int>(state), segment, ciphertext, file);
}

Result<VaultMedia::Came> VaultMedia::came(const MediaId& file, std::uint64_t most) {
  Sha256 ciphertext;
  RESGUARDO_TRY(const std::uint64_t chunks, visit(file, most, [&](ByteView sealed) {
                  ciphertext.add(sealed);
                  return success();
                }));
  return Came{chunks, ciphertext.finish()};
}

Result<FileState> VaultMedia::settle(const MediaId& file) {
  RESGUARDO_TRY(const auto records, records_of(file));
  std::optional<Named> whole;
  for (const Named& record : records) {
    auto opened = open(file, record.segment, [](ByteView) { return success(); });
    if (opened.ok()) {
      RESGUARDO_CHECK(remember(file, FileState::kOpens, record.segment, *opened));
      return FileState::kOpens;
    }
    if (opened.error().fault == Fault::kUnavailable) return opened.error();
    if (opened.error().fault != Fault::kNotFound) whole = record;
  }
  constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
  RESGUARDO_TRY(const Came here, came(file, whole ? whole->chunks : kAll));
  // A chunk that does not open may be mended by what is still to come; it is whole all the same.
  const bool damaged = whole && here.chunks == whole->chunks;
  const FileState state = damaged ? FileState::kDamaged : FileState::kNotWhole;
  RESGUARDO_CHECK(remember(file, state, damaged ? std::optional(whole->segment) : std::nullopt,
                           here.ciphertext));
  return state;
}

Result<Digest> VaultMedia::ciphertext(const MediaId& file) {
  RESGUARDO_TRY(auto find,
                vault_.state_->database.prepare("SELECT ciphertext FROM media WHERE media = ?"
                                                " AND state > 0 AND ciphertext IS NOT NULL"));
  RESGUARDO_TRY(auto rows, find.query(file));
  RESGUARDO_TRY(const bool there, rows.next());
  if (!there) return kChunksMissing;
  return id_column<Digest>(rows, 0);
}

Status VaultMedia::forget(const MediaId& file) {
  RESGUARDO_TRY(auto chunks,
                vault_.state_->database.prepare("DELETE FROM media_chunks WHERE media = ?"));
  RESGUARDO_CHECK(chunks.run(file));
  RESGUARDO_TRY(auto gone, vault_.state_->database.prepare("DELETE FROM media WHERE media = ?"));
  return gone.run(file);
}

}  // namespace resguardo::analyst
