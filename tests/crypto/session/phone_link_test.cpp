// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/phone_link.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/base/hash.h"

namespace resguardo {
namespace {

constexpr std::string_view kPhone = "+15550100";

class PhoneLinkTest : public ::testing::Test {
 protected:
  static SecretBytes random() { return SecretBytes::random(32).value(); }
  static Bytes plain(const SecretBytes& secret) {
    return secret.read([](ByteView bytes) { return to_bytes(bytes); });
  }
  Bytes sealed() const { return seal_link(day_, kPhone, seed_, lookup_).value(); }

  const SecretBytes mailbox_key_ = random();
  const SecretBytes day_key_ = random();
  const SecretBytes day_ = link_secret(mailbox_key_, day_key_).value();
  const SecretBytes seed_ = random();
  const Digest lookup_ = blake2b(as_bytes("a look-up"));
};

TEST_F(PhoneLinkTest, GivesThePhoneItsMailboxAndItsReport) {
  const Bytes link = sealed();
  EXPECT_EQ(link.size(), 120U);
  const auto opened = open_link(day_, kPhone, link);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(plain(opened->seed), plain(seed_));
  EXPECT_EQ(opened->lookup, lookup_);
  EXPECT_NE(sealed(), link) << "never twice the same";
}

TEST_F(PhoneLinkTest, OpensForNoOtherPhoneDayOrMasterKey) {
  const Bytes link = sealed();
  const auto another_day = link_secret(mailbox_key_, random()).value();
  const auto another_master = link_secret(random(), day_key_).value();
  EXPECT_EQ(open_link(day_, "+15550101", link).error().fault, Fault::kUnauthentic);
  EXPECT_EQ(open_link(another_day, kPhone, link).error().fault, Fault::kUnauthentic);
  EXPECT_EQ(open_link(another_master, kPhone, link).error().fault, Fault::kUnauthentic);
}

TEST_F(PhoneLinkTest, ATagIsOfOnePhoneOnOneDay) {
  const auto another_day = link_secret(mailbox_key_, random()).value();
  EXPECT_EQ(link_tag(day_, kPhone), link_tag(day_, kPhone));
  EXPECT_NE(link_tag(day_, kPhone), link_tag(day_, "+15550101"));
  EXPECT_NE(link_tag(day_, kPhone), link_tag(another_day, kPhone));
  EXPECT_NE(link_tag(day_, kPhone), sender_tag(day_, kPhone));
}

TEST_F(PhoneLinkTest, EveryFlippedBitAndEveryCutIsNoticed) {
  const Bytes whole = sealed();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes changed = whole;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    ASSERT_EQ(open_link(day_, kPhone, changed).error().fault, Fault::kUnauthentic) << bit;
  }
  for (std::size_t size = 0; size < whole.size(); ++size)
    ASSERT_FALSE(open_link(day_, kPhone, ByteView(whole).first(size)).ok()) << size;
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(open_link(day_, kPhone, longer).ok());
}

TEST_F(PhoneLinkTest, ASeedOfAnotherSizeIsNone) {
  const auto odd = SecretBytes::random(31).value();
  EXPECT_FALSE(seal_link(day_, kPhone, odd, lookup_).ok());
}

}  // namespace
}  // namespace resguardo
