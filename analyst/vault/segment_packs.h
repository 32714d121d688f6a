// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include "analyst/report/stored_report.h"
#include "analyst/vault/row_pack.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/statement.h"

// Inside analyst/vault only.
namespace resguardo::analyst {

// Puts records and sealed rows into their segments' packs, a pack at a time: what is put shows
// after flush(). What is there stays.
class SegmentPacks {
 public:
  static Result<SegmentPacks> begin(sqlcipher::Connection& database);

  // For a segment that is new in this vault: its number, and then its header, which is written
  // with its first pack.
  Result<std::int64_t> next_number();
  Status begin_segment(const Digest& segment, std::int64_t number, ByteView header);

  // kMalformed: no such segment began.
  Status put_record(const Digest& segment, std::uint64_t sequence, StreamId stream,
                    ByteView content);
  Status put_row(const Digest& segment, std::uint64_t sequence, ByteView row);
  Status flush();

 private:
  SegmentPacks(sqlcipher::Connection& database, sqlcipher::Statement put, sqlcipher::Statement get,
               sqlcipher::Statement update, sqlcipher::Statement number);
  Status select(const Digest& segment, std::uint64_t sequence);
  Status merge();

  sqlcipher::Connection& database_;
  sqlcipher::Statement put_;
  sqlcipher::Statement get_;
  sqlcipher::Statement update_;
  sqlcipher::Statement find_number_;
  std::optional<std::int64_t> next_number_;

  std::optional<Digest> segment_;  // that is being put together
  std::int64_t number_ = 0;
  std::uint64_t pack_ = 0;
  std::optional<Bytes> header_;  // not written yet
  RowPack records_;
  RowPack sealed_;
};

// Records by sequence, then stream. Stops at the visitor's first failure.
using RecordVisitor = std::function<Status(std::uint64_t sequence, StreamId, ByteView content)>;
Status visit_records(sqlcipher::Connection& database, const Digest& segment,
                     const RecordVisitor& visit);
// The header, then the sealed rows by sequence. kNotFound: no such segment.
using HeaderVisitor = std::function<Status(ByteView header)>;
using RowVisitor = std::function<Status(std::uint64_t sequence, ByteView row)>;
Status visit_sealed(sqlcipher::Connection& database, const Digest& segment,
                    const HeaderVisitor& visit_header, const RowVisitor& visit);

}  // namespace resguardo::analyst
