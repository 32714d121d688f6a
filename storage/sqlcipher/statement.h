// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

struct sqlite3_stmt;

namespace resguardo::sqlcipher {

class KeptStatements;

// The rows of a running query; the statement is reset when it goes. Values that were bound must
// outlive it. What bytes() and text() return lives until the next call of next().
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) : statement_(statement) {}
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows();

  Result<bool> next();  // false: there are no more

  // Columns from 0.
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  ByteView bytes(int column) const;
  std::string_view text(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// A prepared statement, made once and used often. Parameters are bound by position, never pasted
// into text: the SQL itself is a literal (StaticText).
class Statement {
 public:
  // Runs to the end and resets. kConflict: a constraint of the schema refused it.
  template <class... Values>
  Status run(const Values&... values) {
    RESGUARDO_TRY(auto rows, query(values...));
    for (;;) {
      RESGUARDO_TRY(const bool more, rows.next());
      if (!more) return success();
    }
  }

  // Values: integers, double, ByteView, FixedBytes, std::string_view, nullptr, std::optional of
  // these. Text and bytes are not copied.
  template <class... Values>
  Result<Rows> query(const Values&... values) {
    Rows rows(handle_.get());
    int index = 0;
    const bool bound = (bind(++index, values) && ...);
    if (!bound) return Error{Fault::kUnavailable, "a value could not be bound to a statement"};
    return rows;
  }

 private:
  friend class Connection;
  struct Finalize {
    KeptStatements* kept = nullptr;  // where it goes; nullptr: nowhere
    const char* text = nullptr;
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  Statement(sqlite3_stmt* handle, Finalize finalize) : handle_(handle, finalize) {}

  bool bind_integer(int index, std::int64_t value);
  bool bind_real(int index, double value);
  bool bind_bytes(int index, ByteView value);
  bool bind_text(int index, std::string_view value);
  bool bind_null(int index);

  template <std::integral Value>
  bool bind(int index, Value value) {
    return bind_integer(index, static_cast<std::int64_t>(value));
  }
  bool bind(int index, double value) { return bind_real(index, value); }
  bool bind(int index, ByteView value) { return bind_bytes(index, value); }
  bool bind(int index, const Bytes& value) { return bind_bytes(index, value); }
  bool bind(int index, std::string_view value) { return bind_text(index, value); }
  bool bind(int index, std::nullptr_t) { return bind_null(index); }
  template <class Meaning, std::size_t kLength>
  bool bind(int index, const FixedBytes<Meaning, kLength>& value) {
    return bind_bytes(index, value.view());
  }
  template <class Value>
  bool bind(int index, const std::optional<Value>& value) {
    return value.has_value() ? bind(index, *value) : bind_null(index);
  }

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace resguardo::sqlcipher
