// SPDX-License-Identifier: AGPL-3.0-or-later
// Shares of a root against what Python made (make_share_vectors.py), and what C++ makes itself.
#include <gtest/gtest.h>

#include "crypto/open/root_shares.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"
#include "tests/support/seeded_random.h"

namespace resguardo::open {
namespace {

using testing_support::GoldenVector;

std::filesystem::path shares_folder() {
  return testing_support::source_dir() / "tests" / "golden" / "shares";
}

Result<SecretKey<RootRole>> join(const std::vector<Bytes>& texts) {
  std::vector<RootShare> shares;
  for (const Bytes& text : texts) {
    RESGUARDO_TRY(auto share, RootShare::parse(text));
    shares.push_back(std::move(share));
  }
  return RootShare::join(shares);
}

class GoldenShareTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenShareTest, JoinsOrFailsAsItSays) {
  const auto vector = GoldenVector::read(shares_folder() / (GetParam() + ".txt"));
  const auto root = join(vector.list("share"));
  if (vector.text("expect") == "success") {
    ASSERT_TRUE(root.ok()) << root.error().why.view();
    EXPECT_EQ(root->secret().read([](ByteView bytes) { return to_hex(bytes); }),
              vector.text("secret"));
    const auto shares = vector.list("share");
    const auto fingerprints = vector.texts("fingerprint");
    for (std::size_t i = 0; i < fingerprints.size(); ++i)
      EXPECT_EQ(RootShare::parse(shares.at(i))->fingerprint(), fingerprints[i]);
    return;
  }
  ASSERT_FALSE(root.ok());
  EXPECT_EQ(root.error().fault, testing_support::kFaultNames.at(vector.text("expect")))
      << root.error().why.view();
}

INSTANTIATE_TEST_SUITE_P(Shares, GoldenShareTest,
                         ::testing::ValuesIn(testing_support::vectors_in(shares_folder())),
                         testing_support::name_of_vector);

class RootShareTest : public ::testing::Test {
 protected:
  std::vector<Bytes> split(std::uint32_t m, std::uint32_t n) {
    std::vector<Bytes> texts;
    const auto shares = RootShare::split(root_, "Autoridad", m, n, ids_);
    EXPECT_TRUE(shares.ok());
    for (const std::string& text : shares.value()) texts.push_back(to_bytes(as_bytes(text)));
    return texts;
  }
  testing_support::SeededRandom ids_{3};
  SecretKey<RootRole> root_ = SecretKey<RootRole>::generate().value();
};

TEST_F(RootShareTest, AnyThresholdOfSharesJoins) {
  const auto shares = split(3, 5);
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = 0; b < 5; ++b)
      for (std::size_t c = 0; c < 5; ++c) {
        const auto root = join({shares[a], shares[b], shares[c]});
        if (a == b || b == c || a == c) {
          EXPECT_EQ(root.error().fault, Fault::kConflict);
        } else {
          ASSERT_TRUE(root.ok());
          EXPECT_EQ(root->public_key(), root_.public_key());
        }
      }
  EXPECT_EQ(join({shares[0], shares[1]}).error().fault, Fault::kRefused);
  EXPECT_EQ(join({}).error().fault, Fault::kRefused);
}

TEST_F(RootShareTest, TwoSplitsDoNotMix) {
  EXPECT_EQ(join({split(2, 2)[0], split(2, 2)[1]}).error().fault, Fault::kConflict);
}

TEST_F(RootShareTest, HasItsLimits) {
  for (const auto& [m, n] : {std::pair{1U, 3U}, {4U, 3U}, {2U, 33U}, {0U, 0U}, {33U, 33U}})
    EXPECT_EQ(RootShare::split(root_, "x", m, n, ids_).error().fault, Fault::kRefused) << m;
  EXPECT_EQ(split(32, 32).size(), 32U);
  EXPECT_FALSE(RootShare::split(root_, "", 2, 2, ids_).ok());
}

TEST_F(RootShareTest, EveryChangedLetterIsNoticed) {
  const auto shares = split(2, 2);
  const Bytes& good = shares[0];
  const Bytes& other = shares[1];
  ASSERT_TRUE(join({good, other}).ok());
  for (std::size_t at = 0; at < good.size(); at += 7) {
    Bytes bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(join({bad, other}).ok()) << at;
  }
}

}  // namespace
}  // namespace resguardo::open
