// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/receipt_mint.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <set>
#include <thread>

namespace resguardo::intake {
namespace {

constexpr std::chrono::seconds kLimit{60};

SecretBytes salt() {
  return SecretBytes::random(32).value();
}

struct Told {
  Result<ReadyReceipt> receipt;
  std::thread::id on;
};

std::future<Told> made_by(ReceiptMint& mint) {
  auto told = std::make_shared<std::promise<Told>>();
  mint.make([told](Result<ReadyReceipt> receipt) {
    told->set_value({std::move(receipt), std::this_thread::get_id()});
  });
  return told->get_future();
}

TEST(ReceiptMintTest, WithNothingReadyNobodysThreadMakesOne) {
  ReceiptMint mint(salt(), 0);
  EXPECT_FALSE(mint.take());
  std::vector<std::future<Told>> asked;
  for (int n = 0; n < 3; ++n) asked.push_back(made_by(mint));
  std::set<std::string> digits;
  std::set<std::thread::id> threads;
  for (auto& one : asked) {
    ASSERT_EQ(one.wait_for(kLimit), std::future_status::ready);
    auto told = one.get();
    ASSERT_TRUE(told.receipt.ok());
    digits.emplace(told.receipt->digits.reveal());
    threads.insert(told.on);
  }
  EXPECT_EQ(digits.size(), 3U) << "each has one of its own";
  EXPECT_EQ(threads.size(), 1U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
  EXPECT_FALSE(mint.take()) << "nothing was asked to lie ready";
}

TEST(ReceiptMintTest, WhatLiesReadyIsThereAtOnceAndMadeAnew) {
  ReceiptMint mint(salt(), 2);
  const auto limit = std::chrono::steady_clock::now() + kLimit;
  std::set<std::string> digits;
  while (digits.size() < 5 && std::chrono::steady_clock::now() < limit) {
    if (const auto ready = mint.take()) digits.emplace(ready->digits.reveal());
    std::this_thread::yield();
  }
  EXPECT_EQ(digits.size(), 5U);
}

TEST(ReceiptMintTest, WhoWaitsWhenItEndsIsTold) {
  std::vector<std::future<Told>> asked;
  {
    ReceiptMint mint(salt(), 1);
    for (int n = 0; n < 20; ++n) asked.push_back(made_by(mint));
  }
  std::size_t refused = 0;
  for (auto& one : asked) {
    ASSERT_EQ(one.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    const auto told = one.get();
    if (told.receipt.ok()) continue;
    EXPECT_EQ(told.receipt.error().fault, Fault::kUnavailable);
    ++refused;
  }
  EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace resguardo::intake
