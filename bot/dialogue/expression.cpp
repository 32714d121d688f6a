// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/expression.h"

#include <algorithm>

namespace resguardo::dialogue {

bool Expression::holds(const Values& values) const {
  return terms_.empty() || value(terms_.size() - 1, values) != 0;
}

std::int64_t Expression::value(std::size_t index, const Values& values) const {
  const Term& term = terms_[index];
  const auto left = [&] { return value(term.left, values); };
  const auto right = [&] { return value(term.right, values); };
  const auto has = [&](const std::string& code) { return values.has(term.left, code); };
  switch (term.op) {
    case Op::kAnd:
      return left() != 0 && right() != 0;
    case Op::kOr:
      return left() != 0 || right() != 0;
    case Op::kNot:
      return left() == 0;
    case Op::kIn:
      return std::any_of(term.codes.begin(), term.codes.end(), has);
    case Op::kNotEqual:
      return std::none_of(term.codes.begin(), term.codes.end(), has);
    case Op::kAnswered:
      return values.answered(term.left);
    case Op::kCount:
      return static_cast<std::int64_t>(values.count(term.left));
    case Op::kNumber:
      return term.number;
    case Op::kAdd:
      return left() + right();
    case Op::kEqualTo:
      return left() == right();
    case Op::kUnequalTo:
      return left() != right();
    case Op::kLess:
      return left() < right();
    case Op::kLessOrEqual:
      return left() <= right();
    case Op::kGreater:
      return left() > right();
    case Op::kGreaterOrEqual:
      return left() >= right();
  }
  return 0;
}

}  // namespace resguardo::dialogue
