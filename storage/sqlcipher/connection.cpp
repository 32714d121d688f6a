// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/connection.h"

// Declares sqlite3_key_v2. SQLCipher's headers ask their user for it.
#define SQLITE_HAS_CODEC
#include <sqlite3.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "storage/sqlcipher/failure.h"
#include "storage/sqlcipher/kept_statements.h"
#include "storage/sqlcipher/wiping.h"

namespace resguardo::sqlcipher {
namespace {

constexpr int kBusyMilliseconds = 2000;
constexpr std::size_t kKeySize = 32;
constexpr std::size_t kKeyTextSize = 2 + 2 * kKeySize + 1;  // x'…'

// SQLCipher logs to stderr by default, also while it takes a key. Where it logs is one setting
// for the process, and it survives the connection that made it.
void silence_log() {
  static std::once_flag silenced;
  std::call_once(silenced, [] {
    sqlite3* handle = nullptr;
    if (sqlite3_open(":memory:", &handle) == SQLITE_OK)
      sqlite3_exec(handle, "PRAGMA cipher_log = '/dev/null'", nullptr, nullptr, nullptr);
    sqlite3_close(handle);
  });
}

// The form in which SQLCipher takes a key as it is, without deriving another from it.
std::array<char, kKeyTextSize> raw_key_text(ByteView key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, kKeyTextSize> text{};
  std::size_t at = 0;
  text[at++] = 'x';
  text[at++] = '\'';
  for (const std::uint8_t byte : key) {
    text[at++] = digits[byte >> 4];
    text[at++] = digits[byte & 15];
  }
  text[at] = '\'';
  return text;
}

int set_key(sqlite3* handle, const SecretBytes& key) {
  return key.read([&](ByteView bytes) {
    auto text = raw_key_text(bytes);
    const int code = sqlite3_key_v2(handle, "main", text.data(), static_cast<int>(text.size()));
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return code;
  });
}

// Nobody else may read it, from the start; SQLite gives its WAL the same mode.
Status make_private(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle < 0) return Error{Fault::kUnavailable, "the database file cannot be made"};
  ::close(handle);
  const auto parent = file.parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) return Error{Fault::kUnavailable, "the folder of the database cannot be synced"};
  return success();
}

}  // namespace

void Connection::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Connection::Connection(sqlite3* handle) : handle_(handle) {}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() = default;

// What is kept goes before the handle that it belongs to.
Connection& Connection::operator=(Connection&& other) noexcept {
  kept_ = std::move(other.kept_);
  handle_ = std::move(other.handle_);
  return *this;
}

Result<Connection> Connection::open(const std::filesystem::path& file, const SecretBytes& key,
                                    const ConnectionOptions& options) {
  if (key.size() != kKeySize) return Error{Fault::kMalformed, "a database key has 32 bytes"};
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    if (!options.create) return Error{Fault::kNotFound, "the database file is not there"};
    RESGUARDO_CHECK(make_private(file));
  }
  silence_log();
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(handle);
  if (code != SQLITE_OK) return failure_of(code);
  RESGUARDO_CHECK(connection.unlock(key, options));
  if (options.keep_statements) connection.kept_ = std::make_unique<KeptStatements>();
  return connection;
}

Status Connection::unlock(const SecretBytes& key, const ConnectionOptions& options) {
  sqlite3_extended_result_codes(handle_.get(), 1);
  sqlite3_busy_timeout(handle_.get(), kBusyMilliseconds);
  if (const int code = set_key(handle_.get(), key); code != SQLITE_OK) return failure_of(code);
  RESGUARDO_CHECK(execute(options.memory_security && !sqlite_memory_is_locked()
                              ? StaticText("PRAGMA cipher_memory_security = ON")
                              : StaticText("PRAGMA cipher_memory_security = OFF")));
  // The first read: only here is a wrong key noticed.
  RESGUARDO_CHECK(number("SELECT count(*) FROM sqlite_schema"));
  RESGUARDO_CHECK(execute(
      options.throw_away ? StaticText("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                         : StaticText("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")));
  RESGUARDO_CHECK(
      execute("PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;"
              "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
              "PRAGMA cell_size_check = ON"));
  const std::string cache = "PRAGMA cache_size = -" + std::to_string(options.cache_kib);
  const int code = sqlite3_exec(handle_.get(), cache.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(code);
  if (options.read_only) RESGUARDO_CHECK(execute("PRAGMA query_only = ON"));
  if (options.throw_away) return success();
  RESGUARDO_TRY(const auto durable, number("PRAGMA synchronous"));
  if (durable != 2) return Error{Fault::kUnavailable, "the database does not sync its commits"};
  return success();
}

void Connection::forget_pages() {
  sqlite3_db_release_memory(handle_.get());
  // SQLCipher keeps the page that it opened last in a buffer of its own: now that is the schema's.
  static_cast<void>(number("SELECT count(*) FROM sqlite_schema"));
}

Status Connection::execute(StaticText sql) {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(code);
  return success();
}

Result<Statement> Connection::prepare(StaticText sql) {
  sqlite3_stmt* statement = kept_ ? kept_->take(sql.c_str()) : nullptr;
  if (statement != nullptr) return Statement(statement, {kept_.get(), sql.c_str()});
  const int code = sqlite3_prepare_v3(handle_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) return failure_of(code);
  return Statement(statement, {kept_.get(), sql.c_str()});
}

Result<std::int64_t> Connection::number(StaticText sql) {
  RESGUARDO_TRY(auto statement, prepare(sql));
  RESGUARDO_TRY(auto rows, statement.query());
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return Error{Fault::kNotFound, "the statement has no row"};
  return rows.integer(0);
}

Status Connection::set_version(std::int64_t version) {
  const std::string sql = "PRAGMA user_version = " + std::to_string(version);
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(code);
  return success();
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_.get());
}

std::int64_t Connection::all_changes() const {
  return sqlite3_total_changes64(handle_.get());
}

Status Connection::truncate_wal() {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code != SQLITE_OK) return failure_of(code);
  return success();
}

Status Connection::truncate_wal_unless_read() {
  sqlite3_busy_timeout(handle_.get(), 0);
  auto truncated = truncate_wal();
  sqlite3_busy_timeout(handle_.get(), kBusyMilliseconds);
  return truncated;
}

// In one step: a copy in pieces would begin anew whenever somebody else writes.
Status Connection::copy_to(Connection& target) {
  sqlite3_backup* copy = sqlite3_backup_init(target.handle_.get(), "main", handle_.get(), "main");
  if (copy == nullptr) return failure_of(sqlite3_errcode(target.handle_.get()));
  sqlite3_backup_step(copy, -1);
  if (const int code = sqlite3_backup_finish(copy); code != SQLITE_OK) return failure_of(code);
  return success();
}

Status Connection::check() {
  return sound("PRAGMA integrity_check(1)");
}

Status Connection::check_quickly(const std::function<bool()>& stop) {
  constexpr int kSteps = 10000;  // of SQLite's machine, between two questions
  sqlite3_progress_handler(
      handle_.get(), kSteps,
      [](void* asked) { return (*static_cast<const std::function<bool()>*>(asked))() ? 1 : 0; },
      const_cast<std::function<bool()>*>(&stop));
  auto checked = sound("PRAGMA quick_check(1)");
  sqlite3_progress_handler(handle_.get(), 0, nullptr, nullptr);
  return checked;
}

Result<std::vector<std::uint64_t>> Connection::damaged_pages() {
  RESGUARDO_TRY(const auto first, pages_without_proof());
  if (first.empty()) return first;
  // What a crash left half copied from the WAL is whole in it, and copied again.
  static_cast<void>(execute("PRAGMA wal_checkpoint(PASSIVE)").ok());
  RESGUARDO_TRY(const auto second, pages_without_proof());
  std::vector<std::uint64_t> both;
  std::ranges::set_intersection(first, second, std::back_inserter(both));
  return both;
}

// A line of text for each, which ends in its number; a file of another length has one, too.
Result<std::vector<std::uint64_t>> Connection::pages_without_proof() {
  RESGUARDO_TRY(auto statement, prepare("PRAGMA cipher_integrity_check"));
  RESGUARDO_TRY(auto rows, statement.query());
  std::vector<std::uint64_t> pages;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) break;
    constexpr std::string_view kPage = "page ";
    const std::string_view line = rows.text(0);
    const std::size_t at = line.find(kPage);
    std::uint64_t page = 0;
    if (at != std::string_view::npos) {
      const std::string_view number = line.substr(at + kPage.size());
      std::from_chars(number.data(), number.data() + number.size(), page);
    }
    pages.push_back(page);
  }
  std::ranges::sort(pages);
  return pages;
}

Status Connection::sound(StaticText pragma) {
  RESGUARDO_TRY(auto statement, prepare(pragma));
  RESGUARDO_TRY(auto rows, statement.query());
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found || rows.text(0) != "ok") return Error{Fault::kMalformed, "the database is damaged"};
  return success();
}

}  // namespace resguardo::sqlcipher
