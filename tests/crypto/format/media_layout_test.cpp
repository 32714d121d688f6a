// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/media_layout.h"

#include <gtest/gtest.h>

#include <set>

namespace resguardo {
namespace {

// By hand, after algorithm 1 of the paper.
TEST(MediaLayoutTest, PadmeOfKnownLengths) {
  const std::pair<std::uint64_t, std::uint64_t> known[] = {
      {0, 0},       {1, 1},         {2, 2},         {8, 8},
      {9, 10},      {100, 104},     {1000, 1024},   {1024, 1024},
      {1025, 1088}, {65536, 65536}, {65537, 67584}, {100'000'000, 100'663'296}};
  for (const auto& [length, padded] : known) EXPECT_EQ(padme(length), padded) << length;
}

TEST(MediaLayoutTest, PadmeNeverShortensNorAddsMoreThanAnEighth) {
  for (std::uint64_t length = 0; length < 100'000; ++length) {
    const std::uint64_t padded = padme(length);
    ASSERT_GE(padded, length);
    ASSERT_LE(padded - length, length / 8 + 1);
    ASSERT_EQ(padme(padded), padded);
  }
}

TEST(MediaLayoutTest, PadmeHidesMostLengths) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t length = 1 << 20; length < 2 << 20; ++length) seen.insert(padme(length));
  EXPECT_EQ(seen.size(), 33U);
}

TEST(MediaLayoutTest, NothingAtAllTakesAChunk) {
  EXPECT_EQ(media_chunks(0), 1U);
  EXPECT_EQ(media_chunks(kMediaChunk), 1U);
  EXPECT_EQ(media_chunks(kMediaChunk + 1), 2U);
}

TEST(MediaLayoutTest, EveryPlaceHasItsContext) {
  MediaId id;
  id.bytes.fill(0xaa);
  const MediaContext context = media_context(id, 0x0102030405060708);
  EXPECT_EQ(to_hex(context), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0807060504030201");
}

TEST(MediaLayoutTest, AnAddendumsIndexIsTheFirst31BitsOfItsFile) {
  MediaId id;
  EXPECT_EQ(addendum_index(id), 0x80000000U);
  id.bytes = {0x12, 0x34, 0x56, 0x79, 0xff};
  EXPECT_EQ(addendum_index(id), 0x891a2b3cU);
  id.bytes[3] = 0x78;
  EXPECT_EQ(addendum_index(id), 0x891a2b3cU);
  id.bytes.fill(0xff);
  EXPECT_EQ(addendum_index(id), 0xffffffffU);
}

}  // namespace
}  // namespace resguardo
