// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/kept_statements.h"

#include <sqlite3.h>

namespace resguardo::sqlcipher {

KeptStatements::~KeptStatements() {
  for (const auto& [text, statements] : idle_)
    for (sqlite3_stmt* statement : statements) sqlite3_finalize(statement);
}

sqlite3_stmt* KeptStatements::take(const char* text) {
  const auto found = idle_.find(text);
  if (found == idle_.end() || found->second.empty()) return nullptr;
  sqlite3_stmt* statement = found->second.back();
  found->second.pop_back();
  return statement;
}

void KeptStatements::give_back(const char* text, sqlite3_stmt* statement) noexcept {
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  idle_[text].push_back(statement);
}

}  // namespace resguardo::sqlcipher
