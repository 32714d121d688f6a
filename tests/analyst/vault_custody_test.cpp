// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_custody.h"

#include <gtest/gtest.h>

#include "crypto/base/random.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::TemporaryDirectory;
constexpr TimePoint kNow{std::chrono::seconds(1795000000)};

SecretBytes custody_passphrase() {
  std::string words = "correct horse";
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()}).value();
}

class VaultCustodyTest : public ::testing::Test {
 protected:
  open::AnalystKeys keys() {
    return {ids_.make<MemberId>(), open::SecretKey<AnalystRole>::generate().value()};
  }
  Status append(VaultCustody& custody, JournalKind kind) {
    RESGUARDO_TRY(auto into, vault_.begin());
    RESGUARDO_CHECK(custody.append(journal_fact(kind, {ids_.make<ReportId>()}), kNow));
    return into.commit();
  }
  std::vector<JournalEntry> entries() {
    std::vector<JournalEntry> all;
    EXPECT_TRUE(VaultJournal(vault_)
                    .visit([&](const JournalEntry& entry) -> Status {
                      all.push_back(entry);
                      return success();
                    })
                    .ok());
    return all;
  }

  SystemRandom ids_;
  TemporaryDirectory folder_;
  Vault vault_ = Vault::create(folder_.path() / "v",
                               PublicKey<RootRole>::from_bytes(
                                   open::SecretKey<RootRole>::generate()->public_key().view())
                                   .value(),
                               custody_passphrase(), open::LockCost{1, open::LockCost::kMinMemory})
                     .value();
};

TEST_F(VaultCustodyTest, ThereIsNoneUntilSomebodyImports) {
  const auto none = VaultCustody::open(vault_);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().fault, Fault::kNotFound);
}

TEST_F(VaultCustodyTest, SignsForWhoImportedLastOrForWhomItIsAsked) {
  const auto ana = keys();
  const auto luis = keys();
  ASSERT_TRUE(VaultCustody::begin(vault_, ana, kNow).ok());
  ASSERT_TRUE(VaultCustody::begin(vault_, luis, kNow).ok());
  EXPECT_EQ(VaultCustody::open(vault_)->member(), luis.member());
  EXPECT_EQ(VaultCustody::open(vault_, ana.member())->member(), ana.member());
  ASSERT_TRUE(VaultCustody::begin(vault_, ana, kNow).ok());
  EXPECT_EQ(VaultCustody::open(vault_)->member(), ana.member());
  EXPECT_EQ(VaultCustody::members(vault_)->size(), 2U);
  EXPECT_FALSE(VaultCustody::open(vault_, ids_.make<MemberId>()).ok());
  ASSERT_EQ(entries().size(), 2U) << "a key is certified once";
  EXPECT_EQ(entries()[1].own_key(), luis.identity().public_key());
}

TEST_F(VaultCustodyTest, WhatItAppendsStandsBehindTheMembersOwnKey) {
  const auto ana = keys();
  ASSERT_TRUE(VaultCustody::begin(vault_, ana, kNow).ok());
  {
    auto custody = VaultCustody::open(vault_).value();
    ASSERT_TRUE(append(custody, JournalKind::kViewed).ok());
  }
  vault_ = Vault::open(folder_.path() / "v", custody_passphrase()).value();
  auto custody = VaultCustody::open(vault_).value();
  ASSERT_TRUE(append(custody, JournalKind::kExported).ok());
  const auto all = entries();
  ASSERT_EQ(all.size(), 3U);
  for (const JournalEntry& entry : all) EXPECT_EQ(entry.own_key(), ana.identity().public_key());
  EXPECT_NE(all[2].signer, ana.identity().public_key());
  EXPECT_EQ(VaultJournal(vault_).head()->number, 3U);
}

TEST_F(VaultCustodyTest, ASignatureIsReadWithoutTheVault) {
  const auto ana = keys();
  ASSERT_TRUE(VaultCustody::begin(vault_, ana, kNow).ok());
  const Bytes manifest = to_bytes(as_bytes(std::string_view("{}")));
  const auto made = VaultCustody::open(vault_)->sign(Label::kSignExport, manifest).value();
  EXPECT_EQ(made.head.number, 1U);
  const auto own = check_custody_signature(made, Label::kSignExport, manifest);
  ASSERT_TRUE(own.ok());
  EXPECT_EQ(*own, ana.identity().public_key());
  EXPECT_FALSE(check_custody_signature(made, Label::kSignReply, manifest).ok());
  EXPECT_FALSE(check_custody_signature(made, Label::kSignExport, Bytes{1}).ok());
  for (std::size_t at = 0; at < made.certification.size(); ++at) {
    CustodySignature changed = made;
    changed.certification[at] ^= 1U;
    EXPECT_FALSE(check_custody_signature(changed, Label::kSignExport, manifest).ok()) << at;
  }
  CustodySignature others = made;
  others.member = ids_.make<MemberId>();
  EXPECT_FALSE(check_custody_signature(others, Label::kSignExport, manifest).ok());
}

}  // namespace
}  // namespace resguardo::analyst
