// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/public_key.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <array>
#include <regex>
#include <type_traits>

namespace resguardo {
namespace {

static_assert(!std::is_convertible_v<PublicKey<RootRole>, PublicKey<AnalystRole>>);
static_assert(!std::is_convertible_v<PublicKey<EpochRole>, PublicKey<MailboxRole>>);
static_assert(!std::is_constructible_v<PublicKey<LogRole>, PublicKey<RootRole>>);
static_assert(!std::is_default_constructible_v<PublicKey<RootRole>>);

Bytes hex(std::string_view text) {
  return parse_hex(text).value();
}

// RFC 8032 §7.1, TEST 1.
const char* const kEd25519 = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
// RFC 7748 §6.1, Alice's public key.
const char* const kX25519 = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

TEST(PublicKeyTest, AcceptsKeysOfTheStandards) {
  EXPECT_TRUE(PublicKey<RootRole>::from_bytes(hex(kEd25519)).ok());
  EXPECT_TRUE(PublicKey<EpochRole>::from_bytes(hex(kX25519)).ok());
  EXPECT_EQ(to_hex(PublicKey<EpochRole>::from_bytes(hex(kX25519))->view()), kX25519);
}

TEST(PublicKeyTest, RefusesOtherLengths) {
  Bytes key = hex(kEd25519);
  key.push_back(0);
  EXPECT_FALSE(PublicKey<RootRole>::from_bytes(key).ok());
  key.resize(31);
  EXPECT_FALSE(PublicKey<RootRole>::from_bytes(key).ok());
  EXPECT_FALSE(PublicKey<EpochRole>::from_bytes({}).ok());
}

// https://cr.yp.to/ecdh.html#validate lists the points of small order of Curve25519.
TEST(PublicKeyTest, RefusesX25519KeysOfLowOrderOrNotCanonical) {
  for (const char* key : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
           "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4eea",
       })
    EXPECT_EQ(PublicKey<EpochRole>::from_bytes(hex(key)).error().fault, Fault::kMalformed) << key;
  // 2^255 − 21 is canonical, and on the twist or the curve of large order.
  EXPECT_TRUE(PublicKey<EpochRole>::from_bytes(
                  hex("ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"))
                  .ok());
}

// What libsodium multiplies to zero is refused, and nothing else that is canonical.
TEST(PublicKeyTest, RefusesTheX25519KeysThatLibsodiumRefuses) {
  std::array<std::uint8_t, 32> scalar{9};
  std::size_t refused = 0;
  for (int first = 0; first < 0xed; ++first) {
    for (const int middle : {0x00, 0x55, 0xff}) {
      Bytes u(32, static_cast<std::uint8_t>(middle));
      u.front() = static_cast<std::uint8_t>(first);
      u.back() = static_cast<std::uint8_t>(u.back() & 0x7f);
      std::array<std::uint8_t, 32> product{};
      const bool sound = crypto_scalarmult(product.data(), scalar.data(), u.data()) == 0;
      EXPECT_EQ(PublicKey<EpochRole>::from_bytes(u).ok(), sound) << to_hex(u);
      refused += sound ? 0 : 1;
    }
  }
  EXPECT_EQ(refused, 3U);  // 0, 1 and 2^255 − 20; the other two are named above
}

TEST(PublicKeyTest, RefusesEd25519PointsOfLowOrderNotCanonicalOrOffTheCurve) {
  for (const char* key : {
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0100000000000000000000000000000000000000000000000000000000000000",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "0200000000000000000000000000000000000000000000000000000000000000",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
       })
    EXPECT_EQ(PublicKey<RootRole>::from_bytes(hex(key)).error().fault, Fault::kMalformed) << key;
}

TEST(FingerprintTest, IsFiveGroupsOfFiveDigitsOfTheKey) {
  const auto key = PublicKey<RootRole>::from_bytes(hex(kEd25519)).value();
  // hashlib.blake2b(b"resguardo/fingerprint/v1\0", key=…, digest_size=32), six bytes a group,
  // big-endian, modulo 100000.
  EXPECT_EQ(fingerprint(key), "04438 83346 80195 55009 26056");
  EXPECT_TRUE(std::regex_match(fingerprint(key), std::regex("[0-9]{5}( [0-9]{5}){4}")));
}

}  // namespace
}  // namespace resguardo
