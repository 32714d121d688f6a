// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

namespace resguardo {

// Text the compiler has seen: only constant expressions convert to it, so no
// error, log line or metric can carry what a reporter wrote.
class StaticText {
 public:
  consteval StaticText(const char* literal) : literal_(literal) {}
  constexpr const char* c_str() const noexcept { return literal_; }
  constexpr std::string_view view() const noexcept { return literal_; }
  friend constexpr bool operator==(StaticText a, StaticText b) { return a.view() == b.view(); }

 private:
  const char* literal_;
};

// What a caller may branch on. A new kind is a decision of the whole project.
enum class Fault : std::uint8_t {
  kMalformed,    // does not parse, or parses to something no one may send
  kUnauthentic,  // a signature, tag, key or digest does not fit
  kReplayed,     // seen before
  kStale,        // too old, expired, or from a clock we do not believe
  kNotFound,     // there is no such thing
  kConflict,     // somebody else changed it first, or it exists already
  kRefused,      // well formed and authentic, and still not allowed
  kUnavailable,  // disk, memory, lock or peer: try again later
};

// A failure: a kind and a text that was written by us. It carries no data.
struct Error {
  Fault fault;
  StaticText why;
};

// The value of an operation that only succeeds.
struct Done {};

// A value, or the reason there is none. Failures are values; an exception is a bug.
template <class T>
class [[nodiscard]] Result {
 public:
  using Value = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, error) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  T& value() & { return std::get<0>(state_); }  // throws unless ok()
  const T& value() const& { return std::get<0>(state_); }
  // By value: a range-for over f().value() must not walk a dead temporary.
  T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Done>;
inline Status success() {
  return Done{};
}

}  // namespace resguardo

// What is declared, and its name, stand without parentheses. NOLINTBEGIN(bugprone-macro-parentheses)
#define RESGUARDO_JOIN_(a, b) a##b
#define RESGUARDO_JOIN(a, b) RESGUARDO_JOIN_(a, b)
#define RESGUARDO_TRY_(temporary, declaration, expression) \
  auto temporary = (expression);                           \
  if (!temporary.ok()) return temporary.error();           \
  declaration = std::move(temporary).value()

// RESGUARDO_TRY(auto key, parse(text));  declares `key`, or returns parse's error.
#define RESGUARDO_TRY(declaration, expression) \
  RESGUARDO_TRY_(RESGUARDO_JOIN(result_, __LINE__), declaration, expression)

// RESGUARDO_CHECK(store.commit());  goes on, or returns commit's error.
#define RESGUARDO_CHECK(expression) \
  if (auto status_ = (expression); !status_.ok()) return status_.error()
// NOLINTEND(bugprone-macro-parentheses)
