// SPDX-License-Identifier: AGPL-3.0-or-later
// Honest segments, changed on the way: every change is noticed, none opens to other words.
#include <gtest/gtest.h>

#include "crypto/format/strict_parse.h"
#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using open::SegmentReader;
using testing_support::make_readers;
using testing_support::make_slab;
using testing_support::make_turn;
using testing_support::SeededRandom;
using testing_support::TestReaders;

struct Segment {
  Bytes header;
  std::vector<Bytes> rows;
};

class SegmentTamperTest : public ::testing::Test {
 protected:
  Segment seal(const std::vector<std::string>& said) {
    auto writer =
        SegmentWriter::begin(readers_.recipients, {ids_.make<ReportId>(), 0, {}}, *slab_, ids_);
    Segment segment{writer->header(), {}};
    for (std::size_t i = 0; i < said.size(); ++i) {
      const auto turn = make_turn(ids_, kNow, said[i]);
      const auto sealed = i + 1 < said.size() ? writer->seal(turn) : writer->finish(turn);
      segment.rows.push_back(sealed->row);
    }
    return segment;
  }
  // How many rows open, in order.
  std::size_t opened(const Bytes& header, const std::vector<Bytes>& rows, std::size_t reader = 0) {
    auto segment = SegmentReader::begin(header, readers_.keys[reader]);
    if (!segment.ok()) return 0;
    std::size_t count = 0;
    while (count < rows.size() && segment->next(rows[count]).ok()) ++count;
    return count;
  }

  TestReaders readers_ = make_readers(2, kWeek);
  std::unique_ptr<LockedSlab> slab_ = make_slab(2);
  SeededRandom ids_{7};
};

Bytes flipped(Bytes bytes, std::size_t bit) {
  bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ 1U << bit % 8);
  return bytes;
}

TEST_F(SegmentTamperTest, EveryFlippedBitOfTheHeaderFailsBeforeTheFirstRecord) {
  const Segment segment = seal({"hola", "adiós"});
  ASSERT_EQ(opened(segment.header, segment.rows), 2U);
  for (std::size_t bit = 0; bit < segment.header.size() * 8; ++bit)
    ASSERT_EQ(opened(flipped(segment.header, bit), segment.rows), 0U) << "bit " << bit;
}

TEST_F(SegmentTamperTest, EveryFlippedBitOfARowFailsAtThatRow) {
  const Segment segment = seal({"uno", "dos", "tres"});
  for (std::size_t row = 0; row < segment.rows.size(); ++row) {
    for (std::size_t bit = 0; bit < segment.rows[row].size() * 8; ++bit) {
      auto rows = segment.rows;
      rows[row] = flipped(rows[row], bit);
      ASSERT_EQ(opened(segment.header, rows), row) << "row " << row << ", bit " << bit;
    }
  }
}

TEST_F(SegmentTamperTest, EveryCutAndEveryAddedByteFails) {
  const Segment segment = seal({"hola"});
  for (std::size_t size = 0; size < segment.header.size(); ++size)
    ASSERT_EQ(opened(to_bytes(ByteView(segment.header).first(size)), segment.rows), 0U) << size;
  for (std::size_t size = 0; size < segment.rows[0].size(); ++size)
    ASSERT_EQ(opened(segment.header, {to_bytes(ByteView(segment.rows[0]).first(size))}), 0U);
  Segment longer = segment;
  longer.header.push_back(0);
  EXPECT_EQ(opened(longer.header, segment.rows), 0U);
  longer.rows[0].push_back(0);
  EXPECT_EQ(opened(segment.header, longer.rows), 0U);
}

TEST_F(SegmentTamperTest, RowsSwappedDroppedTwiceOrFromElsewhereStopTheSegment) {
  const Segment a = seal({"uno", "dos", "tres"});
  const Segment b = seal({"uno", "dos", "tres"});
  const auto& [uno, dos, tres] = std::tie(a.rows[0], a.rows[1], a.rows[2]);
  EXPECT_EQ(opened(a.header, {dos, uno, tres}), 0U);
  EXPECT_EQ(opened(a.header, {uno, tres, dos}), 1U);
  EXPECT_EQ(opened(a.header, {uno, uno, dos}), 1U);
  EXPECT_EQ(opened(a.header, {uno, tres}), 1U);
  EXPECT_EQ(opened(a.header, {uno, b.rows[1], tres}), 1U);
  EXPECT_EQ(opened(a.header, {uno, dos, tres, b.rows[2]}), 3U);
  EXPECT_EQ(opened(a.header, {uno, dos, tres, tres}), 3U);
  EXPECT_EQ(opened(b.header, a.rows), 0U);
}

// The sequence in the row is only what it claims: renumbering does not help.
TEST_F(SegmentTamperTest, ARenumberedRowDoesNotOpenInAnotherPlace) {
  const Segment segment = seal({"uno", "dos", "tres"});
  const auto renumber = [](const Bytes& bytes, std::uint64_t sequence) {
    pb::SealedRow row;
    row.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    row.set_sequence(sequence);
    return serialize_canonical(row);
  };
  EXPECT_EQ(opened(segment.header, {renumber(segment.rows[1], 0)}), 0U);
  EXPECT_EQ(opened(segment.header, {segment.rows[0], renumber(segment.rows[2], 1)}), 1U);
  EXPECT_EQ(opened(segment.header, {segment.rows[0], renumber(segment.rows[0], 1)}), 1U);
}

TEST_F(SegmentTamperTest, TestimonyAndIdentityDoNotExchangePlaces) {
  const Segment segment = seal({"uno"});
  pb::SealedRow row;
  row.ParseFromArray(segment.rows[0].data(), static_cast<int>(segment.rows[0].size()));
  row.mutable_testimony()->swap(*row.mutable_identity());
  row.mutable_testimony_digest()->swap(*row.mutable_identity_digest());
  EXPECT_EQ(opened(segment.header, {serialize_canonical(row)}), 0U);
  pb::SegmentHeader header;
  header.ParseFromArray(segment.header.data(), static_cast<int>(segment.header.size()));
  header.mutable_testimony()->Swap(header.mutable_identity());
  EXPECT_EQ(opened(serialize_canonical(header), {serialize_canonical(row)}), 0U);
}

TEST_F(SegmentTamperTest, AfterADamagedRowTheRestStaysShut) {
  const Segment segment = seal({"uno", "dos", "tres"});
  auto reader = SegmentReader::begin(segment.header, readers_.keys[0]);
  ASSERT_TRUE(reader->next(segment.rows[0]).ok());
  EXPECT_FALSE(reader->next(flipped(segment.rows[1], 4000)).ok());
  EXPECT_EQ(reader->next(segment.rows[1]).error().fault, Fault::kUnauthentic);
  EXPECT_FALSE(reader->finished());
}

TEST_F(SegmentTamperTest, OtherPeoplesKeysAndOtherWeeksAreNoRecipients) {
  const Segment segment = seal({"uno"});
  const auto strangers = make_readers(3, kWeek);
  EXPECT_EQ(SegmentReader::begin(segment.header, strangers.keys[2]).error().fault,
            Fault::kNotFound);
  open::AnalystKeys later(readers_.keys[0].member(),
                          open::SecretKey<AnalystRole>::generate().value());
  EXPECT_EQ(SegmentReader::begin(segment.header, later).error().fault, Fault::kNotFound);
  later.add_epoch(kWeek, open::SecretKey<EpochRole>::generate().value());
  EXPECT_EQ(SegmentReader::begin(segment.header, later).error().fault, Fault::kNotFound);
}

// An envelope opens for its member at its place and nowhere else.
TEST_F(SegmentTamperTest, EnvelopesAreNotExchangeable) {
  const Segment segment = seal({"uno"});
  pb::SegmentHeader header;
  header.ParseFromArray(segment.header.data(), static_cast<int>(segment.header.size()));
  header.mutable_testimony()->mutable_envelopes()->SwapElements(0, 1);
  for (const auto& keys : readers_.keys)
    EXPECT_EQ(SegmentReader::begin(serialize_canonical(header), keys).error().fault,
              Fault::kUnauthentic);
}

}  // namespace
}  // namespace resguardo
