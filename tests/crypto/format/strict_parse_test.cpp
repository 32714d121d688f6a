// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/strict_parse.h"

#include <gtest/gtest.h>

#include "proto/envelope.pb.h"
#include "proto/record.pb.h"

namespace resguardo {
namespace {

Bytes hex(std::string_view text) {
  return parse_hex(text).value();
}

// Each line differs from the accepted form of the same content in one thing.
TEST(ParseStrictTest, AcceptsOneEncodingForEachMeaning) {
  const Bytes canonical =
      hex("0801"      // sequence 1
          "1202aabb"  // testimony
          "1a01cc");  // identity
  ASSERT_TRUE(parse_strict<pb::SealedRow>(canonical).ok());
  const struct {
    const char* what;
    const char* bytes;
  } refused[] = {
      {"a trailing byte", "08011202aabb1a01cc00"},
      {"an unknown field", "08011202aabb1a01cc3001"},
      {"an unknown group", "08011202aabb1a01cc3334"},
      {"a singular field twice", "080108011202aabb1a01cc"},
      {"fields out of order", "08011a01cc1202aabb"},
      {"a long varint", "0881001202aabb1a01cc"},
      {"an explicit default", "08001202aabb"},
      {"an explicit empty field", "080112001a01cc"},
      {"a long tag", "880001"},
      {"a length past the end", "0801120aaabb"},
      {"cut short", "08011202aa"},
      {"another wire type", "0a0101"},
  };
  for (const auto& c : refused)
    EXPECT_EQ(parse_strict<pb::SealedRow>(hex(c.bytes)).error().fault, Fault::kMalformed) << c.what;
}

TEST(ParseStrictTest, AcceptsAnEmptyMessage) {
  EXPECT_TRUE(parse_strict<pb::SealedRow>({}).ok());
}

TEST(ParseStrictTest, RefusesUnknownFieldsInsideRepeatedMessages) {
  pb::EnvelopeSet set;
  set.add_members()->set_member_id("a");
  set.add_members()->set_member_id("b");
  ASSERT_TRUE(parse_strict<pb::EnvelopeSet>(serialize_canonical(set)).ok());
  set.mutable_members(1)
      ->GetReflection()
      ->MutableUnknownFields(set.mutable_members(1))
      ->AddVarint(99, 1);
  EXPECT_FALSE(parse_strict<pb::EnvelopeSet>(serialize_canonical(set)).ok());
}

TEST(ParseStrictTest, RefusesValuesOfEnumsWithoutAName) {
  pb::EnvelopeSet set;
  set.set_kem(pb::KEM_X25519_SEALED_BOX);
  ASSERT_TRUE(parse_strict<pb::EnvelopeSet>(serialize_canonical(set)).ok());
  set.set_kem(static_cast<pb::Kem>(2));
  EXPECT_FALSE(parse_strict<pb::EnvelopeSet>(serialize_canonical(set)).ok());
  set.set_kem(pb::KEM_UNSPECIFIED);
  set.mutable_policy()->set_kind(static_cast<pb::PolicyKind>(7));
  EXPECT_FALSE(parse_strict<pb::EnvelopeSet>(serialize_canonical(set)).ok());
}

TEST(ParseStrictTest, RefusesTextThatIsNotUtf8AndAcceptsNul) {
  pb::Answer answer;
  answer.set_text(std::string("a\0b", 3));
  EXPECT_TRUE(parse_strict<pb::Answer>(serialize_canonical(answer)).ok());
  for (const char* text : {"3201ff", "3202c0af", "3203eda080", "3204f4908080"})
    EXPECT_FALSE(parse_strict<pb::Answer>(hex(text)).ok()) << text;
}

TEST(ParseStrictTest, RefusesTwoArmsOfAOneof) {
  EXPECT_TRUE(parse_strict<pb::Entry>(hex("3200")).ok());
  EXPECT_FALSE(parse_strict<pb::Entry>(hex("32003a00")).ok());
}

}  // namespace
}  // namespace resguardo
