// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/segment_packs.h"

#include <utility>

namespace resguardo::analyst {
namespace {

std::uint8_t place_of(std::uint64_t sequence) {
  return static_cast<std::uint8_t>(sequence % kRowsInPack);
}

}  // namespace

SegmentPacks::SegmentPacks(sqlcipher::Connection& database, sqlcipher::Statement put,
                           sqlcipher::Statement get, sqlcipher::Statement update,
                           sqlcipher::Statement number)
    : database_(database),
      put_(std::move(put)),
      get_(std::move(get)),
      update_(std::move(update)),
      find_number_(std::move(number)) {}

Result<SegmentPacks> SegmentPacks::begin(sqlcipher::Connection& database) {
  RESGUARDO_TRY(auto put,
                database.prepare("INSERT INTO packs (segment, pack, records, header, sealed)"
                                 " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"));
  RESGUARDO_TRY(auto get, database.prepare("SELECT records, sealed FROM packs"
                                           " WHERE segment = ? AND pack = ?"));
  RESGUARDO_TRY(auto update, database.prepare("UPDATE packs SET records = ?3, sealed = ?4"
                                              " WHERE segment = ?1 AND pack = ?2"));
  RESGUARDO_TRY(auto number, database.prepare("SELECT number FROM segments WHERE digest = ?"));
  return SegmentPacks(database, std::move(put), std::move(get), std::move(update),
                      std::move(number));
}

// Every segment has a pack, so numbers that are in use are all below.
Result<std::int64_t> SegmentPacks::next_number() {
  if (!next_number_) {
    RESGUARDO_TRY(const auto most, database_.number("SELECT coalesce(max(segment), 0) FROM packs"));
    next_number_ = most + 1;
  }
  return *next_number_;
}

Status SegmentPacks::begin_segment(const Digest& segment, std::int64_t number, ByteView header) {
  RESGUARDO_CHECK(flush());
  next_number_ = number + 1;
  segment_ = segment;
  number_ = number;
  pack_ = 0;
  header_ = to_bytes(header);
  return success();
}

Status SegmentPacks::select(const Digest& segment, std::uint64_t sequence) {
  const std::uint64_t pack = sequence / kRowsInPack;
  if (segment_ == segment && pack_ == pack) return success();
  RESGUARDO_CHECK(flush());
  if (segment_ != segment) {
    RESGUARDO_TRY(auto rows, find_number_.query(segment));
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there) return Error{Fault::kMalformed, "a row of a segment that did not begin"};
    number_ = rows.integer(0);
  }
  segment_ = segment;
  pack_ = pack;
  return success();
}

Status SegmentPacks::put_record(const Digest& segment, std::uint64_t sequence, StreamId stream,
                                ByteView content) {
  RESGUARDO_CHECK(select(segment, sequence));
  const int key = place_of(sequence) * 2 + static_cast<int>(stream);
  return records_.put(static_cast<std::uint8_t>(key), content);
}

Status SegmentPacks::put_row(const Digest& segment, std::uint64_t sequence, ByteView row) {
  RESGUARDO_CHECK(select(segment, sequence));
  return sealed_.put(place_of(sequence), row);
}

Status SegmentPacks::flush() {
  if (!header_ && records_.empty() && sealed_.empty()) return success();
  RESGUARDO_CHECK(
      put_.run(number_, pack_, records_.view(), header_ ? *header_ : Bytes(), sealed_.view()));
  if (database_.changes() == 0) RESGUARDO_CHECK(merge());
  header_.reset();
  records_.clear();
  sealed_.clear();
  return success();
}

Status SegmentPacks::merge() {
  RowPack records;
  RowPack sealed;
  bool more = false;
  {
    RESGUARDO_TRY(auto rows, get_.query(number_, pack_));
    RESGUARDO_TRY(const bool there, rows.next());
    if (!there) return Error{Fault::kMalformed, "a row of a segment that did not begin"};
    RESGUARDO_TRY(records, RowPack::merged(rows.bytes(0), records_.view()));
    RESGUARDO_TRY(sealed, RowPack::merged(rows.bytes(1), sealed_.view()));
    more =
        records.view().size() > rows.bytes(0).size() || sealed.view().size() > rows.bytes(1).size();
  }
  return more ? update_.run(number_, pack_, records.view(), sealed.view()) : success();
}

Status visit_records(sqlcipher::Connection& database, const Digest& segment,
                     const RecordVisitor& visit) {
  RESGUARDO_TRY(auto find, database.prepare("SELECT p.pack, p.records FROM segments AS s"
                                            " JOIN packs AS p ON p.segment = s.number"
                                            " WHERE s.digest = ? ORDER BY p.pack"));
  RESGUARDO_TRY(auto rows, find.query(segment));
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return success();
    const auto first = static_cast<std::uint64_t>(rows.integer(0)) * kRowsInPack;
    PackReader pack(rows.bytes(1));
    for (;;) {
      RESGUARDO_TRY(const bool another, pack.next());
      if (!another) break;
      RESGUARDO_CHECK(
          visit(first + pack.key() / 2, static_cast<StreamId>(pack.key() % 2), pack.content()));
    }
  }
}

Status visit_sealed(sqlcipher::Connection& database, const Digest& segment,
                    const HeaderVisitor& visit_header, const RowVisitor& visit) {
  RESGUARDO_TRY(auto find, database.prepare("SELECT p.pack, p.header, p.sealed FROM segments AS s"
                                            " JOIN packs AS p ON p.segment = s.number"
                                            " WHERE s.digest = ? ORDER BY p.pack"));
  RESGUARDO_TRY(auto rows, find.query(segment));
  for (bool first_of_all = true;; first_of_all = false) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more && first_of_all) return Error{Fault::kNotFound, "the vault holds no such segment"};
    if (!more) return success();
    if (first_of_all) RESGUARDO_CHECK(visit_header(rows.bytes(1)));
    const auto first = static_cast<std::uint64_t>(rows.integer(0)) * kRowsInPack;
    PackReader pack(rows.bytes(2));
    for (;;) {
      RESGUARDO_TRY(const bool another, pack.next());
      if (!another) break;
      RESGUARDO_CHECK(visit(first + pack.key(), pack.content()));
    }
  }
}

}  // namespace resguardo::analyst
