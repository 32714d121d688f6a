// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/row_pack.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace resguardo::analyst {
namespace {

using Pieces = std::map<int, std::string>;

Pieces pieces(ByteView pack) {
  Pieces found;
  PackReader reader(pack);
  while (reader.next().value()) found.emplace(reader.key(), to_string(reader.content()));
  return found;
}

RowPack pack(const std::vector<std::pair<std::uint8_t, std::string>>& put) {
  RowPack made;
  for (const auto& [key, content] : put) EXPECT_TRUE(made.put(key, as_bytes(content)).ok());
  return made;
}

TEST(RowPack, GivesBackWhatWasPutAscendingByKey) {
  const RowPack made = pack({{3, "three"}, {0, "zero"}, {127, ""}, {5, std::string(70'000, 'x')}});
  EXPECT_EQ(pieces(made.view()),
            (Pieces{{0, "zero"}, {3, "three"}, {5, std::string(70'000, 'x')}, {127, ""}}));
}

TEST(RowPack, LiesAsADocumentedSequenceOfBytes) {
  const RowPack made = pack({{2, "ab"}, {9, "c"}});
  EXPECT_EQ(to_hex(made.view()),
            "020000026162"
            "0900000163");
}

TEST(RowPack, WhatIsThereStays) {
  EXPECT_EQ(pieces(pack({{1, "first"}, {2, "second"}, {1, "other"}}).view()),
            (Pieces{{1, "first"}, {2, "second"}}));
}

TEST(RowPack, ClearedItIsEmptyAndTakesSmallerKeysAgain) {
  RowPack made = pack({{9, "nine"}});
  made.clear();
  EXPECT_TRUE(made.empty());
  ASSERT_TRUE(made.put(1, as_bytes("one")).ok());
  EXPECT_EQ(pieces(made.view()), (Pieces{{1, "one"}}));
}

TEST(RowPack, MergedItHasWhatEitherHasAndOfBothTheOlder) {
  const RowPack older = pack({{1, "a"}, {4, "old"}});
  const RowPack newer = pack({{0, "b"}, {4, "new"}, {6, "c"}});
  const auto both = RowPack::merged(older.view(), newer.view());
  EXPECT_EQ(pieces(both->view()), (Pieces{{0, "b"}, {1, "a"}, {4, "old"}, {6, "c"}}));
  EXPECT_TRUE(RowPack::merged({}, {})->empty());
  EXPECT_EQ(pieces(RowPack::merged({}, newer.view())->view()), pieces(newer.view()));
  EXPECT_EQ(pieces(RowPack::merged(older.view(), {})->view()), pieces(older.view()));
}

TEST(RowPack, APieceIsShorterThanItsLengthCanSay) {
  RowPack made;
  EXPECT_EQ(made.put(0, Bytes(std::size_t{1} << 24U)).error().fault, Fault::kRefused);
  ASSERT_TRUE(made.put(0, Bytes((std::size_t{1} << 24U) - 1)).ok());
  EXPECT_EQ(pieces(made.view()).at(0).size(), (std::size_t{1} << 24U) - 1);
}

TEST(RowPack, WhatIsNoPackIsSaidToBeDamaged) {
  for (const char* hex : {"01", "01000002aa",
                          "0100000101"
                          "01000000",
                          "0500000004000000"}) {
    const Bytes bytes = parse_hex(hex).value();
    PackReader reader(bytes);
    auto next = reader.next();
    while (next.ok() && *next) next = reader.next();
    ASSERT_FALSE(next.ok()) << hex;
    EXPECT_EQ(next.error().fault, Fault::kMalformed) << hex;
    EXPECT_FALSE(RowPack::merged(bytes, {}).ok()) << hex;
  }
}

}  // namespace
}  // namespace resguardo::analyst
