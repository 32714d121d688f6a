// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/sender_memory.h"

#include <gtest/gtest.h>

#include <string>

namespace resguardo {
namespace {

constexpr std::string_view kAddress = "wa:15550100001";

class StateTest : public ::testing::Test {
 protected:
  SecretBytes day_key_ = SecretBytes::random(32).value();
  Tag16 tag_ = sender_tag(day_key_, kAddress);
};

TEST_F(StateTest, OpensForTheSameSenderTagAndTurn) {
  for (const std::size_t size : {0U, 1U, 255U, 256U, 257U, 5000U}) {
    const Bytes state(size, 0x5a);
    const auto sealed = seal_state(day_key_, kAddress, tag_, 7, state).value();
    const auto opened = open_state(day_key_, kAddress, tag_, 7, sealed).value();
    EXPECT_TRUE(equal(opened.view(), state)) << size;
  }
}

TEST_F(StateTest, RefusesAnotherAddressTagTurnOrKey) {
  const auto sealed = seal_state(day_key_, kAddress, tag_, 7, as_bytes("state")).value();
  EXPECT_FALSE(open_state(day_key_, "wa:15550100002", tag_, 7, sealed).ok());
  EXPECT_FALSE(open_state(day_key_, kAddress, tag_, 8, sealed).ok());
  Tag16 other = tag_;
  other[0] ^= 1;
  EXPECT_FALSE(open_state(day_key_, kAddress, other, 7, sealed).ok());
  const auto other_key = SecretBytes::random(32).value();
  EXPECT_FALSE(open_state(other_key, kAddress, tag_, 7, sealed).ok());
}

TEST_F(StateTest, EveryFlippedBitAndEveryCutFails) {
  const auto sealed = seal_state(day_key_, kAddress, tag_, 1, as_bytes("state")).value();
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    Bytes changed = sealed;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(open_state(day_key_, kAddress, tag_, 1, changed).ok()) << bit;
  }
  for (std::size_t length = 0; length < sealed.size(); ++length)
    EXPECT_FALSE(open_state(day_key_, kAddress, tag_, 1, ByteView(sealed).first(length)).ok());
}

TEST_F(StateTest, SizesOfShortConversationsAreAlike) {
  const auto short_one = seal_state(day_key_, kAddress, tag_, 1, as_bytes("a")).value();
  const auto longer = seal_state(day_key_, kAddress, tag_, 1, Bytes(250, 1)).value();
  EXPECT_EQ(short_one.size(), longer.size());
}

TEST_F(StateTest, TagsDependOnKeyAndAddressAndUse) {
  const auto other_key = SecretBytes::random(32).value();
  EXPECT_NE(sender_tag(day_key_, kAddress), sender_tag(other_key, kAddress));
  EXPECT_NE(sender_tag(day_key_, kAddress), sender_tag(day_key_, "wa:15550100002"));
  EXPECT_NE(delivery_tag(day_key_, "w:1"), message_name(day_key_, "w:1"));
  EXPECT_NE(delivery_tag(day_key_, "w:1"), sender_tag(day_key_, "w:1"));
}

}  // namespace
}  // namespace resguardo
