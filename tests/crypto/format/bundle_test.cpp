// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/bundle.h"

#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "crypto/format/strict_parse.h"
#include "proto/envelope.pb.h"

namespace resguardo {
namespace {

using pb::BundleFrame;

BundleFrame header_frame() {
  BundleFrame frame;
  frame.mutable_header()->set_format(1);
  frame.mutable_header()->set_log_origin("example.org/log");
  frame.mutable_header()->set_bundle_id(std::string(16, 'b'));
  return frame;
}
BundleFrame roster_frame() {
  BundleFrame frame;
  frame.mutable_roster()->mutable_file()->set_format(1);
  return frame;
}
BundleFrame questionnaire_frame() {
  BundleFrame frame;
  frame.mutable_questionnaire()->set_form("form");
  return frame;
}
BundleFrame log_frame() {
  BundleFrame frame;
  frame.mutable_log_entry()->set_entry("entry");
  return frame;
}
BundleFrame segment_frame(std::uint64_t rows, char report = 'r') {
  pb::SegmentHeader header;
  header.set_report_id(std::string(16, report));
  BundleFrame frame;
  frame.mutable_segment()->set_header(to_string(serialize_canonical(header)));
  frame.mutable_segment()->set_rows(rows);
  return frame;
}
BundleFrame row_frame(const std::string& row) {
  BundleFrame frame;
  frame.mutable_row()->set_row(row);
  return frame;
}
BundleFrame media_frame() {
  BundleFrame frame;
  frame.mutable_media_chunk()->set_media_id(std::string(16, 'm'));
  frame.mutable_media_chunk()->set_ciphertext("media");
  return frame;
}
BundleFrame checkpoint_frame() {
  BundleFrame frame;
  frame.mutable_checkpoint()->set_note("note");
  return frame;
}

std::vector<BundleFrame> small_bundle() {
  return {header_frame(),        roster_frame(),     questionnaire_frame(), log_frame(),
          segment_frame(2, 'r'), row_frame("one"),   row_frame("two"),      segment_frame(0, 'r'),
          segment_frame(1, 's'), row_frame("three"), media_frame(),         checkpoint_frame()};
}

std::string written(const std::vector<BundleFrame>& frames, bool last_part = true) {
  std::ostringstream out;
  BundleWriter writer(out);
  for (const auto& frame : frames) EXPECT_TRUE(writer.write(frame).ok());
  EXPECT_TRUE(writer.finish(last_part).ok());
  return std::move(out).str();
}

// Reads to the end or to the first error.
struct Reading {
  std::vector<BundleFrame> frames;
  std::optional<Error> error;
  BundlePlace place;
  bool finished = false;
};
Reading read(const std::string& bytes) {
  std::istringstream in(bytes);
  BundleReader reader(in);
  Reading reading;
  while (!reader.finished() && !reading.error) {
    auto frame = reader.next();
    if (frame.ok()) {
      reading.frames.push_back(*frame);
    } else {
      reading.error = frame.error();
    }
  }
  reading.place = reader.place();
  reading.finished = reader.finished();
  return reading;
}

// Where each frame begins; the first is taken to begin with the magic.
std::vector<std::uint64_t> starts_of(const std::string& bytes) {
  std::vector<std::uint64_t> starts{0};
  std::size_t at = 19;
  while (at < bytes.size()) {
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
      length |= std::size_t{static_cast<std::uint8_t>(bytes[at + i])} << (8 * i);
    at += 4 + length + 16;
    starts.push_back(at);
  }
  return starts;
}

TEST(BundleTest, GivesBackEveryFrameAndTheTotals) {
  const auto frames = small_bundle();
  const Reading reading = read(written(frames));
  ASSERT_TRUE(reading.finished);
  ASSERT_EQ(reading.frames.size(), frames.size() + 1);
  for (std::size_t i = 0; i < frames.size(); ++i)
    EXPECT_EQ(serialize_canonical(reading.frames[i]), serialize_canonical(frames[i]));
  const auto& end = reading.frames.back().end();
  EXPECT_EQ(end.rosters(), 1U);
  EXPECT_EQ(end.questionnaires(), 1U);
  EXPECT_EQ(end.reports(), 2U);
  EXPECT_EQ(end.segments(), 3U);
  EXPECT_EQ(end.rows(), 3U);
  EXPECT_EQ(end.log_entries(), 1U);
  EXPECT_EQ(end.media_chunks(), 1U);
  EXPECT_TRUE(end.last_part());
}

TEST(BundleTest, HasNothingAfterItsEnd) {
  std::istringstream in(written({header_frame()}));
  BundleReader reader(in);
  ASSERT_TRUE(reader.next().ok());
  EXPECT_FALSE(reader.finished());
  ASSERT_TRUE(reader.next().ok());
  EXPECT_TRUE(reader.finished());
  const auto after = reader.next();
  ASSERT_FALSE(after.ok());
  EXPECT_EQ(after.error().fault, Fault::kNotFound);
  EXPECT_TRUE(reader.finished());
}

TEST(BundleTest, FindsEveryFlippedBitAndSaysWhere) {
  const std::string bytes = written(small_bundle());
  const auto starts = starts_of(bytes);
  ASSERT_EQ(starts.back(), bytes.size());
  std::size_t frame = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at == starts[frame + 1]) ++frame;
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      const Reading reading = read(damaged);
      ASSERT_TRUE(reading.error) << "byte " << at << " bit " << bit;
      EXPECT_EQ(reading.error->fault, Fault::kMalformed);
      ASSERT_EQ(reading.place.frame, frame) << "byte " << at << " bit " << bit;
      ASSERT_EQ(reading.place.offset, starts[frame]);
      EXPECT_EQ(reading.frames.size(), frame);  // what came before is whole
    }
  }
}

TEST(BundleTest, FindsWhereItIsCutShort) {
  const std::string bytes = written(small_bundle());
  const auto starts = starts_of(bytes);
  std::size_t frame = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    if (size == starts[frame + 1]) ++frame;
    const Reading reading = read(bytes.substr(0, size));
    ASSERT_TRUE(reading.error) << size;
    EXPECT_EQ(reading.error->fault, Fault::kMalformed);
    ASSERT_EQ(reading.place.frame, frame) << size;
    ASSERT_EQ(reading.place.offset, starts[frame]) << size;
  }
}

TEST(BundleTest, RefusesWhatFollowsItsEnd) {
  const std::string bytes = written(small_bundle());
  for (const std::string& more : {std::string("\n"), std::string(1, '\0'), bytes}) {
    const Reading reading = read(bytes + more);
    ASSERT_TRUE(reading.error);
    EXPECT_EQ(reading.place.offset, bytes.size());
    EXPECT_FALSE(reading.finished);
  }
}

TEST(BundleTest, RefusesFramesMovedDroppedOrDoubled) {
  const std::string bytes = written(small_bundle());
  const auto starts = starts_of(bytes);
  const auto part = [&](std::size_t frame) {
    return bytes.substr(starts[frame], starts[frame + 1] - starts[frame]);
  };
  const auto joined = [&](const std::vector<std::size_t>& order) {
    std::string all;
    for (const std::size_t frame : order) all += part(frame);
    return all;
  };
  ASSERT_TRUE(read(joined({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})).finished);
  const Reading swapped = read(joined({0, 1, 2, 3, 4, 6, 5, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(swapped.place.frame, 5U);
  const Reading dropped = read(joined({0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(dropped.place.frame, 1U);
  const Reading doubled = read(joined({0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(doubled.place.frame, 2U);
}

TEST(BundleTest, WritesFramesInNoOtherOrder) {
  const auto refused = [](const std::vector<BundleFrame>& before, const BundleFrame& frame) {
    std::ostringstream out;
    BundleWriter writer(out);
    for (const auto& one : before) EXPECT_TRUE(writer.write(one).ok());
    return !writer.write(frame).ok();
  };
  EXPECT_TRUE(refused({}, roster_frame()));
  EXPECT_TRUE(refused({header_frame()}, header_frame()));
  EXPECT_TRUE(refused({header_frame()}, BundleFrame()));
  EXPECT_TRUE(refused({header_frame()}, row_frame("row of no segment")));
  EXPECT_TRUE(refused({header_frame(), questionnaire_frame()}, roster_frame()));
  EXPECT_TRUE(refused({header_frame(), log_frame()}, questionnaire_frame()));
  EXPECT_TRUE(refused({header_frame(), segment_frame(0)}, log_frame()));
  EXPECT_TRUE(refused({header_frame(), segment_frame(1)}, segment_frame(0)));
  EXPECT_TRUE(refused({header_frame(), segment_frame(1), row_frame("1")}, row_frame("2")));
  EXPECT_TRUE(refused({header_frame(), media_frame()}, segment_frame(0)));
  EXPECT_TRUE(refused({header_frame(), checkpoint_frame()}, checkpoint_frame()));
  EXPECT_TRUE(refused({header_frame(), checkpoint_frame()}, media_frame()));
}

TEST(BundleTest, DoesNotEndBeforeTheRowsItAnnounced) {
  std::ostringstream out;
  BundleWriter writer(out);
  ASSERT_TRUE(writer.write(header_frame()).ok());
  ASSERT_TRUE(writer.write(segment_frame(1)).ok());
  EXPECT_FALSE(writer.finish(true).ok());
}

TEST(BundleTest, CountsASegmentWhoseHeaderDoesNotParse) {
  BundleFrame damaged = segment_frame(0);
  damaged.mutable_segment()->set_header("\xff\xff");
  const Reading reading = read(written({header_frame(), damaged, damaged}));
  ASSERT_TRUE(reading.finished);
  EXPECT_EQ(reading.frames.back().end().reports(), 2U);
}

TEST(BundleTest, HoldsTheLimitOfAFrame) {
  const auto row_that_makes = [](std::size_t frame_size) {
    BundleFrame frame = row_frame(std::string(frame_size, 'x'));
    const std::size_t overhead = serialize_canonical(frame).size() - frame_size;
    return row_frame(std::string(frame_size - overhead, 'x'));
  };
  const BundleFrame longest = row_that_makes(kMaxFrame);
  ASSERT_EQ(serialize_canonical(longest).size(), kMaxFrame);
  EXPECT_TRUE(read(written({header_frame(), segment_frame(1), longest})).finished);
  std::ostringstream out;
  BundleWriter writer(out);
  ASSERT_TRUE(writer.write(header_frame()).ok());
  ASSERT_TRUE(writer.write(segment_frame(1)).ok());
  const auto status = writer.write(row_that_makes(kMaxFrame + 1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault, Fault::kRefused);
}

TEST(BundleTest, SaysThatTheDiskIsFull) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  BundleWriter writer(out);
  const auto status = writer.write(header_frame());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault, Fault::kUnavailable);
}

}  // namespace
}  // namespace resguardo
