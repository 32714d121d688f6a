// SPDX-License-Identifier: AGPL-3.0-or-later
// How records and sealed rows lie in a vault, and that a vault of before is read as it was.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "analyst/vault/row_pack.h"
#include "analyst/vault/vault.h"
#include "crypto/open/key_directory.h"
#include "schema/vault.h"
#include "storage/sqlcipher/migrations.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::sample_digest;

constexpr std::uint64_t kRows = 2 * kRowsInPack + 11;

std::string record_of(std::uint64_t sequence, StreamId stream) {
  return "record " + std::to_string(sequence) + (stream == StreamId::kIdentity ? " of whom" : "");
}
std::string row_of(std::uint64_t sequence) {
  return std::string(700, '\0') + std::to_string(sequence);
}

class VaultPacksTest : public ::testing::Test {
 protected:
  static SecretBytes passphrase() {
    Bytes text = to_bytes(as_bytes("a passphrase of tests"));
    return SecretBytes::take(text).value();
  }
  Vault create() {
    return Vault::create(dir_, root_, passphrase(), {1, open::LockCost::kMinMemory}).value();
  }
  StoredSegment segment(int number, std::uint64_t rows) const {
    StoredSegment made;
    made.digest = sample_digest(static_cast<std::uint8_t>(number));
    made.index = static_cast<std::uint32_t>(number);
    made.report = id_;
    made.rows = made.opened = rows;
    made.chain = Bytes(32, 7);
    return made;
  }
  // Rows [from, to) of a segment, with the records of these streams.
  void add(Vault& vault, int number, std::uint64_t from, std::uint64_t to,
           std::initializer_list<StreamId> streams, const std::string& mark = "") {
    auto addition = vault.begin().value();
    const StoredSegment made = segment(number, to);
    ASSERT_TRUE(addition.begin_report(id_, Day{20000}).ok());
    ASSERT_TRUE(addition.begin_segment(made, as_bytes("header " + std::to_string(number))).ok());
    for (std::uint64_t row = from; row < to; ++row) {
      ASSERT_TRUE(addition.add_row(made.digest, row, as_bytes(row_of(row) + mark)).ok());
      for (const StreamId stream : streams)
        ASSERT_TRUE(
            addition.add_record(made.digest, row, stream, as_bytes(record_of(row, stream) + mark))
                .ok());
    }
    ASSERT_TRUE(addition.end_segment(made, ana_).ok());
    ASSERT_TRUE(addition.commit().ok());
  }
  void expect_whole(Vault& vault, int number, std::uint64_t rows,
                    const std::vector<StreamId>& streams) {
    const Digest name = segment(number, rows).digest;
    const auto sealed = vault.sealed(name);
    ASSERT_TRUE(sealed.ok()) << sealed.error().why.c_str();
    EXPECT_EQ(to_string(sealed->header), "header " + std::to_string(number));
    ASSERT_EQ(sealed->rows.size(), rows);
    for (std::uint64_t row = 0; row < rows; ++row)
      EXPECT_EQ(to_string(sealed->rows[row]), row_of(row));
    const auto report = vault.report(id_);
    ASSERT_TRUE(report.ok());
    std::vector<const StoredRecord*> records;
    for (const StoredRecord& record : report->records)
      if (record.segment == name) records.push_back(&record);
    ASSERT_EQ(records.size(), rows * streams.size());
    for (std::size_t at = 0; at < records.size(); ++at) {
      EXPECT_EQ(records[at]->sequence, at / streams.size());
      EXPECT_EQ(records[at]->stream, streams[at % streams.size()]);
      EXPECT_EQ(as_text(records[at]->content.view()),
                record_of(records[at]->sequence, records[at]->stream));
    }
  }
  testing_support::TemporaryDirectory directory_;
  std::filesystem::path dir_ = directory_.path() / "vault";
  PublicKey<RootRole> root_ = open::SecretKey<RootRole>::generate().value().public_key();
  Opening ana_{MemberId::from(Bytes(16, 1)).value(), "origin", 3};
  ReportId id_ = ReportId::from(Bytes(16, 9)).value();
  const std::vector<StreamId> both_{StreamId::kTestimony, StreamId::kIdentity};
};

TEST_F(VaultPacksTest, ASegmentOfSeveralPacksComesBackByteForByte) {
  Vault vault = create();
  add(vault, 1, 0, kRows, {StreamId::kTestimony, StreamId::kIdentity});
  add(vault, 2, 0, 1, {StreamId::kTestimony});
  expect_whole(vault, 1, kRows, both_);
  expect_whole(vault, 2, 1, {StreamId::kTestimony});
  EXPECT_EQ(vault.sealed(sample_digest(3)).error().fault, Fault::kNotFound);
}

TEST_F(VaultPacksTest, WhatComesLaterIsAddedAndWhatIsThereStays) {
  Vault vault = create();
  add(vault, 1, 0, 40, {StreamId::kTestimony});
  add(vault, 2, 0, kRowsInPack, {StreamId::kTestimony});
  // All of it again, further, and with the other stream, after another segment.
  add(vault, 1, 0, 40, {}, " changed");
  add(vault, 1, 0, kRows, {StreamId::kIdentity, StreamId::kTestimony});
  add(vault, 2, kRowsInPack, kRows, {StreamId::kTestimony});
  expect_whole(vault, 1, kRows, both_);
  expect_whole(vault, 2, kRows, {StreamId::kTestimony});
}

TEST_F(VaultPacksTest, RecordsOfOneStreamComeInOrOutOfOrder) {
  Vault vault = create();
  add(vault, 1, 0, kRows, {StreamId::kTestimony});
  auto addition = vault.begin().value();
  for (std::uint64_t row = kRows; row-- > 0;) {
    const std::string content = record_of(row, StreamId::kIdentity);
    ASSERT_TRUE(
        addition.add_record(sample_digest(1), row, StreamId::kIdentity, as_bytes(content)).ok());
  }
  ASSERT_TRUE(addition.end_rows().ok());
  expect_whole(vault, 1, kRows, both_);  // shows before the commit
  ASSERT_TRUE(addition.commit().ok());
  expect_whole(vault, 1, kRows, both_);
}

TEST_F(VaultPacksTest, ARowOfNoSegmentIsRefused) {
  Vault vault = create();
  auto addition = vault.begin().value();
  EXPECT_EQ(addition.add_row(sample_digest(1), 0, as_bytes("row")).error().fault,
            Fault::kMalformed);
}

// A vault as it was before there were packs, and what the chain of its schema makes of it.
class OldVaultTest : public VaultPacksTest {
 protected:
  static std::span<const StaticText> before_packs() {
    const std::span<const StaticText> all(schema::vault);
    const auto step = std::ranges::find_if(all, [](const StaticText& text) {
      return std::string_view(text.c_str()).find("CREATE TABLE packs") != std::string_view::npos;
    });
    return all.first(static_cast<std::size_t>(step - all.begin()));
  }
  sqlcipher::Connection make_old() {
    auto key = SecretBytes::random(32).value();
    open::KeyNotice notice;
    notice.kind = open::KeyKind::kVault;
    notice.label = "vault";
    const auto locked =
        open::LockedKey::lock(notice, key, passphrase(), {1, open::LockCost::kMinMemory});
    std::filesystem::create_directories(dir_);
    EXPECT_TRUE(open::write_key_file(dir_ / "vault.key", locked.value()).ok());
    auto database = sqlcipher::Connection::open(dir_ / "vault.db", key,
                                                {.create = true, .memory_security = true});
    EXPECT_TRUE(sqlcipher::migrate(*database, before_packs()).ok());
    auto put = database->prepare("INSERT INTO facts (name, value) VALUES ('root', ?)");
    EXPECT_TRUE(put->run(root_.view()).ok());
    auto report = database->prepare(
        "INSERT INTO reports (report, day, log_verdict,"
        " withdrawal_claimed) VALUES (?, 20000, 0, 0)");
    EXPECT_TRUE(report->run(id_).ok());
    return std::move(database).value();
  }
  void put_old(sqlcipher::Connection& database, int number, std::uint64_t rows,
               const std::vector<StreamId>& streams) {
    const StoredSegment made = segment(number, rows);
    const std::string header = "header " + std::to_string(number);
    auto put = database.prepare(
        "INSERT INTO segments (digest, report, position, form, roster, week,"
        " day, rows, opened, final, roster_verdict, chain, header)"
        " VALUES (?, ?, ?, ?, ?, 1, 1, ?, ?, 0, 0, ?, ?)");
    EXPECT_TRUE(put->run(made.digest, made.report, made.index, made.form, made.roster, rows, rows,
                         made.chain, as_bytes(header))
                    .ok());
    auto record = database.prepare("INSERT INTO records VALUES (?, ?, ?, ?)");
    auto sealed = database.prepare("INSERT INTO sealed_rows VALUES (?, ?, ?)");
    for (std::uint64_t row = 0; row < rows; ++row) {
      const std::string bytes = row_of(row);
      EXPECT_TRUE(sealed->run(made.digest, row, as_bytes(bytes)).ok());
      for (const StreamId stream : streams) {
        const std::string content = record_of(row, stream);
        EXPECT_TRUE(
            record->run(made.digest, row, static_cast<int>(stream), as_bytes(content)).ok());
      }
    }
  }
};

TEST_F(OldVaultTest, IsReadAsItWasAndTakesMore) {
  {
    auto database = make_old();
    put_old(database, 2, kRows, both_);
    put_old(database, 1, kRowsInPack, {StreamId::kTestimony});
    put_old(database, 3, 0, {});
  }
  auto vault = Vault::open(dir_, passphrase());
  ASSERT_TRUE(vault.ok()) << vault.error().why.c_str();
  expect_whole(*vault, 2, kRows, both_);
  expect_whole(*vault, 1, kRowsInPack, {StreamId::kTestimony});
  expect_whole(*vault, 3, 0, both_);
  add(*vault, 4, 0, 3, {StreamId::kTestimony});
  add(*vault, 1, 0, kRows, {StreamId::kTestimony});
  expect_whole(*vault, 4, 3, {StreamId::kTestimony});
  expect_whole(*vault, 1, kRows, {StreamId::kTestimony});
  expect_whole(*vault, 2, kRows, both_);
}

TEST_F(OldVaultTest, WithoutReportsBecomesANewOne) {
  static_cast<void>(make_old());
  auto vault = Vault::open(dir_, passphrase());
  ASSERT_TRUE(vault.ok());
  add(*vault, 1, 0, kRows, {StreamId::kTestimony});
  expect_whole(*vault, 1, kRows, {StreamId::kTestimony});
}

}  // namespace
}  // namespace resguardo::analyst
