// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "storage/store.h"

namespace resguardo::storage {

// What one turn, or several, add to a report, as one value of a journal row:
//   u8 version (1), then items: u8 kind, fixed fields, and for each value u32 length ‖ bytes.
//   1 segment  digest(32) index(u32) header    2 row  digest(32) sequence(u64) row
//   5 segment  digest(32) index(u32) week(i32) header
//   3 log entry  entry                         4 receipt  lookup(32) mailbox withdrawal-key
//   6 log entry of an addendum, undated  entry
// Integers are little endian.
struct SealedPart {
  std::vector<SegmentWrite> segments;
  std::vector<RowWrite> rows;
  std::vector<Bytes> log_entries;
  std::vector<ReceiptWrite> receipts;
  std::vector<Bytes> undated_entries;

  // What a closed report was told of itself: nothing but files that were fetched since.
  bool is_only_addenda() const;
};

Bytes encode_sealed_part(const ReportWrite& write);
Bytes encode_sealed_part(const SealedPart& part);
Result<SealedPart> decode_sealed_part(ByteView bytes);  // strict: kMalformed

}  // namespace resguardo::storage
