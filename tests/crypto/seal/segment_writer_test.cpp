// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/segment_writer.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "crypto/base/hash.h"
#include "crypto/format/padding.h"
#include "crypto/open/segment_reader.h"
#include "proto/envelope.pb.h"
#include "tests/support/sealing_fixture.h"
#include "tests/support/seeded_random.h"
#include "tests/support/stream_replay.h"

namespace resguardo {
namespace {

using testing_support::make_empty_record;
using testing_support::make_quorum_readers;
using testing_support::make_readers;
using testing_support::make_record;
using testing_support::make_slab;
using testing_support::make_turn;
using testing_support::SeededRandom;
using testing_support::StreamReplay;
using testing_support::TestReaders;

const Week kWeek = parse_week("2026-W47").value();
const TimePoint kWritingDay = start_of(parse_day("2026-11-21").value());

class SegmentWriterTest : public ::testing::Test {
 protected:
  Result<SegmentWriter> begin(std::uint32_t index = 0) {
    return SegmentWriter::begin(readers_.recipients, {ReportId{}, index, Digest{}}, *slab_, ids_);
  }
  // A record of exactly `size` bytes, wire format aside.
  SecretBuffer sized(std::size_t size) {
    SecretBuffer record = make_empty_record(ids_, kWritingDay);
    record.resize(size);
    return record;
  }
  TurnRecords turn(std::string_view text) { return make_turn(ids_, kWritingDay, text); }

  TestReaders readers_ = make_readers(2, kWeek);
  std::unique_ptr<LockedSlab> slab_ = make_slab(2);
  SeededRandom ids_{5};
};

pb::SealedRow parsed(const Bytes& row) {
  pb::SealedRow result;
  EXPECT_TRUE(result.ParseFromArray(row.data(), static_cast<int>(row.size())));
  return result;
}

TEST_F(SegmentWriterTest, RefusesQuorumsThatCannotBeMetOrThatOnePersonMeets) {
  using Change = std::function<void(Recipients&)>;
  const std::vector<std::pair<const char*, Change>> cases = {
      {"no group", [](Recipients& r) { r.groups[1].clear(); }},
      {"one of all", [](Recipients& r) { r.groups[1][0].m = 1; }},
      {"a threshold of none", [](Recipients& r) { r.groups[1][0].m = 0; }},
      {"more than there are", [](Recipients& r) { r.groups[1][0].m = 3; }},
      {"a group of nobody", [](Recipients& r) { r.groups[1].push_back({MemberId{}, 1}); }},
      {"a member of no group", [](Recipients& r) { r.members[1][1].group = 1; }},
      {"groups of ANY", [](Recipients& r) { r.policy[1] = PolicyType::kAny; }}};
  for (const auto& [what, change] : cases) {
    readers_ = make_quorum_readers({2, 2, 0, 0}, kWeek);
    ASSERT_TRUE(begin().ok());
    change(readers_.recipients);
    EXPECT_EQ(begin().error().fault, Fault::kRefused) << what;
    EXPECT_EQ(slab_->in_use(), 0U);
  }
}

TEST_F(SegmentWriterTest, AsksForThirtyTwoPeopleTogetherAndNotForOneMore) {
  readers_ = make_quorum_readers({31, 31, 1, 2}, kWeek);
  EXPECT_TRUE(begin().ok());
  readers_ = make_quorum_readers({31, 31, 2, 2}, kWeek);
  EXPECT_EQ(begin().error().fault, Fault::kRefused);
  readers_ = make_quorum_readers({2, 33, 0, 0}, kWeek);
  EXPECT_EQ(begin().error().fault, Fault::kRefused);
}

TEST_F(SegmentWriterTest, RefusesACompartmentWithoutReaders) {
  readers_.recipients.members[1].clear();
  EXPECT_EQ(begin().error().fault, Fault::kRefused);
}

TEST_F(SegmentWriterTest, SealsToTheLastReaderItPromisesAndRefusesOneMore) {
  auto& members = readers_.recipients.members[0];
  members.resize(256, members[0]);
  EXPECT_TRUE(begin().ok());
  members.push_back(members[0]);
  EXPECT_EQ(begin().error().fault, Fault::kRefused);
}

TEST_F(SegmentWriterTest, NeedsACellOfItsSizeAndAFreeOne) {
  auto first = begin();
  auto second = begin();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(begin().error().fault, Fault::kUnavailable);
  const auto small = LockedSlab::create(SegmentWriter::cell_size() - 16, 1);
  ASSERT_TRUE(small.ok());
  EXPECT_EQ(SegmentWriter::begin(readers_.recipients, {}, **small, ids_).error().fault,
            Fault::kRefused);
}

TEST_F(SegmentWriterTest, CostsOneCellWithinTheBudget) {
  EXPECT_LE(SegmentWriter::cell_size() + sizeof(SegmentWriter), 224U);
}

TEST_F(SegmentWriterTest, PadsBothStreamsToTheClassOfTheLonger) {
  auto writer = begin();
  const struct {
    std::size_t testimony, identity, ciphertext;
  } cases[] = {{40, 40, 273},  {255, 40, 273},   {256, 40, 529},
               {40, 256, 529}, {40, 4096, 8209}, {kMaxRecord, 40, kMaxSizeClass + 17}};
  for (const auto& c : cases) {
    const auto sealed = writer->seal({sized(c.testimony), sized(c.identity)});
    ASSERT_TRUE(sealed.ok());
    EXPECT_EQ(parsed(sealed->row).testimony().size(), c.ciphertext);
    EXPECT_EQ(parsed(sealed->row).identity().size(), c.ciphertext);
  }
}

TEST_F(SegmentWriterTest, AShortAnswerANameAndNothingLookAlike) {
  auto writer = begin();
  const auto silent =
      writer->seal({make_empty_record(ids_, kWritingDay), make_empty_record(ids_, kWritingDay)});
  auto other = begin();
  const auto named = other->seal({make_record(ids_, kWritingDay, "a", std::string(150, 'x')),
                                  make_record(ids_, kWritingDay, "name", "n")});
  EXPECT_EQ(silent->row.size(), named->row.size());
}

TEST_F(SegmentWriterTest, AfterARefusedRecordTheSegmentGoesOn) {
  auto writer = begin();
  EXPECT_EQ(writer->seal({sized(kMaxRecord + 1), sized(40)}).error().fault, Fault::kRefused);
  EXPECT_EQ(writer->seal({sized(40), SecretBuffer(40)}).error().fault, Fault::kMalformed);
  EXPECT_EQ(writer->seal({SecretBuffer(), sized(40)}).error().fault, Fault::kMalformed);
  EXPECT_EQ(writer->next_sequence(), 0U);
  const auto sealed = writer->seal(turn("hola"));
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(sealed->sequence, 0U);
  auto reader = open::SegmentReader::begin(writer->header(), readers_.keys[0]);
  EXPECT_TRUE(reader->next(sealed->row).ok());
}

TEST_F(SegmentWriterTest, EndsWithFinish) {
  auto writer = begin();
  EXPECT_FALSE(writer->finished());
  EXPECT_EQ(slab_->in_use(), 1U);
  ASSERT_TRUE(writer->finish(turn("adiós")).ok());
  EXPECT_TRUE(writer->finished());
  EXPECT_EQ(slab_->in_use(), 0U);
  EXPECT_EQ(writer->seal(turn("más")).error().fault, Fault::kRefused);
  EXPECT_EQ(writer->finish(turn("más")).error().fault, Fault::kRefused);
  EXPECT_EQ(writer->next_sequence(), 1U);
}

TEST_F(SegmentWriterTest, WhatWasMovedFromSealsNothing) {
  auto writer = begin();
  SegmentWriter moved = std::move(*writer);
  EXPECT_EQ(writer->seal(turn("hola")).error().fault, Fault::kRefused);
  EXPECT_TRUE(moved.seal(turn("hola")).ok());
}

TEST_F(SegmentWriterTest, AParkedWriterGoesOnInTheSameStream) {
  auto writer = begin();
  const Bytes header = writer->header();
  std::vector<Bytes> rows = {writer->seal(turn("hola"))->row};
  for (const char* text : {"qué", "tal"}) {
    const Digest digest = writer->header_digest();
    auto parked = SegmentWriter::park(std::move(*writer));
    ASSERT_TRUE(parked);
    EXPECT_EQ(writer->seal(turn(text)).error().fault, Fault::kRefused) << "there is one of them";
    EXPECT_EQ(slab_->in_use(), 1U);
    writer = SegmentWriter::resume(std::move(*parked), digest);
    rows.push_back(writer->seal(turn(text))->row);
  }
  ASSERT_TRUE(writer->finish(turn("adiós")).ok());
  EXPECT_FALSE(SegmentWriter::park(std::move(*writer)));
  auto reader = open::SegmentReader::begin(header, readers_.keys[1]);
  for (const Bytes& row : rows) EXPECT_TRUE(reader->next(row).ok());
}

TEST_F(SegmentWriterTest, GivesTheHeaderUpAndKeepsItsName) {
  auto writer = begin();
  const Bytes header = writer->header();
  writer->release_header();
  EXPECT_TRUE(writer->header().empty());
  EXPECT_EQ(writer->header().capacity(), 0U);
  EXPECT_EQ(writer->header_digest(), blake2b(header));
  const auto sealed = writer->seal(turn("hola"));
  EXPECT_TRUE(open::SegmentReader::begin(header, readers_.keys[1])->next(sealed->row).ok());
}

TEST_F(SegmentWriterTest, TellsTheDigestsThatStandInTheRow) {
  auto writer = begin();
  const auto sealed = writer->seal(turn("hola"));
  EXPECT_EQ(parsed(sealed->row).testimony_digest(), sealed->testimony_digest.str());
  EXPECT_EQ(parsed(sealed->row).identity_digest(), sealed->identity_digest.str());
  EXPECT_NE(sealed->testimony_digest, sealed->identity_digest);
}

// What one ciphertext of a segment was sealed under.
void collect_keys(const Bytes& header, const std::vector<Bytes>& rows,
                  const open::AnalystKeys& keys, std::multiset<Bytes>& used) {
  for (const StreamId stream : kStreams) {
    StreamReplay replay(header, stream, keys);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      used.insert(to_bytes(replay.key_and_nonce()));
      const auto row = parsed(rows[i]);
      const auto& sealed = stream == StreamId::kTestimony ? row.testimony() : row.identity();
      ASSERT_TRUE(replay.pull(as_bytes(sealed), i).has_value());
    }
  }
}

// protocol.md §3.5: the commit of turn `failing` is lost, the writer goes, the answer is sealed
// again in the next segment. The lost row may still lie on a disk: it counts.
TEST_F(SegmentWriterTest, AfterALostCommitNoTwoCiphertextsShareKeyAndNonce) {
  constexpr std::size_t kTurns = 6;
  for (std::size_t failing = 0; failing < kTurns; ++failing) {
    std::multiset<Bytes> used;
    std::uint32_t index = 0;
    auto writer = begin(index);
    Bytes header = writer->header();
    std::vector<Bytes> rows;
    std::size_t acknowledged = 0;
    bool failed = false;
    while (acknowledged < kTurns) {
      const auto said = turn("answer " + std::to_string(acknowledged));
      const auto sealed = acknowledged + 1 < kTurns ? writer->seal(said) : writer->finish(said);
      ASSERT_TRUE(sealed.ok());
      rows.push_back(sealed->row);
      if (acknowledged != failing || failed) {
        ++acknowledged;
        continue;
      }
      failed = true;
      collect_keys(header, rows, readers_.keys[0], used);
      writer = Error{Fault::kUnavailable, "gone"};
      EXPECT_EQ(slab_->in_use(), 0U);
      writer = begin(++index);
      header = writer->header();
      rows.clear();
    }
    collect_keys(header, rows, readers_.keys[0], used);
    EXPECT_EQ(used.size(), 2 * (kTurns + 1));
    EXPECT_EQ(std::set<Bytes>(used.begin(), used.end()).size(), used.size());
  }
}

// The cell that the next writer gets, watched from outside: the slab hands out the last one back.
class WatchedCell {
 public:
  explicit WatchedCell(LockedSlab& slab) {
    auto cell = slab.acquire();
    bytes_ = cell->bytes();
  }
  ByteView view() const { return bytes_; }
  bool zero() const {
    return std::all_of(bytes_.begin(), bytes_.end(), [](std::uint8_t b) { return b == 0; });
  }

 private:
  std::span<std::uint8_t> bytes_;
};

TEST_F(SegmentWriterTest, LeavesNoStateWhenItFinishesOrGoes) {
  const WatchedCell cell(*slab_);
  {
    auto writer = begin();
    EXPECT_FALSE(cell.zero());
  }
  EXPECT_TRUE(cell.zero());
  auto writer = begin();
  EXPECT_FALSE(cell.zero());
  ASSERT_TRUE(writer->finish(turn("adiós")).ok());
  EXPECT_TRUE(cell.zero());
}

// protocol.md §3.4, both halves of the sentence: the state in memory after turn n opens no turn up
// to n, not even for somebody who knows that turn's nonce; it does open turn n + 1.
TEST_F(SegmentWriterTest, TheStateInMemoryOpensNothingToldBeforeAndWhatIsToldAfter) {
  constexpr std::size_t kTurns = 5;
  const WatchedCell cell(*slab_);
  auto writer = begin();
  std::vector<pb::SealedRow> rows;
  std::vector<Bytes> images;  // images[n]: after turn n
  for (std::size_t i = 0; i < kTurns; ++i) {
    rows.push_back(parsed(writer->seal(turn("answer " + std::to_string(i)))->row));
    images.push_back(to_bytes(cell.view()));
  }
  for (const StreamId stream : kStreams) {
    StreamReplay truth(writer->header(), stream, readers_.keys[0]);
    for (std::size_t row = 0; row < kTurns; ++row) {
      const auto& sealed =
          stream == StreamId::kTestimony ? rows[row].testimony() : rows[row].identity();
      const Bytes nonce = to_bytes(truth.key_and_nonce().subspan(32));
      for (std::size_t image = 0; image < kTurns; ++image) {
        constexpr std::size_t kResting = 32 + 12;  // without the padding
        const auto offset = static_cast<std::size_t>(stream) * kResting;
        Bytes state = to_bytes(ByteView(images[image]).subspan(offset, kResting));
        state.resize(StreamReplay::kStateSize);
        std::copy(nonce.begin(), nonce.end(), state.begin() + 32);
        StreamReplay replay(writer->header(), stream, state);
        EXPECT_EQ(replay.pull(as_bytes(sealed), row).has_value(), row == image + 1)
            << "image " << image << ", row " << row;
      }
      ASSERT_TRUE(truth.pull(as_bytes(sealed), row).has_value());
    }
  }
}

}  // namespace
}  // namespace resguardo
