// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/record_writer.h"

#include <gtest/gtest.h>

#include <bit>

#include "crypto/format/strict_parse.h"
#include "proto/record.pb.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using testing_support::SeededRandom;

// Random content with the edges in it: empty, NUL, long, zero, negative.
class Chooser {
 public:
  explicit Chooser(std::uint64_t seed) : random_(seed) {}
  bool coin() { return random_.below(2) == 0; }
  std::uint32_t below(std::uint32_t bound) { return random_.below(bound); }
  std::string text() {
    static const std::vector<std::string> kPieces = {
        "", "a", "ñ", "👩‍👧", "\n", std::string(1, '\0'), std::string(300, 'x')};
    std::string result;
    for (std::uint32_t i = random_.below(4); i > 0; --i)
      result += kPieces[random_.below(static_cast<std::uint32_t>(kPieces.size()))];
    return result;
  }
  std::string bytes(std::size_t size) {
    std::string result(size, '\0');
    random_.fill({reinterpret_cast<std::uint8_t*>(result.data()), result.size()});
    return result;
  }
  // Every length of varint.
  std::uint64_t number() { return coin() ? random_.next() >> random_.below(64) : 0; }
  double real() {
    static constexpr std::array kValues = {0.0, -0.0, 1.5, -89.999, 1e-300};
    return kValues.at(random_.below(kValues.size()));
  }

 private:
  SeededRandom random_;
};

// One source of content for both encoders: what the bot does beside what protoc does.
WireWriter write_value(Chooser& choose, pb::Answer& expected, WireWriter answer) {
  switch (choose.below(6)) {
    case 0: {
      const auto number = static_cast<std::int64_t>(choose.number());
      expected.set_number(number);
      answer.present_varint(7, static_cast<std::uint64_t>(number));
      break;
    }
    case 1: {
      const std::string edtf = choose.text();
      expected.mutable_date()->set_edtf(edtf);
      WireWriter date;
      date.text(1, edtf);
      answer.message(8, date);
      break;
    }
    case 2: {
      const auto minor = static_cast<std::int64_t>(choose.number());
      expected.mutable_money()->set_minor_units(minor);
      WireWriter money;
      money.varint(1, static_cast<std::uint64_t>(minor));
      answer.message(10, money);
      break;
    }
    case 3: {
      const double latitude = choose.real();
      const double longitude = choose.real();
      expected.mutable_point()->set_latitude(latitude);
      expected.mutable_point()->set_longitude(longitude);
      WireWriter point;
      point.fixed_double(1, latitude);
      point.fixed_double(2, longitude);
      answer.message(11, point);
      break;
    }
    default:
      break;
  }
  return answer;
}

WireWriter write_answer(Chooser& choose, pb::Answer& expected) {
  WireWriter answer;
  expected.set_node(choose.text());
  answer.text(1, expected.node());
  std::vector<std::uint32_t> path;
  for (std::uint32_t i = choose.below(4); i > 0; --i)
    path.push_back(static_cast<std::uint32_t>(choose.number()));
  for (const std::uint32_t step : path) expected.add_instance(step);
  answer.packed(2, path);
  expected.set_skipped(choose.coin());
  answer.varint(4, expected.skipped() ? 1 : 0);
  for (std::uint32_t i = choose.below(4); i > 0; --i) {
    expected.add_codes(choose.text());
    answer.element(5, as_bytes(expected.codes(expected.codes_size() - 1)));
  }
  expected.set_text(choose.text());
  answer.text(6, expected.text());
  answer = write_value(choose, expected, std::move(answer));
  expected.set_part(static_cast<std::uint32_t>(choose.number()));
  answer.varint(12, expected.part());
  return answer;
}

SecretBuffer write_record(Chooser& choose, pb::Record& expected) {
  expected.set_salt(choose.bytes(16));
  expected.set_time_ms(static_cast<std::int64_t>(choose.number()));
  if (choose.coin()) expected.set_message_id(choose.bytes(16));
  RecordWriter writer(as_bytes(expected.salt()),
                      TimePoint{std::chrono::milliseconds{expected.time_ms()}},
                      as_bytes(expected.message_id()));
  const std::uint32_t entries = choose.below(4);
  for (std::uint32_t i = 0; i < entries; ++i) {
    writer.entry(1, write_answer(choose, *expected.add_entries()->mutable_answer()));
    EXPECT_FALSE(writer.empty());
  }
  if (entries == 0) expected.add_entries()->mutable_padding();
  return writer.finish();
}

TEST(RecordWriterTest, WritesWhatProtocsCodeWrites) {
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Chooser choose(seed);
    pb::Record expected;
    const SecretBuffer written = write_record(choose, expected);
    ASSERT_EQ(to_hex(written.view()), to_hex(serialize_canonical(expected))) << "seed " << seed;
    ASSERT_TRUE(parse_strict<pb::Record>(written.view()).ok()) << "seed " << seed;
  }
}

TEST(RecordWriterTest, WritesOnePaddingEntryIfThereIsNothingToSay) {
  const Bytes salt(16, 7);
  const SecretBuffer written = RecordWriter(salt, TimePoint{}, {}).finish();
  const auto record = parse_strict<pb::Record>(written.view());
  ASSERT_TRUE(record.ok());
  ASSERT_EQ(record->entries_size(), 1);
  EXPECT_TRUE(record->entries(0).has_padding());
}

TEST(WireWriterTest, KeepsAnArmOfAOneofThatIsZeroAndDropsAnOrdinaryZero) {
  WireWriter arm;
  arm.present_varint(7, 0);
  EXPECT_EQ(to_hex(arm.view()), "3800");
  WireWriter ordinary;
  ordinary.varint(12, 0);
  EXPECT_TRUE(ordinary.view().empty());
}

TEST(WireWriterTest, TakeLeavesNothingBehind) {
  WireWriter writer;
  writer.text(1, "hola");
  EXPECT_EQ(writer.take().size(), 6U);
  EXPECT_TRUE(writer.view().empty());
}

}  // namespace
}  // namespace resguardo
