// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/session/receipt.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/seal/public_key.h"
#include "crypto/session/master_key.h"

namespace resguardo {
namespace {

// The example of Damm's thesis: 572 has check digit 4.
TEST(DammTest, GivesThePublishedExample) {
  EXPECT_EQ(damm_digit("572"), '4');
  EXPECT_EQ(damm_digit("5724"), '0');
}

TEST(DammTest, FindsEverySingleWrongDigitAndEverySwapOfNeighbours) {
  const std::string receipt(make_receipt().value().reveal());
  for (std::size_t i = 0; i < receipt.size(); ++i) {
    if (receipt[i] == ' ') continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = receipt;
      wrong[i] = digit;
      EXPECT_EQ(receipt_check_digit_fits(wrong), digit == receipt[i]);
    }
    if (i + 1 < receipt.size() && receipt[i + 1] != ' ' && receipt[i] != receipt[i + 1]) {
      std::string swapped = receipt;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_FALSE(receipt_check_digit_fits(swapped));
    }
  }
}

TEST(ReceiptTest, HasSixGroupsOfFourDigits) {
  const std::string receipt(make_receipt().value().reveal());
  ASSERT_EQ(receipt.size(), 29U);
  for (std::size_t i = 0; i < receipt.size(); ++i) EXPECT_EQ(receipt[i] == ' ', i % 5 == 4) << i;
  EXPECT_TRUE(receipt_check_digit_fits(receipt));
  EXPECT_NE(make_receipt().value().reveal(), receipt);
}

TEST(ReceiptTest, ReadsWhatPeopleTypeAndNothingElse) {
  const std::string receipt(make_receipt().value().reveal());
  std::string typed;
  for (const char c : receipt) typed += c == ' ' ? std::string("-") : std::string(1, c);
  EXPECT_TRUE(receipt_check_digit_fits(typed));
  EXPECT_FALSE(receipt_check_digit_fits(receipt.substr(1)));
  EXPECT_FALSE(receipt_check_digit_fits(receipt + "0"));
  EXPECT_FALSE(receipt_check_digit_fits("x" + receipt));
  EXPECT_FALSE(receipt_check_digit_fits(""));
}

TEST(ReceiptTest, TheSameDigitsFindTheSameReportHoweverTheyAreTyped) {
  const auto master = SecretBytes::random(32).value();
  const auto salt = derive_from_master(master, MasterUse::kReceipt, 0).value();
  const std::string receipt(make_receipt().value().reveal());
  const auto once = derive_receipt_keys(receipt, salt).value();
  std::string bare;
  for (const char c : receipt)
    if (c != ' ') bare += c;
  const auto again = derive_receipt_keys(bare, salt).value();
  EXPECT_EQ(once.lookup, again.lookup);
  EXPECT_EQ(once.withdrawal_key, again.withdrawal_key);
  // The mailbox is new each time it is made: only its wrap is bound to the receipt.
  EXPECT_NE(once.mailbox_public_key, again.mailbox_public_key);

  const auto other_salt = derive_from_master(master, MasterUse::kReceipt, 1).value();
  EXPECT_NE(derive_receipt_keys(receipt, other_salt).value().lookup, once.lookup);
}

class ReceiptReturnTest : public testing::Test {
 protected:
  const SecretBytes master_ = SecretBytes::random(32).value();
  const SecretBytes salt_ = derive_from_master(master_, MasterUse::kReceipt, 0).value();
  const SecretText receipt_ = make_receipt().value();
  const ReceiptKeys keys_ = derive_receipt_keys(receipt_.reveal(), salt_).value();
};

TEST_F(ReceiptReturnTest, TheDigitsAloneFindTheReportAndOpenItsMailbox) {
  const auto secrets = open_receipt(receipt_, salt_).value();
  EXPECT_EQ(secrets.lookup, keys_.lookup);
  const auto seed = unwrap_mailbox(secrets.mailbox_wrap, keys_.wrapped_mailbox);
  ASSERT_TRUE(seed.ok());
  EXPECT_EQ(seed->size(), 32U);
}

TEST_F(ReceiptReturnTest, AnotherReceiptOpensNoMailbox) {
  const auto another = open_receipt(make_receipt().value(), salt_).value();
  EXPECT_NE(another.lookup, keys_.lookup);
  EXPECT_EQ(unwrap_mailbox(another.mailbox_wrap, keys_.wrapped_mailbox).error().fault,
            Fault::kUnauthentic);
  const auto secrets = open_receipt(receipt_, salt_).value();
  for (std::size_t at = 0; at < keys_.wrapped_mailbox.size(); ++at) {
    Bytes changed = keys_.wrapped_mailbox;
    changed[at] ^= 0x80;
    EXPECT_FALSE(unwrap_mailbox(secrets.mailbox_wrap, changed).ok()) << at;
  }
  const auto cut = ByteView(keys_.wrapped_mailbox).first(keys_.wrapped_mailbox.size() - 1);
  EXPECT_FALSE(unwrap_mailbox(secrets.mailbox_wrap, cut).ok());
}

TEST_F(ReceiptReturnTest, ASlipOfThePenCostsNoDerivation) {
  std::string wrong(receipt_.reveal());
  wrong[0] = wrong[0] == '9' ? '0' : static_cast<char>(wrong[0] + 1);
  EXPECT_EQ(open_receipt(SecretText(wrong), salt_).error().fault, Fault::kMalformed);
}

TEST_F(ReceiptReturnTest, SignsWithTheKeyWhoseHashIsLogged) {
  const auto secrets = open_receipt(receipt_, salt_).value();
  const auto statement = sign_withdrawal(secrets.withdrawal_seed, as_bytes("a statement")).value();
  EXPECT_EQ(statement.key, keys_.withdrawal_key);
  const auto key = PublicKey<WithdrawalRole>::from_bytes(statement.key).value();
  EXPECT_TRUE(
      verify_signature(key, Label::kSignWithdrawal, as_bytes("a statement"), statement.signature));
  EXPECT_FALSE(
      verify_signature(key, Label::kSignReply, as_bytes("a statement"), statement.signature));
}

}  // namespace
}  // namespace resguardo
