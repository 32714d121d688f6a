// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault.h"

#include <gtest/gtest.h>

#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::sample_digest;

SecretBytes passphrase(std::string text) {
  return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
}

class VaultTest : public ::testing::Test {
 protected:
  Result<Vault> create() {
    return Vault::create(dir_, root_, passphrase("a passphrase of tests"),
                         {1, open::LockCost::kMinMemory});
  }
  StoredSegment segment(std::uint64_t rows, std::uint64_t opened) const {
    StoredSegment made;
    made.digest = sample_digest(1);
    made.report = id_;
    made.rows = rows;
    made.opened = opened;
    made.chain = Bytes(32, 7);
    return made;
  }
  // Adds the first `opened` records of a segment of `rows`.
  SegmentFate add(Vault& vault, std::uint64_t rows, std::uint64_t opened,
                  const std::string& words = "words") {
    auto addition = vault.begin().value();
    EXPECT_TRUE(addition.begin_report(id_, Day{20000}).ok());
    EXPECT_TRUE(addition.begin_segment(segment(rows, 0), as_bytes("header")).ok());
    for (std::uint64_t i = 0; i < opened; ++i)
      EXPECT_TRUE(
          addition.add_record(sample_digest(1), i, StreamId::kTestimony, as_bytes(words)).ok());
    const auto fate = addition.end_segment(segment(rows, opened), ana_);
    EXPECT_TRUE(addition.commit().ok());
    return fate.value();
  }
  testing_support::TemporaryDirectory directory_;
  std::filesystem::path dir_ = directory_.path() / "vault";
  PublicKey<RootRole> root_ = open::SecretKey<RootRole>::generate().value().public_key();
  Opening ana_{MemberId::from(Bytes(16, 1)).value(), "origin", 3};
  ReportId id_ = ReportId::from(Bytes(16, 9)).value();
};

TEST_F(VaultTest, OpensWithItsPassphraseOnlyAndRemembersItsRoot) {
  ASSERT_TRUE(create().ok());
  EXPECT_EQ(Vault::open(dir_, passphrase("another passphrase")).error().fault, Fault::kUnauthentic);
  EXPECT_EQ(Vault::open(dir_, passphrase("a passphrase of tests")).value().root(), root_);
  EXPECT_EQ(
      Vault::open(directory_.path() / "none", passphrase("a passphrase of tests")).error().fault,
      Fault::kNotFound);
}

TEST_F(VaultTest, IsNeverMadeOverSomethingElse) {
  ASSERT_TRUE(create().ok());
  EXPECT_EQ(create().error().fault, Fault::kConflict);
}

TEST_F(VaultTest, WhatIsNotCommittedNeverWas) {
  Vault vault = create().value();
  {
    auto addition = vault.begin().value();
    EXPECT_TRUE(addition.begin_report(id_, Day{20000}).ok());
    ASSERT_TRUE(addition.begin_segment(segment(1, 0), as_bytes("header")).ok());
    ASSERT_TRUE(addition.add_record(sample_digest(1), 0, StreamId::kTestimony, as_bytes("x")).ok());
  }
  EXPECT_TRUE(vault.ids().value().empty());
  EXPECT_EQ(vault.report(id_).error().fault, Fault::kNotFound);
}

TEST_F(VaultTest, AReportIsNewOnce) {
  Vault vault = create().value();
  auto addition = vault.begin().value();
  EXPECT_TRUE(addition.begin_report(id_, Day{20000}).value());
  EXPECT_FALSE(addition.begin_report(id_, Day{20001}).value());
  EXPECT_FALSE(addition.begin_report(id_, Day{19999}).value());
  ASSERT_TRUE(addition.commit().ok());
  EXPECT_EQ(vault.report(id_).value().day, Day{20001}) << "of its last turn";
}

// One that another follows before it ended, and the last one, which did not end.
TEST_F(VaultTest, ASegmentThatDoesNotEndIsThereUnread) {
  Vault vault = create().value();
  auto addition = vault.begin().value();
  ASSERT_TRUE(addition.begin_report(id_, Day{20000}).ok());
  for (std::uint8_t name = 1; name <= 2; ++name) {
    StoredSegment begun = segment(1, 1);
    begun.digest = sample_digest(name);
    ASSERT_TRUE(addition.begin_segment(begun, as_bytes("header")).ok());
    ASSERT_TRUE(addition.add_row(begun.digest, 0, as_bytes("row")).ok());
  }
  ASSERT_TRUE(addition.commit().ok());
  const auto segments = vault.segments(id_).value();
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].opened, 0U);
  EXPECT_EQ(vault.sealed(sample_digest(1)).value().rows.size(), 1U);
  EXPECT_EQ(vault.sealed(sample_digest(2)).value().rows.size(), 1U);
  EXPECT_EQ(add(vault, 1, 1), SegmentFate::kNew) << "what began and did not end";
}

TEST_F(VaultTest, ABetterReadingExtendsAWorseOneChangesNothing) {
  Vault vault = create().value();
  EXPECT_EQ(add(vault, 3, 1), SegmentFate::kNew);
  EXPECT_EQ(add(vault, 3, 3, "other"), SegmentFate::kExtended);
  EXPECT_EQ(add(vault, 3, 2), SegmentFate::kKnown);
  const StoredReport report = vault.report(id_).value();
  EXPECT_EQ(report.segments.at(0).opened, 3U);
  ASSERT_EQ(report.records.size(), 3U);
  EXPECT_EQ(as_text(report.records.at(0).content.view()), "words");
  EXPECT_EQ(as_text(report.records.at(1).content.view()), "other");
}

TEST_F(VaultTest, WhoOpenedAllOfASegmentIsRemembered) {
  Vault vault = create().value();
  const Opening luis{MemberId::from(Bytes(16, 2)).value(), "origin", 3};
  const auto before = [&](const Opening& who) {
    return vault.begin().value().opened_before(sample_digest(1), who).value();
  };
  add(vault, 3, 2);
  EXPECT_FALSE(before(ana_).has_value());
  add(vault, 3, 3);
  EXPECT_EQ(before(ana_), 3U);
  EXPECT_FALSE(before(luis).has_value());
  add(vault, 2, 2);  // an older bundle takes nothing away
  EXPECT_EQ(before(ana_), 3U);
}

TEST_F(VaultTest, PartsAreKnownByTheirBundleAndAWholeOneStaysWhole) {
  Vault vault = create().value();
  using State = Vault::PartState;
  const Bytes bundle(16, 5);
  const auto note = [&](std::uint32_t number, State state, bool last) {
    EXPECT_TRUE(vault.note_part(bundle, {number, state, last}, Day{20000}, "origin").ok());
  };
  note(2, State::kBegun, false);
  note(0, State::kWhole, false);
  note(0, State::kBegun, false);
  note(2, State::kSalvaged, false);
  note(2, State::kWhole, true);
  const auto parts = vault.parts(bundle).value();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].number, 0U);
  EXPECT_EQ(parts[0].state, State::kWhole);
  EXPECT_EQ(parts[1].number, 2U);
  EXPECT_TRUE(parts[1].last);
  EXPECT_TRUE(vault.parts(Bytes(16, 6)).value().empty());
}

}  // namespace
}  // namespace resguardo::analyst
