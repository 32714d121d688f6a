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

std::future<Result<ReceiptSecrets>> opened_by(ReceiptMint& mint, std::string_view digits,
                                              bool& taken) {
  auto told = std::make_shared<std::promise<Result<ReceiptSecrets>>>();
  taken = mint.look_up(SecretText(digits), [told](Result<ReceiptSecrets> secrets) {
    told->set_value(std::move(secrets));
  });
  return told->get_future();
}

TEST(ReceiptMintTest, WhatItMadeItOpens) {
  ReceiptMint mint(salt(), 0);
  auto made = made_by(mint);
  ASSERT_EQ(made.wait_for(kLimit), std::future_status::ready);
  const auto receipt = made.get();
  ASSERT_TRUE(receipt.receipt.ok());
  bool taken = false;
  auto opened = opened_by(mint, receipt.receipt->digits.reveal(), taken);
  ASSERT_TRUE(taken);
  ASSERT_EQ(opened.wait_for(kLimit), std::future_status::ready);
  const auto secrets = opened.get();
  ASSERT_TRUE(secrets.ok());
  EXPECT_EQ(secrets->lookup, receipt.receipt->keys.lookup);
}

// Bounded, and whose report ends now does not wait behind a flood.
TEST(ReceiptMintTest, AFloodIsRefusedAndNobodysEndWaitsForIt) {
  ReceiptMint mint(salt(), 0);
  std::vector<std::future<Result<ReceiptSecrets>>> flood;
  std::size_t refused = 0;
  for (std::size_t n = 0; n < 3 * ReceiptMint::kMostWaiting; ++n) {
    bool taken = false;
    auto one = opened_by(mint, "000000000000000000000000", taken);
    taken ? flood.push_back(std::move(one)) : void(++refused);
  }
  EXPECT_GT(refused, ReceiptMint::kMostWaiting);
  auto made = made_by(mint);
  ASSERT_EQ(made.wait_for(kLimit), std::future_status::ready);
  EXPECT_NE(flood.back().wait_for(std::chrono::seconds(0)), std::future_status::ready)
      << "it came before those who waited longer";
}

}  // namespace
}  // namespace resguardo::intake
