// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/record_parser.h"

#include <gtest/gtest.h>

#include <limits>

#include "crypto/format/padding.h"
#include "crypto/format/strict_parse.h"
#include "tests/support/seeded_random.h"

namespace resguardo::open {
namespace {

pb::Record sound() {
  pb::Record record;
  record.set_salt(std::string(16, 's'));
  record.set_time_ms(1795219200000);
  pb::Answer& answer = *record.add_entries()->mutable_answer();
  answer.set_node("what_happened");
  answer.set_text(std::string("nos robaron\0en el río", 22));
  return record;
}

Result<pb::Record> parse(const pb::Record& record) {
  return parse_record(SecretBuffer(serialize_canonical(record)));
}

bool accepted(const pb::Record& record) {
  const auto parsed = parse(record);
  EXPECT_TRUE(parsed.ok() || parsed.error().fault == Fault::kMalformed);
  return parsed.ok();
}

TEST(RecordParserTest, ReturnsWhatWasSaidExactly) {
  const auto parsed = parse(sound());
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->SerializeAsString(), sound().SerializeAsString());
}

TEST(RecordParserTest, RefusesAnotherSaltOrMessageId) {
  for (const std::size_t size : {0U, 15U, 17U}) {
    pb::Record record = sound();
    record.set_salt(std::string(size, 's'));
    EXPECT_FALSE(accepted(record)) << size;
  }
  pb::Record record = sound();
  record.set_message_id(std::string(16, 'm'));
  EXPECT_TRUE(accepted(record));
  record.set_message_id("m");
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, RefusesTimesBefore1970AndFrom10000On) {
  pb::Record record = sound();
  for (const std::int64_t time : {std::int64_t{0}, kMaxTimeMs - 1}) {
    record.set_time_ms(time);
    EXPECT_TRUE(accepted(record)) << time;
  }
  for (const std::int64_t time :
       {std::int64_t{-1}, kMaxTimeMs, std::numeric_limits<std::int64_t>::min()}) {
    record.set_time_ms(time);
    EXPECT_FALSE(accepted(record)) << time;
  }
}

TEST(RecordParserTest, BoundsTheNumberOfEntries) {
  pb::Record record = sound();
  record.clear_entries();
  EXPECT_FALSE(accepted(record));
  for (int i = 0; i < kMaxEntries; ++i) record.add_entries()->mutable_pause();
  EXPECT_TRUE(accepted(record));
  record.add_entries()->mutable_pause();
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, BoundsListsAndCodes) {
  pb::Record record = sound();
  pb::Answer& answer = *record.mutable_entries(0)->mutable_answer();
  for (int i = 0; i < kMaxListed; ++i) answer.add_codes("yes");
  EXPECT_TRUE(accepted(record));
  answer.add_codes("no");
  EXPECT_FALSE(accepted(record));
  answer.clear_codes();
  answer.set_node(std::string(kMaxCode, 'n'));
  EXPECT_TRUE(accepted(record));
  answer.mutable_node()->push_back('n');
  EXPECT_FALSE(accepted(record));
  answer.set_node("");
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, RefusesAnEntryThatSaysNothing) {
  pb::Record record = sound();
  record.add_entries();
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, RefusesPlacesOffTheGlobe) {
  pb::Record record = sound();
  pb::Point& point = *record.mutable_entries(0)->mutable_answer()->mutable_point();
  point.set_latitude(-90);
  point.set_longitude(180);
  EXPECT_TRUE(accepted(record));
  for (const double value : {90.0001, std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()}) {
    point.set_latitude(value);
    EXPECT_FALSE(accepted(record)) << value;
  }
}

TEST(RecordParserTest, AMediumHasItsKeyOrIsLost) {
  pb::Record record = sound();
  pb::Media& media = *record.add_entries()->mutable_media();
  media.set_media_id(std::string(16, 'i'));
  EXPECT_TRUE(accepted(record)) << "sent, and fetched later";
  media.set_length(1000);
  EXPECT_TRUE(accepted(record)) << "as the messenger told it";
  media.set_length(0);
  media.set_chunks(1);
  EXPECT_FALSE(accepted(record));
  media.set_chunks(0);
  media.set_lost(true);
  EXPECT_TRUE(accepted(record));
  media.set_key(std::string(32, 'k'));
  EXPECT_FALSE(accepted(record));
  media.set_header(std::string(24, 'h'));
  media.set_sha256(std::string(32, 'd'));
  media.set_lost(false);
  EXPECT_TRUE(accepted(record));
  media.set_length(2);
  media.set_padded_length(1);
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, RefusesEventsCorrectionsAndEndsWithoutTheirParts) {
  pb::Record record = sound();
  record.add_entries()->mutable_event();
  EXPECT_FALSE(accepted(record));
  record = sound();
  record.add_entries()->mutable_correction();
  EXPECT_FALSE(accepted(record));
  record = sound();
  record.add_entries()->mutable_retraction();
  EXPECT_FALSE(accepted(record));
  record = sound();
  pb::Final& last = *record.add_entries()->mutable_final();
  EXPECT_FALSE(accepted(record));
  last.set_testimony_digest(std::string(32, 't'));
  last.set_identity_digest(std::string(32, 'i'));
  EXPECT_TRUE(accepted(record));
  last.set_mailbox_public_key("short");
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, RefusesWhatIsNotUtf8NotCanonicalOrTooLong) {
  const Bytes whole = serialize_canonical(sound());
  Bytes bad = whole;
  bad.back() = 0xff;
  EXPECT_FALSE(parse_record(SecretBuffer(bad)).ok());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_record(SecretBuffer(ByteView(whole).first(size))).ok()) << size;
  pb::Record record = sound();
  std::string& text = *record.mutable_entries(0)->mutable_answer()->mutable_text();
  text.assign(kMaxRecord - 100, 'x');
  text.resize(text.size() + kMaxRecord - record.ByteSizeLong(), 'x');
  ASSERT_EQ(record.ByteSizeLong(), kMaxRecord);
  EXPECT_TRUE(accepted(record));
  text.push_back('x');
  EXPECT_FALSE(accepted(record));
}

TEST(RecordParserTest, SurvivesNoise) {
  testing_support::SeededRandom random(3);
  const Bytes whole = serialize_canonical(sound());
  for (int i = 0; i < 20000; ++i) {
    Bytes noise = whole;
    for (std::uint32_t n = 1 + random.below(4); n > 0; --n)
      noise[random.below(static_cast<std::uint32_t>(noise.size()))] =
          static_cast<std::uint8_t>(random.next());
    const auto parsed = parse_record(SecretBuffer(noise));
    EXPECT_TRUE(!parsed.ok() || serialize_canonical(*parsed) == noise);
  }
}

}  // namespace
}  // namespace resguardo::open
