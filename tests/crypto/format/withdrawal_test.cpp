// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/format/withdrawal.h"

#include <gtest/gtest.h>

namespace resguardo {
namespace {

WithdrawalStatement of(std::vector<std::string> purposes) {
  return {ReportId{{1, 2, 3}}, std::move(purposes), Day{20000}};
}

TEST(WithdrawalStatementTest, IsReadAsItWasWritten) {
  for (const auto& purposes :
       std::vector<std::vector<std::string>>{{}, {"publish"}, {"contact", "legal_2", "research"}}) {
    const auto bytes = withdrawal_bytes(of(purposes)).value();
    EXPECT_EQ(read_withdrawal(bytes).value(), of(purposes));
    EXPECT_EQ(withdrawal_bytes(of(purposes)).value(), bytes);
  }
}

TEST(WithdrawalStatementTest, PurposesAscendAndAreNamesOfForms) {
  for (const auto& purposes : std::vector<std::vector<std::string>>{
           {"publish", "legal"}, {"legal", "legal"}, {""}, {"Legal"}, {"a b"}, {"caf\xc3\xa9"}})
    EXPECT_FALSE(withdrawal_bytes(of(purposes)).ok());
}

TEST(WithdrawalStatementTest, HasItsLimits) {
  EXPECT_TRUE(withdrawal_bytes(of({std::string(kLongestPurpose, 'p')})).ok());
  EXPECT_FALSE(withdrawal_bytes(of({std::string(kLongestPurpose + 1, 'p')})).ok());
  std::vector<std::string> many;
  for (std::size_t n = 0; n < kMostWithdrawnPurposes; ++n)
    many.emplace_back(1, static_cast<char>('a' + n));
  EXPECT_TRUE(withdrawal_bytes(of(many)).ok());
  many.emplace_back("z");
  EXPECT_FALSE(withdrawal_bytes(of(many)).ok());
  auto early = of({});
  early.day = Day{0};
  EXPECT_FALSE(withdrawal_bytes(early).ok());
}

TEST(WithdrawalStatementTest, NothingElseIsAStatement) {
  auto bytes = withdrawal_bytes(of({"publish"})).value();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(read_withdrawal(ByteView(bytes).first(size)).ok()) << size;
  bytes.push_back(0);
  EXPECT_FALSE(read_withdrawal(bytes).ok());
}

}  // namespace
}  // namespace resguardo
