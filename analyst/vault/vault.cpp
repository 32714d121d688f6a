// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault.h"

#include <system_error>

#include "analyst/vault/vault_state.h"
#include "crypto/base/hash.h"
#include "crypto/open/key_directory.h"
#include "schema/vault.h"
#include "storage/sqlcipher/migrations.h"

namespace resguardo::analyst {
namespace {

namespace fs = std::filesystem;
constexpr const char* kKeyFile = "vault.key";
constexpr const char* kDatabase = "vault.db";
constexpr std::size_t kKeySize = 32;
// Of the 8 MiB that a usual login may lock; at the most of an import of 20,000 reports FTS5 and the
// rest of SQLite take 5 of them.
constexpr int kCacheKib = 2560;

Result<SecretBytes> unlock(const fs::path& dir, const SecretBytes& passphrase) {
  RESGUARDO_TRY(const Bytes file, open::read_key_file(dir / kKeyFile));
  RESGUARDO_TRY(const auto locked, open::LockedKey::parse(file));
  if (locked.notice().kind != open::KeyKind::kVault)
    return Error{Fault::kMalformed, "its key file is of another kind"};
  return locked.unlock(passphrase);
}

Status make_folder(const fs::path& dir) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (failed) return Error{Fault::kUnavailable, "the folder cannot be made"};
  if (!fs::is_empty(dir, failed) || failed)
    return Error{Fault::kConflict, "the folder is not empty and holds no vault"};
  fs::permissions(dir, fs::perms::owner_all, failed);
  return success();
}

Result<sqlcipher::Connection> open_database(const fs::path& dir, const SecretBytes& key,
                                            bool create) {
  RESGUARDO_TRY(auto database, sqlcipher::Connection::open(dir / kDatabase, key,
                                                           {.create = create,
                                                            .memory_security = true,
                                                            .cache_kib = kCacheKib,
                                                            .keep_statements = true}));
  RESGUARDO_CHECK(sqlcipher::migrate(database, schema::vault));
  return database;
}

Result<PublicKey<RootRole>> read_root(sqlcipher::Connection& database) {
  RESGUARDO_TRY(auto find, database.prepare("SELECT value FROM facts WHERE name = 'root'"));
  RESGUARDO_TRY(auto rows, find.query());
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return Error{Fault::kMalformed, "the vault was not made whole; make another one"};
  return PublicKey<RootRole>::from_bytes(rows.bytes(0));
}

}  // namespace

Vault::Vault(std::unique_ptr<State> state) : state_(std::move(state)) {}
Vault::Vault(Vault&&) noexcept = default;
Vault& Vault::operator=(Vault&&) noexcept = default;
Vault::~Vault() = default;

bool Vault::exists(const fs::path& dir) {
  std::error_code ignored;
  return fs::exists(dir / kKeyFile, ignored);
}

Result<Vault> Vault::create(const fs::path& dir, const PublicKey<RootRole>& root,
                            const SecretBytes& passphrase, const open::LockCost& cost) {
  RESGUARDO_TRY(auto key, SecretBytes::random(kKeySize));
  open::KeyNotice notice;
  notice.kind = open::KeyKind::kVault;
  notice.label = "vault";
  RESGUARDO_TRY(const auto locked, open::LockedKey::lock(notice, key, passphrase, cost));
  RESGUARDO_CHECK(make_folder(dir));
  RESGUARDO_TRY(auto database, open_database(dir, key, true));
  RESGUARDO_TRY(auto put, database.prepare("INSERT INTO facts (name, value) VALUES ('root', ?)"));
  RESGUARDO_CHECK(put.run(root.view()));
  // Last: a folder without it holds no vault.
  RESGUARDO_CHECK(open::write_key_file(dir / kKeyFile, locked));
  return Vault(std::make_unique<State>(State{std::move(database), root}));
}

Result<Vault> Vault::open(const fs::path& dir, const SecretBytes& passphrase) {
  if (!exists(dir)) return Error{Fault::kNotFound, "there is no vault"};
  RESGUARDO_TRY(const auto key, unlock(dir, passphrase));
  RESGUARDO_TRY(auto database, open_database(dir, key, false));
  RESGUARDO_TRY(const auto root, read_root(database));
  return Vault(std::make_unique<State>(State{std::move(database), root}));
}

const PublicKey<RootRole>& Vault::root() const {
  return state_->root;
}

Result<std::vector<Vault::KnownRoster>> Vault::rosters() {
  RESGUARDO_TRY(auto all, state_->database.prepare(
                              "SELECT number, digest, file FROM rosters ORDER BY number, "
                              "file_digest"));
  RESGUARDO_TRY(auto rows, all.query());
  std::vector<KnownRoster> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    RESGUARDO_TRY(const auto digest, id_column<Digest>(rows, 1));
    result.push_back(
        {static_cast<std::uint64_t>(rows.integer(0)), digest, to_bytes(rows.bytes(2))});
  }
}

Status Vault::add_roster(const KnownRoster& roster) {
  RESGUARDO_TRY(auto put,
                state_->database.prepare("INSERT INTO rosters (file_digest, number, digest, file) "
                                         "VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"));
  return put.run(blake2b(roster.file), roster.number, roster.digest, roster.file);
}

Status Vault::add_form(const Digest& digest, ByteView form) {
  RESGUARDO_TRY(auto put, state_->database.prepare("INSERT INTO questionnaires (digest, form) "
                                                   "VALUES (?, ?) ON CONFLICT DO NOTHING"));
  return put.run(digest, form);
}

Result<FormShelf> Vault::forms() {
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT digest, form FROM questionnaires"));
  RESGUARDO_TRY(auto rows, all.query());
  FormShelf shelf;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return shelf;
    RESGUARDO_TRY(const auto digest, id_column<Digest>(rows, 0));
    if (auto form = FormTexts::parse(rows.bytes(1)); form.ok())
      shelf.emplace(digest, std::move(form).value());
  }
}

Status Vault::set_verdict(const ReportId& report, const LogFinding& finding) {
  RESGUARDO_TRY(auto put, state_->database.prepare(
                              "UPDATE reports SET log_verdict = ?, withdrawal_claimed = ?,"
                              " addendum_absent = ? WHERE report = ?"));
  return put.run(static_cast<int>(finding.verdict), finding.withdrawal_claimed,
                 finding.addenda_absent + finding.unread > 0, report);
}

}  // namespace resguardo::analyst
