// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/mailbox/mailbox_opener.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <set>

#include "crypto/session/master_key.h"
#include "crypto/session/receipt.h"

namespace resguardo {
namespace {

ReplyText saying(std::string_view text) {
  return {SecretText(text), "es", "Organización Uno"};
}

class MailboxTest : public ::testing::Test {
 protected:
  const SecretBytes seed_ = SecretBytes::random(32).value();
  const MailboxOpener mailbox_ = MailboxOpener::from_seed(seed_).value();
};

TEST_F(MailboxTest, WhoHasTheReceiptReadsWhatWasSealedToTheFinalRecordsKey) {
  const auto master = SecretBytes::random(32).value();
  const auto salt = derive_from_master(master, MasterUse::kReceipt, 0).value();
  const auto receipt = make_receipt().value();
  const auto keys = derive_receipt_keys(receipt.reveal(), salt).value();
  const auto mailbox = PublicKey<MailboxRole>::from_bytes(keys.mailbox_public_key).value();
  const Bytes sealed = seal_reply(mailbox, saying("¿Puede decirnos el día?\nGracias.")).value();

  const auto secrets = open_receipt(receipt, salt).value();
  const auto seed = unwrap_mailbox(secrets.mailbox_wrap, keys.wrapped_mailbox).value();
  const auto opener = MailboxOpener::from_seed(seed).value();
  EXPECT_EQ(opener.public_key(), mailbox);
  const auto read = opener.open(sealed).value();
  EXPECT_EQ(read.text.reveal(), "¿Puede decirnos el día?\nGracias.");
  EXPECT_EQ(read.language, "es");
  EXPECT_EQ(read.organisation, "Organización Uno");
}

TEST_F(MailboxTest, AnotherMailboxReadsNothingAndNoBitMayChange) {
  const Bytes sealed = seal_reply(mailbox_.public_key(), saying("words")).value();
  const auto other = MailboxOpener::from_seed(SecretBytes::random(32).value()).value();
  EXPECT_EQ(other.open(sealed).error().fault, Fault::kUnauthentic);
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes changed = sealed;
    changed[at] ^= 1;
    EXPECT_FALSE(mailbox_.open(changed).ok()) << at;
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{48}, sealed.size() - 1})
    EXPECT_FALSE(mailbox_.open(ByteView(sealed).first(size)).ok());
}

TEST_F(MailboxTest, LengthsShowInFourSizesOnly) {
  std::set<std::size_t> sizes;
  for (std::size_t length = 1; length <= kMostReplyText; ++length) {
    const std::string text(length, 'x');
    sizes.insert(seal_reply(mailbox_.public_key(), saying(text)).value().size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{256 + 48, 512 + 48, 1024 + 48, 2048 + 48}));
  EXPECT_EQ(*sizes.rbegin(), kMostSealedBox);
}

TEST_F(MailboxTest, WhatNoMessengerCarriesIsNotSealed) {
  const auto refused = [&](const ReplyText& reply) {
    return seal_reply(mailbox_.public_key(), reply).error().fault == Fault::kRefused;
  };
  EXPECT_TRUE(refused(saying("")));
  EXPECT_TRUE(refused(saying(std::string(kMostReplyText + 1, 'x'))));
  EXPECT_TRUE(refused(saying("a\tb")));
  EXPECT_TRUE(refused(saying("a\x7f")));
  EXPECT_TRUE(refused(saying("\xc3")));
  EXPECT_TRUE(refused({SecretText("text"), "ES", "Uno"}));
  EXPECT_TRUE(refused({SecretText("text"), "es", ""}));
  EXPECT_TRUE(refused({SecretText("text"), "es", "Uno\n"}));
}

// Anyone can seal to a public key: what is inside is judged like what comes from outside.
TEST_F(MailboxTest, WhatIsSealedButNoReplyIsNotShown) {
  const auto fault_of = [&](Bytes plain) {
    Bytes sealed(plain.size() + crypto_box_SEALBYTES);
    EXPECT_EQ(crypto_box_seal(sealed.data(), plain.data(), plain.size(),
                              mailbox_.public_key().view().data()),
              0);
    return mailbox_.open(sealed).error().fault;
  };
  EXPECT_EQ(fault_of(Bytes(256, 0)), Fault::kMalformed);
  EXPECT_EQ(fault_of(Bytes(255, 0x80)), Fault::kMalformed);
  Bytes nothing(256, 0);
  nothing[0] = 0x80;
  EXPECT_EQ(fault_of(nothing), Fault::kMalformed);
  Bytes larger(512, 0);  // a size class more than it needs
  const std::string_view small =
      "\x0a\x01x\x12\x02"
      "es\x1a\x01"
      "U\x80";
  std::copy(small.begin(), small.end(), larger.begin());
  EXPECT_EQ(fault_of(larger), Fault::kMalformed);
}

}  // namespace
}  // namespace resguardo
