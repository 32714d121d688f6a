// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/page_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>

namespace resguardo::intake {
namespace {

TEST(PagePoolTest, BlocksKeepWhatIsWrittenAndPagesGoWithTheirLastBlock) {
  struct Block {
    std::uint8_t* at;
    std::size_t size;
    std::uint8_t mark;
  };
  PagePool pool;
  std::mt19937 random{3};
  std::vector<Block> blocks;
  const auto pick = [&](std::size_t count) { return random() % count; };
  for (int step = 0; step < 20'000; ++step) {
    if (blocks.empty() || pick(100) < (step < 10'000 ? 60U : 40U)) {
      const std::size_t size = 1 + pick(PagePool::kLargest + 100);
      const Block block{static_cast<std::uint8_t*>(pool.allocate(size)), size,
                        static_cast<std::uint8_t>(step)};
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block.at) % 8, 0U);
      std::fill_n(block.at, size, block.mark);
      blocks.push_back(block);
    } else {
      std::swap(blocks[pick(blocks.size())], blocks.back());
      const Block block = blocks.back();
      blocks.pop_back();
      ASSERT_TRUE(std::ranges::all_of(std::span(block.at, block.size),
                                      [&](std::uint8_t one) { return one == block.mark; }));
      PagePool::give_back(block.at, block.size);
    }
  }
  EXPECT_GT(pool.pages(), 0U);
  for (const Block& block : blocks) PagePool::give_back(block.at, block.size);
  EXPECT_EQ(pool.pages(), 0U);
}

TEST(PagePoolTest, APageHoldsNothingOfWhatWasInItBefore) {
  PagePool pool;
  std::vector<std::uint8_t*> blocks;
  for (int i = 0; i < 100; ++i) {
    blocks.push_back(static_cast<std::uint8_t*>(pool.allocate(400)));
    std::fill_n(blocks.back(), 400, std::uint8_t{7});
  }
  EXPECT_LE(pool.pages(), 11U) << "ten in each";
  for (auto* block : blocks) PagePool::give_back(block, 400);
  const auto* again = static_cast<std::uint8_t*>(pool.allocate(200));
  EXPECT_TRUE(
      std::ranges::all_of(std::span(again, 200), [](std::uint8_t one) { return one == 0; }));
  PagePool::give_back(const_cast<std::uint8_t*>(again), 200);
}

}  // namespace
}  // namespace resguardo::intake
