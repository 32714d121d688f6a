// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <unordered_map>
#include <vector>

struct sqlite3_stmt;

namespace resguardo::sqlcipher {

// Prepared statements that nobody uses at the moment, by the address of their text, a literal:
// preparing one costs more than a small one does. There are as many as were in use at once.
//
// One thread at a time, as their connection; goes before it closes.
class KeptStatements {
 public:
  KeptStatements() = default;
  KeptStatements(const KeptStatements&) = delete;
  KeptStatements& operator=(const KeptStatements&) = delete;
  ~KeptStatements();

  sqlite3_stmt* take(const char* text);                                // nullptr: there is none
  void give_back(const char* text, sqlite3_stmt* statement) noexcept;  // nothing bound to it stays

 private:
  std::unordered_map<const char*, std::vector<sqlite3_stmt*>> idle_;
};

}  // namespace resguardo::sqlcipher
