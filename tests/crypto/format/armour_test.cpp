// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/armour.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

Bytes some_bytes(std::size_t size) {
  Bytes bytes(size);
  testing_support::SeededRandom(size).fill(bytes);
  return bytes;
}

TEST(ArmourTest, LooksAsDocumented) {
  EXPECT_EQ(armour(ArmourKind::kRoster, as_bytes("resguardo")),
            "-----BEGIN RESGUARDO ROSTER-----\n"
            "cmVzZ3VhcmRv\n"
            "-----END RESGUARDO ROSTER-----\n");
}

TEST(ArmourTest, GivesBackBytesOfEveryLength) {
  for (std::size_t size = 1; size < 200; ++size) {
    const Bytes bytes = some_bytes(size);
    const std::string text = armour(ArmourKind::kMember, bytes);
    const auto back = dearmour(ArmourKind::kMember, text);
    ASSERT_TRUE(back.ok()) << size << ": " << back.error().why.c_str();
    EXPECT_EQ(*back, bytes);
    EXPECT_TRUE(looks_armoured(as_bytes(text)));
  }
}

TEST(ArmourTest, HoldsNoEmptyValue) {
  EXPECT_FALSE(dearmour(ArmourKind::kMember, armour(ArmourKind::kMember, {})).ok());
}

TEST(ArmourTest, RefusesAnotherKind) {
  const std::string text = armour(ArmourKind::kLockedKey, some_bytes(40));
  for (const auto kind :
       {ArmourKind::kMember, ArmourKind::kEpochList, ArmourKind::kRoster, ArmourKind::kRosterDraft})
    EXPECT_FALSE(dearmour(kind, text).ok());
}

TEST(ArmourTest, RefusesAnotherText) {
  const std::string text = armour(ArmourKind::kRoster, some_bytes(100));
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string other = text;
    other.replace(other.find(from), from.size(), to);
    return other;
  };
  const std::string others[] = {"",
                                text + "\n",
                                "\n" + text,
                                text + text,
                                text.substr(0, text.size() - 1),
                                changed("-----\n", "-----\r\n"),
                                changed("-----\n", "-----\n\n"),
                                changed("-----\n", "----- \n"),
                                changed("ROSTER-", "roster-"),
                                changed("-----BEGIN", "----BEGIN"),
                                changed("RESGUARDO ROSTER", "RESGUARDO  ROSTER"),
                                "-----BEGIN RESGUARDO ROSTER-----\n",
                                "-----END RESGUARDO ROSTER-----\n"};
  for (const std::string& other : others) EXPECT_FALSE(dearmour(ArmourKind::kRoster, other).ok());
}

// Base64 of one value in another shape: lines of another length, no padding, trailing bits.
TEST(ArmourTest, RefusesAnotherShapeOfTheSameValue) {
  const std::string begin = "-----BEGIN RESGUARDO ROSTER-----\n";
  const std::string end = "-----END RESGUARDO ROSTER-----\n";
  EXPECT_TRUE(dearmour(ArmourKind::kRoster, begin + "cmVzZw==\n" + end).ok());
  for (const char* body : {"cmVz\nZw==\n", "cmVzZw\n", "cmVzZw=\n", "cmVzZx==\n", "cmVzZw==",
                           "cmVzZw==\n\n", " cmVzZw==\n", "cmVzZw== \n", "cmVzZw==\t\n", "\n"})
    EXPECT_FALSE(dearmour(ArmourKind::kRoster, begin + body + end).ok()) << body;
}

// Every changed character either fails or is another value: never the same value twice.
TEST(ArmourTest, HasOneTextForEachValue) {
  const Bytes bytes = some_bytes(70);
  const std::string text = armour(ArmourKind::kRoster, bytes);
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string other = text;
      other[at] = static_cast<char>(c);
      if (other == text) continue;
      const auto back = dearmour(ArmourKind::kRoster, other);
      EXPECT_FALSE(back.ok() && *back == bytes) << at;
    }
  }
}

}  // namespace
}  // namespace resguardo
