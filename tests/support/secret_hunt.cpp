// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/support/secret_hunt.h"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "storage/sqlcipher/files.h"

namespace resguardo::testing_support {
namespace {

namespace fs = std::filesystem;

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Statement prepare(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
    throw std::runtime_error("the hunt cannot read a table");
  return Statement(raw);
}

Database open(const fs::path& file, const SecretBytes& key) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  Database database(raw);
  const std::string text = key.read([](ByteView bytes) { return to_hex(bytes); });
  const std::string pragmas = "PRAGMA cipher_log='/dev/null'; PRAGMA key=\"x'" + text + "'\";";
  if (opened != SQLITE_OK ||
      sqlite3_exec(database.get(), pragmas.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    throw std::runtime_error("the hunt cannot open a database");
  return database;
}

std::string column(sqlite3_stmt* statement, int index) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, index));
  const int size = sqlite3_column_bytes(statement, index);
  return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

// use("table.column", value, whether it is NULL) for everything in one SQLCipher file.
template <class Use>
void visit_values(const fs::path& file, const SecretBytes& key, const Use& use) {
  const Database database = open(file, key);
  const auto tables = prepare(
      database.get(), "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL");
  while (sqlite3_step(tables.get()) == SQLITE_ROW) {
    const std::string table = column(tables.get(), 0);
    const auto rows = prepare(database.get(), "SELECT * FROM \"" + table + "\"");
    while (sqlite3_step(rows.get()) == SQLITE_ROW)
      for (int i = 0; i < sqlite3_column_count(rows.get()); ++i) {
        const bool null = sqlite3_column_type(rows.get(), i) == SQLITE_NULL;
        use(table + "." + sqlite3_column_name(rows.get(), i), column(rows.get(), i), null);
      }
  }
}

// A store's database files with their keys.
std::vector<std::pair<fs::path, SecretBytes>> databases(const fs::path& data,
                                                        storage::KeyRing& keys) {
  std::vector<std::pair<fs::path, SecretBytes>> files;
  const auto add = [&](const fs::path& file, Result<SecretBytes> key) {
    if (!fs::exists(file)) return;
    if (!key.ok()) throw std::runtime_error("the hunt lacks a key");
    files.emplace_back(file, std::move(key).value());
  };
  add(storage::reports_file(data), keys.store_key());
  const auto journals = storage::find_journals(data);
  if (!journals.ok()) throw std::runtime_error("the hunt cannot read the folder");
  for (const Day day : journals->whole)
    add(storage::journal_file(data, day), keys.journal_key(day));
  return files;
}

// Without the padding and the edges that depend on what stands around it.
std::vector<std::string> base64_cores(const std::string& secret) {
  std::vector<std::string> cores;
  for (std::size_t shift = 0; shift < 3 && secret.size() > shift + 6; ++shift) {
    const std::size_t whole = (secret.size() - shift) / 3 * 3;
    cores.push_back(to_base64(as_bytes(std::string_view(secret).substr(shift, whole))));
  }
  return cores;
}

}  // namespace

Canaries::Canaries(std::vector<std::string> secrets) {
  for (const std::string& secret : secrets) {
    if (secret.empty()) throw std::invalid_argument("an empty canary is everywhere");
    forms_.push_back(secret);
    forms_.push_back(to_hex(as_bytes(secret)));
    for (std::string& core : base64_cores(secret)) forms_.push_back(std::move(core));
  }
}

bool Canaries::in(std::string_view bytes) const {
  for (const std::string& form : forms_)
    if (bytes.find(form) != std::string_view::npos) return true;
  return false;
}

Sightings hunt_files(const fs::path& directory, const Canaries& canaries) {
  Sightings found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (canaries.in(entry.path().filename().string())) found.push_back("a file's name");
    if (entry.is_regular_file() && canaries.in(contents(entry.path())))
      found.push_back(entry.path().filename().string());
  }
  return found;
}

Sightings hunt_tables(const fs::path& file, const SecretBytes& key, const Canaries& canaries) {
  Sightings found;
  visit_values(file, key, [&](const std::string& where, const std::string& value, bool) {
    if (canaries.in(value)) found.push_back(file.filename().string() + " " + where);
  });
  return found;
}

Sightings hunt_store(const fs::path& data, storage::KeyRing& keys,
                     const std::vector<std::string>& secrets) {
  const Canaries canaries(secrets);
  Sightings found = hunt_files(data, canaries);
  for (const auto& [file, key] : databases(data, keys))
    for (auto& one : hunt_tables(file, key, canaries)) found.push_back(std::move(one));
  return found;
}

std::map<std::string, std::size_t> values_in_store(const fs::path& data, storage::KeyRing& keys) {
  std::map<std::string, std::size_t> values;
  for (const auto& [file, key] : databases(data, keys))
    visit_values(file, key, [&](const std::string& where, const std::string&, bool null) {
      if (!null) ++values[where];
    });
  return values;
}

StoreShape shape_of_store(const fs::path& data, storage::KeyRing& keys) {
  StoreShape shape;
  for (const auto& [file, key] : databases(data, keys))
    visit_values(file, key, [&](const std::string& where, const std::string& value, bool null) {
      if (!null) shape.values[where].push_back(value.size());
    });
  for (auto& [where, lengths] : shape.values) std::sort(lengths.begin(), lengths.end());
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.is_regular_file()) shape.files[entry.path().filename()] = entry.file_size();
  return shape;
}

}  // namespace resguardo::testing_support
