// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/sealed_part.h"

#include <gtest/gtest.h>

#include "tests/storage/script.h"

namespace resguardo::storage {
namespace {

ReportWrite a_write() {
  Turn turn;
  add_row(turn, 1, 10, 0, "one");
  add_row(turn, 1, 10, 1, "");
  close(turn, 1);
  return *turn.report;
}

TEST(SealedPartTest, ComesBackAsItWas) {
  const ReportWrite write = a_write();
  const auto part = decode_sealed_part(encode_sealed_part(write)).value();
  ASSERT_EQ(part.segments.size(), 1U);
  EXPECT_FALSE(part.segments[0].week);
  EXPECT_EQ(part.segments[0].segment, segment_id(10));
  EXPECT_EQ(part.segments[0].header, text("header of segment 10"));
  ASSERT_EQ(part.rows.size(), 2U);
  EXPECT_EQ(part.rows[0].row, text("one"));
  EXPECT_EQ(part.rows[1].sequence, 1U);
  EXPECT_TRUE(part.rows[1].row.empty());
  EXPECT_EQ(part.log_entries, write.log_entries);
  ASSERT_EQ(part.receipts.size(), 1U);
  EXPECT_EQ(part.receipts[0].lookup, write.receipt->lookup);
  EXPECT_EQ(part.receipts[0].withdrawal_key, Bytes(32, 7));
}

TEST(SealedPartTest, KeepsTheWeekOfASegmentThatHasOne) {
  ReportWrite write = a_write();
  write.segments[0].week = Week{-3};
  const Bytes whole = encode_sealed_part(write);
  const auto part = decode_sealed_part(whole).value();
  EXPECT_EQ(part.segments.at(0).week, Week{-3});
  EXPECT_EQ(part.segments[0].header, text("header of segment 10"));
  EXPECT_EQ(part.rows.size(), 2U);
  EXPECT_EQ(encode_sealed_part(part), whole);
}

TEST(SealedPartTest, IsRefusedWhenCutShortAnywhereButBetweenItems) {
  const Bytes whole = encode_sealed_part(a_write());
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < whole.size(); ++size)
    accepted += decode_sealed_part(ByteView(whole).first(size)).ok() ? 1U : 0U;
  EXPECT_EQ(accepted, 5U) << "after the version and after each item but the last";
}

TEST(SealedPartTest, RefusesOtherVersionsAndKinds) {
  Bytes bytes = encode_sealed_part(a_write());
  bytes[0] = 2;
  EXPECT_EQ(decode_sealed_part(bytes).error().fault, Fault::kMalformed);
  EXPECT_EQ(decode_sealed_part(Bytes{1, 9}).error().fault, Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo::storage
