// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/statement.h"

#include <sqlite3.h>

#include "storage/sqlcipher/failure.h"
#include "storage/sqlcipher/kept_statements.h"

namespace resguardo::sqlcipher {
namespace {

// SQLite keeps the pointer: what is bound outlives the run. SQLITE_STATIC is a null pointer, and
// written out it is an old-style cast.
constexpr sqlite3_destructor_type kNotCopied = nullptr;

}  // namespace

Rows::~Rows() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure_of(code);
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Rows::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

ByteView Rows::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

std::string_view Rows::text(int column) const {
  return as_text(bytes(column));
}

void Statement::Finalize::operator()(sqlite3_stmt* handle) const noexcept {
  if (kept != nullptr)
    kept->give_back(text, handle);
  else
    sqlite3_finalize(handle);
}

bool Statement::bind_integer(int index, std::int64_t value) {
  return sqlite3_bind_int64(handle_.get(), index, value) == SQLITE_OK;
}

bool Statement::bind_real(int index, double value) {
  return sqlite3_bind_double(handle_.get(), index, value) == SQLITE_OK;
}

bool Statement::bind_bytes(int index, ByteView value) {
  // A null pointer would bind NULL, not an empty blob.
  const void* data = value.empty() ? "" : static_cast<const void*>(value.data());
  return sqlite3_bind_blob64(handle_.get(), index, data, value.size(), kNotCopied) == SQLITE_OK;
}

bool Statement::bind_text(int index, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  return sqlite3_bind_text64(handle_.get(), index, data, value.size(), kNotCopied, SQLITE_UTF8) ==
         SQLITE_OK;
}

bool Statement::bind_null(int index) {
  return sqlite3_bind_null(handle_.get(), index) == SQLITE_OK;
}

}  // namespace resguardo::sqlcipher
