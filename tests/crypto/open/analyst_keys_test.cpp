// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/analyst_keys.h"

#include <gtest/gtest.h>

#include <type_traits>

namespace resguardo::open {
namespace {

static_assert(!std::is_copy_constructible_v<SecretKey<AnalystRole>>);
static_assert(!std::is_convertible_v<SecretKey<AnalystRole>, SecretKey<RootRole>>);

template <class Role>
concept Signs = requires(const SecretKey<Role>& key) { key.sign(Label::kSignRoster, ByteView()); };
static_assert(Signs<RootRole> && Signs<AnalystRole>);
static_assert(!Signs<EpochRole> && !Signs<MailboxRole>);

SecretBytes secret(std::string_view hex) {
  Bytes bytes = parse_hex(hex).value();
  return SecretBytes::take(bytes).value();
}

// RFC 7748 §6.1, Alice.
TEST(SecretKeyTest, MakesThePublicHalfOfAnX25519Key) {
  const auto key = SecretKey<EpochRole>::from_secret(
      secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(to_hex(key->public_key().view()),
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}

// RFC 8032 §7.1, TEST 1.
constexpr std::string_view kSeed =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
constexpr std::string_view kPublic =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

TEST(SecretKeyTest, TakesAnEd25519PairOnlyIfItsHalvesFit) {
  const std::string pair = std::string(kSeed) + std::string(kPublic);
  const auto key = SecretKey<RootRole>::from_secret(secret(pair));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(to_hex(key->public_key().view()), kPublic);
  std::string other = pair;
  other.back() = 'b';
  EXPECT_EQ(SecretKey<RootRole>::from_secret(secret(other)).error().fault, Fault::kMalformed);
}

TEST(SecretKeyTest, RefusesTheOtherAlgorithmsLength) {
  EXPECT_FALSE(SecretKey<RootRole>::from_secret(secret(kSeed)).ok());
  EXPECT_FALSE(
      SecretKey<EpochRole>::from_secret(secret(std::string(kSeed) + std::string(kPublic))).ok());
}

TEST(SecretKeyTest, SignaturesAreForOneKeyOneLabelAndOneMessage) {
  const auto key = SecretKey<AnalystRole>::generate();
  const auto other = SecretKey<AnalystRole>::generate();
  const Bytes message = {1, 2, 3};
  const Bytes signature = key->sign(Label::kSignExport, message);
  ASSERT_EQ(signature.size(), 64U);
  EXPECT_TRUE(verify_signature(key->public_key(), Label::kSignExport, message, signature));
  EXPECT_FALSE(verify_signature(other->public_key(), Label::kSignExport, message, signature));
  EXPECT_FALSE(verify_signature(key->public_key(), Label::kSignReply, message, signature));
  EXPECT_FALSE(verify_signature(key->public_key(), Label::kSignExport, Bytes{1, 2}, signature));
  EXPECT_FALSE(verify_signature(key->public_key(), Label::kSignExport, message,
                                ByteView(signature).first(63)));
  for (std::size_t bit = 0; bit < 512; ++bit) {
    Bytes flipped = signature;
    flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1U << bit % 8);
    EXPECT_FALSE(verify_signature(key->public_key(), Label::kSignExport, message, flipped)) << bit;
  }
}

TEST(AnalystKeysTest, FindsAWeeksKeyAndSaysWhenThereIsNone) {
  auto epoch = SecretKey<EpochRole>::generate().value();
  const auto expected = epoch.public_key();
  AnalystKeys keys(MemberId{}, SecretKey<AnalystRole>::generate().value());
  EXPECT_EQ(keys.epoch(Week{1}), nullptr);
  EXPECT_EQ(keys.reserve(), nullptr);
  keys.add_epoch(Week{1}, std::move(epoch));
  ASSERT_NE(keys.epoch(Week{1}), nullptr);
  EXPECT_EQ(keys.epoch(Week{1})->public_key(), expected);
  EXPECT_EQ(keys.epoch(Week{2}), nullptr);
}

}  // namespace
}  // namespace resguardo::open
