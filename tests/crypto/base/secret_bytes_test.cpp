// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/base/secret_bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <latch>
#include <thread>

namespace resguardo {
namespace {

Bytes content(const SecretBytes& secret) {
  return secret.read([](ByteView bytes) { return to_bytes(bytes); });
}

TEST(SecretBytesTest, TakesAndWipesItsSource) {
  std::array<std::uint8_t, 4> source{1, 2, 3, 4};
  const SecretBytes secret = SecretBytes::take(source).value();
  EXPECT_EQ(content(secret), (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(source, (std::array<std::uint8_t, 4>{}));
}

TEST(SecretBytesTest, MovesAndClones) {
  SecretBytes first = SecretBytes::random(32).value();
  const Bytes known = content(first);
  const SecretBytes copy = first.clone().value();
  const SecretBytes second = std::move(first);
  EXPECT_EQ(content(second), known);
  EXPECT_EQ(content(copy), known);
}

TEST(SecretBytesDeathTest, CannotBeTouchedOutsideOfARead) {
  const SecretBytes secret = SecretBytes::random(32).value();
  const std::uint8_t* kept = secret.read([](ByteView bytes) { return bytes.data(); });
  const auto touch = [kept] {
    const volatile std::uint8_t* there = kept;
    const std::uint8_t seen = *there;
    std::exit(seen == 0 ? 0 : 0);
  };
  EXPECT_DEATH(touch(), "");
}

// A reader that ended took the pages from under the others: the server's threads read the store's
// key when many people write at once.
TEST(SecretBytesTest, StaysOpenForAReaderWhenAnotherThreadsEnds) {
  const SecretBytes secret = SecretBytes::random(32).value();
  const Bytes known = content(secret);
  std::barrier both_read(2);
  std::latch other_ended(1);
  bool right = false;
  std::thread reader([&] {
    secret.read([&](ByteView bytes) {
      both_read.arrive_and_wait();
      other_ended.wait();
      right = std::ranges::equal(bytes, known);
    });
  });
  secret.read([&](ByteView) { both_read.arrive_and_wait(); });
  other_ended.count_down();
  reader.join();
  EXPECT_TRUE(right);
}

}  // namespace
}  // namespace resguardo
