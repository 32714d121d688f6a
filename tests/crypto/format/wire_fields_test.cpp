// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/wire_fields.h"

#include <gtest/gtest.h>

#include <random>

#include "crypto/format/strict_parse.h"
#include "proto/envelope.pb.h"

namespace resguardo {
namespace {

pb::SealedRow row_of(std::uint64_t sequence, std::size_t size) {
  pb::SealedRow row;
  row.set_sequence(sequence);
  row.set_testimony(std::string(size, 't'));
  row.set_identity(std::string(size, 'i'));
  row.set_testimony_digest(std::string(32, 'd'));
  row.set_identity_digest(std::string(32, 'e'));
  return row;
}

// As protobuf's, if all of its fields are where they should be.
std::optional<pb::SealedRow> found_in(ByteView bytes) {
  WireFields fields(bytes);
  pb::SealedRow row;
  if (const auto sequence = fields.number(1)) row.set_sequence(*sequence);
  const auto testimony = fields.bytes(2);
  const auto identity = fields.bytes(3);
  const auto digest = fields.bytes(4);
  const auto other = fields.bytes(5);
  if (!testimony || !identity || !digest || !other || !fields.ended()) return std::nullopt;
  row.set_testimony(to_string(*testimony));
  row.set_identity(to_string(*identity));
  row.set_testimony_digest(to_string(*digest));
  row.set_identity_digest(to_string(*other));
  return row;
}

TEST(WireFieldsTest, ReadsWhatTheCanonicalFormHas) {
  for (const std::uint64_t sequence : {0ULL, 1ULL, 127ULL, 128ULL, 1ULL << 40U})
    for (const std::size_t size : {1U, 127U, 128U, 273U, 20'000U}) {
      const pb::SealedRow row = row_of(sequence, size);
      const auto found = found_in(serialize_canonical(row));
      ASSERT_TRUE(found.has_value()) << sequence << ' ' << size;
      EXPECT_EQ(found->SerializeAsString(), row.SerializeAsString());
    }
}

// Whatever is changed, it never takes what parse_strict() refuses, nor reads it otherwise.
TEST(WireFieldsTest, TakesNothingThatStrictParsingRefuses) {
  std::mt19937 random(182);
  const auto below = [&](std::size_t end) { return random() % end; };
  const Bytes sound = serialize_canonical(row_of(300, 3));
  std::size_t taken = 0;
  for (int round = 0; round < 200'000; ++round) {
    Bytes bytes = sound;
    for (std::size_t change = 0; change <= below(3); ++change) {
      const auto at = static_cast<std::ptrdiff_t>(below(bytes.size()));
      switch (below(4)) {
        case 0:
          bytes[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(random());
          break;
        case 1:
          bytes.insert(bytes.begin() + at, static_cast<std::uint8_t>(below(2) * 0x80));
          break;
        case 2:
          if (bytes.size() > 1) bytes.erase(bytes.begin() + at);
          break;
        default:
          bytes[static_cast<std::size_t>(at)] =
              static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(at)] ^ 1U << below(8));
      }
    }
    const auto found = found_in(bytes);
    if (!found) continue;
    ++taken;
    const auto strictly = parse_strict<pb::SealedRow>(bytes);
    ASSERT_TRUE(strictly.ok()) << to_hex(bytes);
    EXPECT_EQ(found->SerializeAsString(), strictly->SerializeAsString());
  }
  EXPECT_GT(taken, 10'000U);  // changes of content are none of form
}

TEST(WireFieldsTest, SeesNoFieldThatIsEmptyZeroOrLongerThanItNeeds) {
  const auto number = [](Bytes bytes) { return WireFields(bytes).number(1); };
  EXPECT_EQ(number({0x08, 0x01}), 1U);
  EXPECT_FALSE(number({0x08, 0x00}));
  EXPECT_FALSE(number({0x08, 0x81, 0x00}));
  EXPECT_FALSE(number({0x08, 0x80}));
  EXPECT_FALSE(number({0x08}));
  EXPECT_FALSE(number({}));
  EXPECT_FALSE(number({0x10, 0x01}));
  const Bytes empty = {0x12, 0x00};
  EXPECT_FALSE(WireFields(empty).bytes(2));
  const Bytes cut = {0x12, 0x02, 0x41};
  EXPECT_FALSE(WireFields(cut).bytes(2));
  const Bytes longer = {0x12, 0x81, 0x00, 0x41};
  EXPECT_FALSE(WireFields(longer).bytes(2));
}

}  // namespace
}  // namespace resguardo
