// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resguardo::dialogue {

// What a variable of an expression is: a node of the form, or something the engine knows.
struct VariableType {
  enum class Kind : std::uint8_t { kOneCode, kManyCodes, kOther };
  Kind kind = Kind::kOther;
  std::vector<std::string> codes;  // all it can ever hold
};

// The names an expression may use, at the place where it stands.
class Names {
 public:
  virtual ~Names() = default;
  // Nothing: no such name. `reason` says why when the name exists but not here.
  virtual std::optional<std::size_t> find(std::string_view name, std::string& reason) const = 0;
  virtual const VariableType& type(std::size_t variable) const = 0;
};

// What the names hold while a conversation goes on.
class Values {
 public:
  virtual ~Values() = default;
  virtual bool answered(std::size_t variable) const = 0;
  virtual bool has(std::size_t variable, std::string_view code) const = 0;  // null: false
  virtual std::size_t count(std::size_t variable) const = 0;  // exclusive codes are not counted
};

// A relevance expression: small, total, null-safe. Terms:
//   id == 'code'   id != 'code'   id in ['a','b']   selected(id,'code')   answered(id)
//   count(id) + count(other) >= 2      and  or  not  ( )
// An unanswered or skipped id is null: == is false, != is true, selected is false, count is 0.
// Evaluation reads answers, allocates nothing and always ends.
class Expression {
 public:
  Expression() = default;  // always true

  // Parses and type-checks. On failure `problem` says what and where.
  static std::optional<Expression> compile(std::string_view source, const Names& names,
                                           std::string& problem);
  bool holds(const Values& values) const;
  bool always() const { return terms_.empty(); }
  // Every variable it reads, each once.
  const std::vector<std::size_t>& variables() const { return variables_; }

 private:
  friend class ExpressionParser;
  enum class Op : std::uint8_t {
    kAnd,
    kOr,
    kNot,
    kIn,
    kNotEqual,
    kAnswered,
    kCount,
    kNumber,
    kAdd,
    kEqualTo,
    kUnequalTo,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
  };
  struct Term {
    Op op = Op::kNumber;
    std::size_t left = 0;   // a term, or a variable
    std::size_t right = 0;  // a term
    std::int64_t number = 0;
    std::vector<std::string> codes;
  };
  std::int64_t value(std::size_t term, const Values& values) const;
  std::vector<Term> terms_;  // the last one is the root
  std::vector<std::size_t> variables_;
};

}  // namespace resguardo::dialogue
