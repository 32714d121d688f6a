// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/scalar_shares.h"

#include <gtest/gtest.h>
#include <sodium.h>

namespace resguardo::open {
namespace {

Bytes value_of(const SecretBytes& secret) {
  return secret.read([](ByteView bytes) { return to_bytes(bytes); });
}
SecretBytes secret_of(Bytes bytes) {
  return SecretBytes::take(bytes).value();
}
Bytes random_scalar() {
  Bytes scalar(kScalarSize);
  crypto_core_ristretto255_scalar_random(scalar.data());
  return scalar;
}
Bytes times_base(const Bytes& scalar) {
  Bytes point(kPointSize);
  EXPECT_EQ(crypto_scalarmult_ristretto255_base(point.data(), scalar.data()), 0);
  return point;
}
Bytes sum(const Bytes& a, const Bytes& b) {
  Bytes result(kScalarSize);
  crypto_core_ristretto255_scalar_add(result.data(), a.data(), b.data());
  return result;
}
Bytes difference(const Bytes& a, const Bytes& b) {
  Bytes result(kScalarSize);
  crypto_core_ristretto255_scalar_sub(result.data(), a.data(), b.data());
  return result;
}

// Whatever the secret is guessed to be, there is a line through it and the share: the share rules
// out none. What the commitments add is the secret's multiple of the base.
TEST(ScalarSharesTest, AShareAloneFitsEverySecret) {
  const auto shared = share_random_scalar(2, 3).value();
  const SecretBytes& mine = shared.shares[0];
  for (int guess = 0; guess < 8; ++guess) {
    const Bytes secret = random_scalar();
    const Bytes slope = difference(value_of(mine), secret);
    const std::vector<Bytes> commitments = {times_base(secret), times_base(slope)};
    const SecretBytes other = secret_of(sum(sum(secret, slope), slope));
    EXPECT_TRUE(check_share(1, mine, commitments).ok());
    EXPECT_TRUE(check_share(2, other, commitments).ok());
    EXPECT_EQ(value_of(combine_shares({{1, &mine}, {2, &other}}, commitments).value()), secret);
  }
}

TEST(ScalarSharesTest, NoShareIsTheSecretOrAnother) {
  const auto shared = share_random_scalar(2, 32).value();
  std::vector<Bytes> values = {value_of(shared.secret)};
  for (const auto& share : shared.shares) values.push_back(value_of(share));
  for (std::size_t a = 0; a < values.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) EXPECT_NE(values[a], values[b]);
  EXPECT_NE(value_of(share_random_scalar(2, 2)->secret), value_of(shared.secret));
}

TEST(ScalarSharesTest, EveryFlippedBitOfAShareIsNoticed) {
  const auto shared = share_random_scalar(3, 5).value();
  const Bytes good = value_of(shared.shares[3]);
  EXPECT_EQ(check_share(4, shared.shares[3], shared.commitments).value(), times_base(good));
  for (std::size_t bit = 0; bit < 256; ++bit) {
    Bytes bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(check_share(4, secret_of(bad), shared.commitments).ok()) << bit;
  }
  for (std::uint32_t index : {0U, 1U, 2U, 3U, 5U, 33U})
    EXPECT_FALSE(check_share(index, shared.shares[3], shared.commitments).ok()) << index;
}

TEST(ScalarSharesTest, CombinesOnlyDistinctSharesAsManyAsItTakes) {
  const auto shared = share_random_scalar(2, 3).value();
  const auto& shares = shared.shares;
  EXPECT_FALSE(combine_shares({{1, &shares[0]}, {1, &shares[0]}}, shared.commitments).ok());
  EXPECT_FALSE(combine_shares({{1, &shares[0]}}, shared.commitments).ok());
  EXPECT_FALSE(
      combine_shares({{1, &shares[0]}, {2, &shares[1]}, {3, &shares[2]}}, shared.commitments).ok());
  EXPECT_FALSE(combine_shares({{1, &shares[1]}, {2, &shares[0]}}, shared.commitments).ok());
  EXPECT_FALSE(combine_shares({}, {}).ok());
  EXPECT_EQ(
      value_of(combine_shares({{3, &shares[2]}, {1, &shares[0]}}, shared.commitments).value()),
      value_of(shared.secret));
}

}  // namespace
}  // namespace resguardo::open
