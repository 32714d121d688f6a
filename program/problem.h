// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "crypto/base/result.h"
#include "program/exit_code.h"

namespace resguardo::program {

// A failure as a person reads it: where, what, and how to mend it. Unlike Error it may name files,
// members and report ids, so it exists at the edge only: libraries return Error.
//
// WARNING: never put words of a testimony in it.
struct Problem {
  std::string where;  // a file, an option, a report; may be empty
  std::string what;
  std::string mend;  // may be empty
  ExitCode code = ExitCode::kFailed;
};

// A library's failure, with the place it was met at.
inline Problem problem(const Error& error, std::string where, std::string mend = "") {
  return {std::move(where), error.why.c_str(), std::move(mend), ExitCode::kFailed};
}
inline Problem usage_problem(std::string where, std::string what, std::string mend = "") {
  return {std::move(where), std::move(what), std::move(mend), ExitCode::kUsage};
}

// A value, or the problem. RESGUARDO_TRY and RESGUARDO_CHECK work with it as with Result.
template <class T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Outcome(Problem problem) : state_(std::in_place_index<1>, std::move(problem)) {}
  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Problem& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Problem> state_;
};

// The same result; its problem is one of what the configuration names (exit 2).
template <class T>
Outcome<T> of_configuration(Outcome<T> result) {
  if (result.ok()) return result;
  Problem wrong = result.error();
  wrong.code = ExitCode::kUsage;
  return wrong;
}

// A library's result at this place: its value, or its error told with `where` and `mend`.
template <class T>
Outcome<T> at(std::string where, Result<T> result, std::string mend = "") {
  if (!result.ok()) return problem(result.error(), std::move(where), std::move(mend));
  return std::move(result).value();
}

}  // namespace resguardo::program
