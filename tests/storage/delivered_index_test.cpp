// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/delivered_index.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_random.h"

namespace resguardo::storage {
namespace {

TEST(DeliveredIndexTest, KnowsWhatItWasToldAndNothingElse) {
  testing_support::SeededRandom random(7);
  DeliveredIndex index;
  std::vector<DedupeTag> told;
  for (int n = 0; n < 20000; ++n) {
    told.push_back(random.make<DedupeTag>());
    index.insert(told.back(), Day{n % 9});
  }
  for (const DedupeTag& tag : told) ASSERT_TRUE(index.contains(tag));
  for (int n = 0; n < 20000; ++n) ASSERT_FALSE(index.contains(random.make<DedupeTag>()));
  EXPECT_EQ(index.size(), 20000U);
}

TEST(DeliveredIndexTest, ForgetsByDay) {
  testing_support::SeededRandom random(8);
  DeliveredIndex index;
  const auto old = random.make<DedupeTag>();
  const auto young = random.make<DedupeTag>();
  index.insert(old, Day{1});
  index.insert(young, Day{2});
  index.forget_before(Day{2});
  EXPECT_FALSE(index.contains(old));
  EXPECT_TRUE(index.contains(young));
}

TEST(DeliveredIndexTest, KeepsZerosAndTagsThatShareASlot) {
  DeliveredIndex index;
  EXPECT_FALSE(index.contains(DedupeTag{}));
  index.insert(DedupeTag{}, Day{1});
  DedupeTag one{};
  one.bytes[15] = 1;
  EXPECT_TRUE(index.contains(DedupeTag{}));
  EXPECT_FALSE(index.contains(one));
  for (std::uint8_t n = 1; n < 100; ++n) {
    one.bytes[15] = n;
    index.insert(one, Day{1});
    index.insert(one, Day{1});
  }
  EXPECT_EQ(index.size(), 100U);
}

}  // namespace
}  // namespace resguardo::storage
