// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/delivered_index.h"

#include <gtest/gtest.h>

#include <set>

#include "storage/store.h"
#include "tests/support/seeded_random.h"

namespace resguardo::storage {
namespace {

using testing_support::SeededRandom;

Print random_print(RandomSource& random) {
  return print_of(random.make<DedupeTag>());
}

TEST(DeliveredIndexTest, KnowsWhatItWasToldAndNothingElse) {
  SeededRandom random(7);
  DeliveredIndex index;
  std::vector<Print> told;
  for (int n = 0; n < 20000; ++n) {
    told.push_back(random_print(random));
    index.insert(told.back(), Day{n % 9});
  }
  for (const Print print : told) ASSERT_TRUE(index.contains(print));
  for (int n = 0; n < 20000; ++n) ASSERT_FALSE(index.contains(random_print(random)));
  EXPECT_EQ(index.size(), 20000U);
}

TEST(DeliveredIndexTest, ForgetsByDay) {
  SeededRandom random(8);
  DeliveredIndex index;
  EXPECT_FALSE(index.oldest());
  const Print old = random_print(random);
  const Print young = random_print(random);
  index.insert(young, Day{2});
  index.insert(old, Day{1});
  EXPECT_EQ(index.oldest(), Day{1});
  index.forget_before(Day{2});
  EXPECT_EQ(index.oldest(), Day{2});
  EXPECT_FALSE(index.contains(old));
  EXPECT_TRUE(index.contains(young));
}

TEST(DeliveredIndexTest, TellsAllThatItHas) {
  SeededRandom random(9);
  DeliveredIndex index;
  std::set<std::pair<Print, Day>> told;
  for (int n = 0; n < 500; ++n) {
    const auto one = std::pair(random_print(random), Day{n % 3});
    told.insert(one);
    index.insert(one.first, one.second);
    index.insert(one.first, one.second);
  }
  const auto all = index.all();
  EXPECT_EQ(std::set(all.begin(), all.end()), told);
  EXPECT_EQ(all.size(), told.size());
}

TEST(PrintTest, IsNeverNothingAndTellsTagsApartThatDifferAnywhere) {
  std::set<Print> prints = {print_of(DedupeTag{})};
  EXPECT_NE(*prints.begin(), 0U);
  for (std::size_t at = 0; at < DedupeTag::kSize; ++at) {
    DedupeTag one{};
    one.bytes[at] = 1;
    EXPECT_TRUE(prints.insert(print_of(one)).second) << at;
  }
}

TEST(PrintTest, IsReadAsItWasWritten) {
  SeededRandom random(10);
  const Print first = random_print(random);
  const Print second = random_print(random);
  Bytes bytes;
  append_print(bytes, first);
  append_print(bytes, second);
  ASSERT_EQ(bytes.size(), 2 * sizeof(Print));
  EXPECT_EQ(read_print(bytes), first);
  EXPECT_EQ(read_print(ByteView(bytes).subspan(sizeof(Print))), second);
}

// Everything that a set can be told, in a drawn order, beside one that is known to be right. Small
// numbers lie close together, so that what is taken out leaves gaps among others.
TEST(PrintSetTest, IsASetWhateverIsAddedAndTakenOut) {
  SeededRandom random(11);
  for (const std::uint32_t values : {8U, 100U, 5000U}) {
    PrintSet set;
    std::set<Print> twin;
    for (int step = 0; step < 20000; ++step) {
      const Print print = 1 + random.below(values);
      if (random.below(step < 10000 ? 3 : 5) < 2) {
        set.insert(print);
        twin.insert(print);
      } else {
        set.erase(print);
        twin.erase(print);
      }
      ASSERT_EQ(set.contains(print), twin.contains(print));
      ASSERT_EQ(set.size(), twin.size());
    }
    std::set<Print> found;
    set.each([&](Print print) { EXPECT_TRUE(found.insert(print).second); });
    EXPECT_EQ(found, twin);
    for (const Print print : twin) EXPECT_TRUE(set.contains(print));
    for (const Print print : twin) set.erase(print);
    EXPECT_EQ(set.size(), 0U);
  }
}

TEST(PrintLogTest, IsASetThatGrowsWhateverItIsTold) {
  for (const std::size_t size : {1U, 2U, 1023U, 1024U, 5000U, 30000U}) {
    SeededRandom random(size);
    PrintLog log;
    std::set<Print> twin;
    while (twin.size() < size) {
      Print print = random_print(random);
      if (random.below(64) == 0) print >>= random.below(64);  // some lie close together
      if (print == 0) continue;
      ASSERT_EQ(log.contains(print), twin.contains(print));
      log.insert(print);
      twin.insert(print);
      ASSERT_TRUE(log.contains(print));
      ASSERT_EQ(log.size(), twin.size());
    }
    std::set<Print> found;
    log.each([&](Print print) { EXPECT_TRUE(found.insert(print).second); });
    EXPECT_EQ(found, twin);
    for (const Print print : twin) {
      ASSERT_TRUE(log.contains(print));
      ASSERT_EQ(log.contains(print + 1), twin.contains(print + 1));
      ASSERT_EQ(log.contains(print ^ 0x100), twin.contains(print ^ 0x100));
    }
  }
}

TEST(PrintLogTest, ManyAtOnceAreTheSameSet) {
  constexpr Print kEach = 0x9E3779B97F4A7C15U;  // odd: no two multiples are the same
  constexpr std::size_t kMany = 200'000;        // sorted more than once meanwhile
  PrintLog log;
  for (std::size_t at = 1; at <= kMany; ++at) {
    log.insert_one_of_many(at * kEach);
    if (at % 3 == 0) log.insert_one_of_many((at / 3) * kEach);  // told before
  }
  log.settle();
  log.insert((kMany + 1) * kEach);
  EXPECT_EQ(log.size(), kMany + 1);
  std::size_t told = 0;
  log.each([&](Print) { ++told; });
  EXPECT_EQ(told, kMany + 1);
  for (std::size_t at = 1; at <= kMany + 1; ++at) ASSERT_TRUE(log.contains(at * kEach));
  EXPECT_FALSE(log.contains((kMany + 2) * kEach));
}

TEST(PrintLogTest, HasTheFirstPrintAndTheLast) {
  PrintLog log;
  for (Print print = 1; print < 3000; ++print) {
    log.insert(print);
    log.insert(~Print{0} - print + 1);
  }
  EXPECT_EQ(log.size(), 5998U);
  EXPECT_TRUE(log.contains(1));
  EXPECT_TRUE(log.contains(~Print{0}));
  EXPECT_FALSE(log.contains(3000));
  EXPECT_FALSE(log.contains(Print{1} << 63));
}

}  // namespace
}  // namespace resguardo::storage
