// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/connection.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "storage/sqlcipher/migrations.h"
#include "storage/sqlcipher/transaction.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::sqlcipher {
namespace {

SecretBytes key_of(std::uint8_t byte) {
  Bytes bytes(32, byte);
  return SecretBytes::take(bytes).value();
}

class ConnectionTest : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "test.db"; }
  Connection make() { return Connection::open(file(), key_of(1), {.create = true}).value(); }
  Connection make_filled() {
    auto db = make();
    EXPECT_TRUE(db.execute("CREATE TABLE t (a INTEGER, b BLOB)").ok());
    auto insert = db.prepare("INSERT INTO t VALUES (?, ?)").value();
    for (int n = 0; n < 400; ++n) EXPECT_TRUE(insert.run(n, Bytes(300, 7)).ok());
    EXPECT_TRUE(db.truncate_wal().ok());
    return db;
  }
  Fault open_fault(const SecretBytes& key) const {
    return Connection::open(file(), key, {}).error().fault;
  }

 private:
  testing_support::TemporaryDirectory directory_{testing_support::quick_parent()};
};

TEST_F(ConnectionTest, RefusesAnotherKeyAtOpen) {
  testing::internal::CaptureStderr();
  make_filled();
  EXPECT_EQ(open_fault(key_of(2)), Fault::kUnauthentic);
  EXPECT_TRUE(Connection::open(file(), key_of(1), {}).ok());
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "SQLCipher logs what it likes";
}

TEST_F(ConnectionTest, RefusesAKeyOfAnotherLength) {
  auto shorter = SecretBytes::random(31).value();
  EXPECT_EQ(Connection::open(file(), shorter, {.create = true}).error().fault, Fault::kMalformed);
}

TEST_F(ConnectionTest, DoesNotMakeAFileUnasked) {
  EXPECT_EQ(open_fault(key_of(1)), Fault::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(ConnectionTest, MakesFilesThatOnlyTheOwnerReads) {
  const auto db = make_filled();
  for (const auto& entry : std::filesystem::directory_iterator(file().parent_path())) {
    struct stat about = {};
    ASSERT_EQ(::stat(entry.path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << entry.path().filename();
  }
}

TEST_F(ConnectionTest, HasTheSettingsItPromises) {
  auto db = make();
  EXPECT_EQ(db.number("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(db.number("PRAGMA secure_delete").value(), 1);
  EXPECT_EQ(db.number("PRAGMA foreign_keys").value(), 1);
  EXPECT_EQ(db.number("PRAGMA temp_store").value(), 2);
  EXPECT_EQ(db.number("PRAGMA page_size").value(), 4096);
  auto mode = db.prepare("PRAGMA journal_mode").value();
  auto rows = mode.query().value();
  ASSERT_TRUE(rows.next().value());
  EXPECT_EQ(rows.text(0), "wal");
}

TEST_F(ConnectionTest, ReadOnlyCannotWrite) {
  make_filled();
  auto reader = Connection::open(file(), key_of(1), {.read_only = true}).value();
  EXPECT_EQ(reader.number("SELECT count(*) FROM t").value(), 400);
  EXPECT_EQ(reader.execute("DELETE FROM t").error().fault, Fault::kUnavailable);
}

TEST_F(ConnectionTest, ChangedPageIsAnErrorAtEveryPage) {
  make_filled();
  const auto size = std::filesystem::file_size(file());
  for (std::uintmax_t page = 0; page < size / 4096; ++page) {
    const auto at = static_cast<std::streamoff>(page * 4096 + 200);
    std::fstream raw(file(), std::ios::in | std::ios::out | std::ios::binary);
    raw.seekg(at);
    const char before = static_cast<char>(raw.get());
    raw.seekp(at);
    raw.put(static_cast<char>(before ^ 1));
    raw.flush();
    auto db = Connection::open(file(), key_of(1), {});
    const Status read = db.ok() ? db->check() : Status(db.error());
    ASSERT_FALSE(read.ok()) << "page " << page;
    EXPECT_EQ(read.error().fault, page == 0 ? Fault::kUnauthentic : Fault::kMalformed);
    raw.seekp(at);
    raw.put(before);
  }
  EXPECT_TRUE(Connection::open(file(), key_of(1), {})->check().ok());
}

TEST_F(ConnectionTest, FileCutShortIsAnError) {
  make_filled();
  std::filesystem::resize_file(file(), 4096 * 5);
  auto db = Connection::open(file(), key_of(1), {});
  const Status read = db.ok() ? db->check() : Status(db.error());
  EXPECT_EQ(read.error().fault, Fault::kMalformed);
}

TEST_F(ConnectionTest, BindsEveryKindOfValue) {
  auto db = make();
  auto select = db.prepare("SELECT ?, ?, ?, ?, ?, ?, typeof(?)").value();
  const Bytes empty;
  const std::optional<std::int64_t> nothing;
  auto rows =
      select.query(-1, 2.5, as_bytes("bytes"), std::string_view("text"), nullptr, nothing, empty)
          .value();
  ASSERT_TRUE(rows.next().value());
  EXPECT_EQ(rows.integer(0), -1);
  EXPECT_EQ(rows.real(1), 2.5);
  EXPECT_EQ(to_string(rows.bytes(2)), "bytes");
  EXPECT_EQ(rows.text(3), "text");
  EXPECT_TRUE(rows.is_null(4));
  EXPECT_TRUE(rows.is_null(5));
  EXPECT_EQ(rows.text(6), "blob") << "an empty value is a value";
  EXPECT_FALSE(rows.next().value());
}

TEST_F(ConnectionTest, ConstraintIsAConflict) {
  auto db = make();
  ASSERT_TRUE(db.execute("CREATE TABLE u (a INTEGER PRIMARY KEY)").ok());
  auto insert = db.prepare("INSERT INTO u VALUES (?)").value();
  ASSERT_TRUE(insert.run(1).ok());
  EXPECT_EQ(insert.run(1).error().fault, Fault::kConflict);
  EXPECT_TRUE(insert.run(2).ok()) << "the statement is good for another run";
}

TEST_F(ConnectionTest, TransactionRollsBackUnlessCommitted) {
  auto db = make_filled();
  {
    auto dropped = Transaction::begin(db).value();
    ASSERT_TRUE(db.execute("DELETE FROM t").ok());
  }
  EXPECT_EQ(db.number("SELECT count(*) FROM t").value(), 400);
  auto kept = Transaction::begin(db).value();
  ASSERT_TRUE(db.execute("DELETE FROM t WHERE a > 9").ok());
  ASSERT_TRUE(kept.commit().ok());
  EXPECT_EQ(db.number("SELECT count(*) FROM t").value(), 10);
  EXPECT_EQ(kept.commit().error().fault, Fault::kConflict) << "once";
}

TEST_F(ConnectionTest, MigratesStepByStepAndOnlyForward) {
  auto db = make();
  constexpr StaticText kFirst[] = {"CREATE TABLE a (x)"};
  constexpr StaticText kBoth[] = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"};
  ASSERT_TRUE(migrate(db, kFirst).ok());
  ASSERT_TRUE(migrate(db, kFirst).ok());
  ASSERT_TRUE(db.execute("INSERT INTO a VALUES (1)").ok());
  ASSERT_TRUE(migrate(db, kBoth).ok());
  EXPECT_EQ(db.number("PRAGMA user_version").value(), 2);
  EXPECT_EQ(db.number("SELECT count(x) + count(y) FROM a").value(), 1);
  EXPECT_EQ(migrate(db, kFirst).error().fault, Fault::kRefused);
}

TEST_F(ConnectionTest, FailedMigrationChangesNothing) {
  auto db = make();
  constexpr StaticText kBroken[] = {"CREATE TABLE a (x); INSERT INTO nowhere VALUES (1)"};
  EXPECT_FALSE(migrate(db, kBroken).ok());
  EXPECT_EQ(db.number("SELECT count(*) FROM sqlite_schema").value(), 0);
  EXPECT_EQ(db.number("PRAGMA user_version").value(), 0);
}

TEST_F(ConnectionTest, TruncatingTheWalWaitsForReaders) {
  auto db = make_filled();
  ASSERT_TRUE(db.execute("DELETE FROM t WHERE a > 300").ok());
  auto wal = file();
  wal += "-wal";
  EXPECT_GT(std::filesystem::file_size(wal), 0U);
  ASSERT_TRUE(db.truncate_wal().ok());
  EXPECT_EQ(std::filesystem::file_size(wal), 0U);
}

// Two of one text at once are two statements; what was bound to one is not there the next time.
TEST_F(ConnectionTest, KeptStatementsBeginAnew) {
  auto db = Connection::open(file(), key_of(1), {.create = true, .keep_statements = true}).value();
  ASSERT_TRUE(db.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)").ok());
  static constexpr const char* kText = "SELECT a FROM t WHERE ?1 IS NULL OR a = ?1 ORDER BY a";
  const auto first_of = [&](Rows rows) {
    return rows.next().value() ? rows.integer(0) : std::int64_t{0};
  };
  {
    auto outer = db.prepare(StaticText(kText)).value();
    auto inner = db.prepare(StaticText(kText)).value();
    auto running = outer.query(2).value();
    ASSERT_TRUE(running.next().value());
    EXPECT_EQ(first_of(inner.query(1).value()), 1);
    EXPECT_EQ(running.integer(0), 2);
  }
  auto again = db.prepare(StaticText(kText)).value();
  EXPECT_EQ(first_of(again.query(nullptr).value()), 1);
  ASSERT_TRUE(db.execute("DROP TABLE t").ok());  // nothing kept holds it
  EXPECT_FALSE(again.query(1).value().next().ok());
}

TEST_F(ConnectionTest, MemorySecurityIsAnOption) {
  auto guarded =
      Connection::open(file(), key_of(1), {.create = true, .memory_security = true}).value();
  EXPECT_EQ(guarded.number("PRAGMA cipher_memory_security").value(), 1);
}

}  // namespace
}  // namespace resguardo::sqlcipher
