// SPDX-License-Identifier: AGPL-3.0-or-later
// Replies, withdrawals and linked phones against what Python wrote (make_return_vectors.py).
#include <gtest/gtest.h>

#include "crypto/log/withdrawal.h"
#include "crypto/log/withdrawal_keys.h"
#include "crypto/mailbox/mailbox_opener.h"
#include "crypto/mailbox/reply.h"
#include "crypto/session/master_key.h"
#include "crypto/session/phone_link.h"
#include "tests/golden/faults.h"
#include "tests/golden/vector.h"
#include "tests/support/paths.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using testing_support::GoldenVector;

std::filesystem::path folder(const char* name) {
  return testing_support::source_dir() / "tests" / "golden" / name;
}

template <class Value>
void expect_refused(const Result<Value>& read, const GoldenVector& vector) {
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault, testing_support::kFaultNames.at(vector.text("expect")))
      << read.error().why.c_str();
}

MailboxOpener mailbox_of(const GoldenVector& vector) {
  Bytes seed = vector.bytes("seed");
  return MailboxOpener::from_seed(SecretBytes::take(seed).value()).value();
}

class GoldenReplyTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenReplyTest, IsReadOrRefusedAsItSays) {
  const auto vector = GoldenVector::read(folder("reply") / (GetParam() + ".txt"));
  const auto read = open_reply_file(vector.bytes("file"));
  if (GetParam().starts_with("box_")) {
    ASSERT_TRUE(read.ok());
    return expect_refused(mailbox_of(vector).open(vector.bytes("sealed")), vector);
  }
  if (vector.text("expect") != "success") return expect_refused(read, vector);
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  EXPECT_EQ(to_hex(read->at(0).signer.view()), vector.text("signer"));
  const auto content = read_reply(read->at(0).exact).value();
  EXPECT_EQ(to_hex(reply_bytes(content).value()), vector.text("message"));
  const auto text = mailbox_of(vector).open(content.sealed);
  ASSERT_TRUE(text.ok()) << text.error().why.c_str();
  EXPECT_EQ(content.mailbox, mailbox_of(vector).public_key());
  EXPECT_NE(as_text(vector.bytes("text")).find(text->text.reveal()), std::string_view::npos);
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoldenReplyTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder("reply"))),
                         [](const auto& vector) { return vector.param; });

class GoldenWithdrawalTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenWithdrawalTest, IsVerifiedOrRefusedAsItSays) {
  const auto vector = GoldenVector::read(folder("withdrawal") / (GetParam() + ".txt"));
  const auto read = read_withdrawal_entry(vector.bytes("entry"));
  if (vector.text("expect") != "success") return expect_refused(read, vector);
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  EXPECT_EQ(to_hex(read->key_hash.view()), vector.text("key_hash"));
  EXPECT_EQ(to_hex(withdrawal_bytes(read->statement).value()), vector.text("statement"));
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoldenWithdrawalTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder("withdrawal"))),
                         [](const auto& vector) { return vector.param; });

class GoldenPhoneLinkTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenPhoneLinkTest, OpensOrNotAsItSays) {
  const auto vector = GoldenVector::read(folder("phone_link") / (GetParam() + ".txt"));
  Bytes master = vector.bytes("master");
  Bytes day = vector.bytes("day_key");
  const auto mailbox_key =
      derive_from_master(SecretBytes::take(master).value(), MasterUse::kMailbox, 0).value();
  const auto secret = link_secret(mailbox_key, SecretBytes::take(day).value()).value();
  const std::string address = vector.text("address");
  const auto read = open_link(secret, address, vector.bytes("sealed"));
  if (vector.text("expect") != "success") return expect_refused(read, vector);
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  EXPECT_EQ(to_hex(link_tag(secret, address)), vector.text("tag"));
  EXPECT_EQ(to_hex(read->lookup.view()), vector.text("lookup"));
  EXPECT_EQ(read->seed.read([](ByteView seed) { return to_hex(seed); }), vector.text("seed"));
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoldenPhoneLinkTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder("phone_link"))),
                         [](const auto& vector) { return vector.param; });

std::string key_text(const WithdrawalKey& key) {
  return to_hex(key.hash.view()) + (key.until ? " until " + to_string(*key.until) : "");
}

class GoldenReplacementTest : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenReplacementTest, NamesTheKeysThatCount) {
  const auto vector = GoldenVector::read(folder("replacement") / (GetParam() + ".txt"));
  std::vector<LogFact> facts;
  for (const Bytes& entry : vector.list("entry")) {
    facts.push_back(parse_log_entry(entry).value());
    testing_support::SeededRandom salts(1);
    const Bytes again = make_log_entry(facts.back(), salts);
    EXPECT_TRUE(equal(ByteView(again).subspan(18), ByteView(entry).subspan(18))) << "but the salt";
  }
  const auto read = withdrawal_keys(facts);
  std::vector<std::string> keys;
  for (const WithdrawalKey& key : read.keys) keys.push_back(key_text(key));
  EXPECT_EQ(keys, vector.texts("key"));
  EXPECT_EQ(read.forged, vector.text("expect") == "forged");
}

INSTANTIATE_TEST_SUITE_P(Vectors, GoldenReplacementTest,
                         ::testing::ValuesIn(testing_support::vectors_in(folder("replacement"))),
                         [](const auto& vector) { return vector.param; });

}  // namespace
}  // namespace resguardo
