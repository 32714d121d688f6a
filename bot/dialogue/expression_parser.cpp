// SPDX-License-Identifier: AGPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "bot/dialogue/expression.h"

namespace resguardo::dialogue {
namespace {

constexpr std::size_t kMaxDepth = 32;  // of brackets and `not`: an expression is a sentence
constexpr std::size_t kMaxLength = 2000;

struct Token {
  enum class Kind : std::uint8_t { kEnd, kName, kCode, kNumber, kSign, kBad };
  Kind kind = Kind::kEnd;
  std::string_view text;
  bool is(Kind wanted, std::string_view wanted_text) const {
    return kind == wanted && text == wanted_text;
  }
};

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : rest_(source) {}

  Token next() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
    if (rest_.empty()) return {};
    const char first = rest_[0];
    if (first == '\'') return code();
    if (is_digit(first)) return take(Token::Kind::kNumber, length_while(is_digit));
    if (is_name_start(first)) {
      return take(Token::Kind::kName,
                  length_while([](char c) { return is_name_start(c) || is_digit(c); }));
    }
    return sign();
  }

 private:
  template <class Test>
  std::size_t length_while(Test test) const {
    std::size_t length = 0;
    while (length < rest_.size() && test(rest_[length])) ++length;
    return length;
  }
  Token take(Token::Kind kind, std::size_t length) {
    const Token token{kind, rest_.substr(0, length)};
    rest_.remove_prefix(length);
    return token;
  }
  Token code() {
    const auto end = rest_.find('\'', 1);
    if (end == std::string_view::npos) return take(Token::Kind::kBad, rest_.size());
    Token token = take(Token::Kind::kCode, end + 1);
    token.text = token.text.substr(1, token.text.size() - 2);
    return token;
  }
  Token sign() {
    static constexpr std::array<std::string_view, 12> kSigns = {"==", "!=", ">=", "<=", ">", "<",
                                                                "(",  ")",  "[",  "]",  ",", "+"};
    for (const auto known : kSigns) {
      if (rest_.starts_with(known)) return take(Token::Kind::kSign, known.size());
    }
    return take(Token::Kind::kBad, 1);
  }
  std::string_view rest_;
};

}  // namespace

// Recursive descent; every rule returns the index of its term, or nothing after a problem.
class ExpressionParser {
 public:
  ExpressionParser(std::string_view source, const Names& names, std::string& problem)
      : lexer_(source), names_(names), problem_(problem) {
    advance();
  }

  std::optional<Expression> parse() {
    const auto root = either();
    if (!root) return std::nullopt;
    if (token_.kind != Token::Kind::kEnd) return fail("unexpected", token_.text), std::nullopt;
    if (!is_truth(*root)) return fail("a number is not a condition", ""), std::nullopt;
    auto& variables = result_.variables_;
    std::sort(variables.begin(), variables.end());
    variables.erase(std::unique(variables.begin(), variables.end()), variables.end());
    return std::move(result_);
  }

 private:
  using Op = Expression::Op;
  using Index = std::optional<std::size_t>;
  using Kind = Token::Kind;

  void advance() { token_ = lexer_.next(); }
  bool accept(Kind kind, std::string_view text) {
    if (!token_.is(kind, text)) return false;
    advance();
    return true;
  }
  Index fail(std::string_view what, std::string_view where) {
    if (problem_.empty()) {
      problem_ = what;
      if (!where.empty()) problem_.append(": ").append(where);
    }
    return std::nullopt;
  }
  bool expect(std::string_view sign) {
    if (accept(Kind::kSign, sign)) return true;
    fail("expected " + std::string(sign) + " before",
         token_.text.empty() ? "the end" : token_.text);
    return false;
  }
  std::size_t add(Expression::Term term) {
    result_.terms_.push_back(std::move(term));
    return result_.terms_.size() - 1;
  }
  bool is_truth(std::size_t term) const {
    const Op op = result_.terms_[term].op;
    return op != Op::kCount && op != Op::kNumber && op != Op::kAdd;
  }
  Index truth(Index term) {
    if (term && !is_truth(*term)) return fail("a number is not a condition", "");
    return term;
  }

  Index either() { return chain("or", Op::kOr, &ExpressionParser::both); }
  Index both() { return chain("and", Op::kAnd, &ExpressionParser::condition); }
  Index chain(std::string_view word, Op op, Index (ExpressionParser::*part)()) {
    Index left = (this->*part)();
    while (left && token_.is(Kind::kName, word)) {
      advance();
      if (!truth(left)) return std::nullopt;
      const Index right = truth((this->*part)());
      if (!right) return std::nullopt;
      left = add({op, *left, *right, 0, {}});
    }
    return left;
  }

  Index condition() {
    if (++depth_ > kMaxDepth) return fail("too deeply nested", "");
    const Index result = nested_condition();
    --depth_;
    return result;
  }
  Index nested_condition() {
    if (accept(Kind::kName, "not")) {
      const Index inner = truth(condition());
      return inner ? Index(add({Op::kNot, *inner, 0, 0, {}})) : inner;
    }
    if (accept(Kind::kSign, "(")) {
      const Index inner = either();
      return inner && expect(")") ? inner : std::nullopt;
    }
    if (token_.kind == Kind::kNumber) return comparison(sum());
    if (token_.kind != Kind::kName) return fail("expected a condition before", token_.text);
    const std::string_view name = token_.text;
    if (name == "count") return comparison(sum());
    advance();
    if (name == "selected") return selected();
    if (name == "answered") return answered();
    return compared(name);
  }

  Index sum() {
    Index left = addend();
    while (left && accept(Kind::kSign, "+")) {
      const Index right = addend();
      if (!right) return std::nullopt;
      left = add({Op::kAdd, *left, *right, 0, {}});
    }
    return left;
  }
  Index addend() {
    if (token_.kind == Kind::kNumber) {
      if (token_.text.size() > 9) return fail("too large a number", token_.text);
      const std::int64_t number = std::stoll(std::string(token_.text));
      advance();
      return add({Op::kNumber, 0, 0, number, {}});
    }
    if (!accept(Kind::kName, "count")) return fail("expected a number before", token_.text);
    const Index variable = expect("(") ? name_here() : std::nullopt;
    if (!variable || !expect(")")) return std::nullopt;
    if (names_.type(*variable).kind == VariableType::Kind::kOther) {
      return fail("count() needs a question with choices", "");
    }
    return add({Op::kCount, *variable, 0, 0, {}});
  }
  Index comparison(Index left) {
    if (!left) return left;
    static constexpr std::array<std::pair<std::string_view, Op>, 6> kComparisons = {
        {{"==", Op::kEqualTo},
         {"!=", Op::kUnequalTo},
         {">=", Op::kGreaterOrEqual},
         {"<=", Op::kLessOrEqual},
         {">", Op::kGreater},
         {"<", Op::kLess}}};
    for (const auto& [sign, op] : kComparisons) {
      if (!accept(Kind::kSign, sign)) continue;
      const Index right = sum();
      return right ? Index(add({op, *left, *right, 0, {}})) : right;
    }
    return fail("a number is not a condition", "");
  }

  Index name_here() {
    if (token_.kind != Kind::kName) return fail("expected a question before", token_.text);
    const std::string_view name = token_.text;
    advance();
    return variable(name);
  }
  Index variable(std::string_view name) {
    std::string reason = "no such question";
    const auto found = names_.find(name, reason);
    if (!found) return fail(reason, name);
    result_.variables_.push_back(*found);
    return found;
  }
  Index answered() {
    const Index question = expect("(") ? name_here() : std::nullopt;
    if (!question || !expect(")")) return std::nullopt;
    return add({Op::kAnswered, *question, 0, 0, {}});
  }
  Index selected() {
    const Index question = expect("(") ? name_here() : std::nullopt;
    if (!question || !expect(",")) return std::nullopt;
    if (names_.type(*question).kind == VariableType::Kind::kOther) {
      return fail("selected() needs a question with choices", "");
    }
    std::vector<std::string> codes;
    if (!code_of(*question, codes) || !expect(")")) return std::nullopt;
    return add({Op::kIn, *question, 0, 0, std::move(codes)});
  }
  Index compared(std::string_view name) {
    const Index question = variable(name);
    if (!question) return question;
    if (names_.type(*question).kind != VariableType::Kind::kOneCode) {
      return fail("only a question with one answer can be compared; use selected()", name);
    }
    std::vector<std::string> codes;
    if (accept(Kind::kSign, "==") || token_.is(Kind::kSign, "!=")) {
      const Op op = accept(Kind::kSign, "!=") ? Op::kNotEqual : Op::kIn;
      if (!code_of(*question, codes)) return std::nullopt;
      return add({op, *question, 0, 0, std::move(codes)});
    }
    if (!accept(Kind::kName, "in")) return fail("expected ==, != or in after", name);
    if (!expect("[")) return std::nullopt;
    do {
      if (!code_of(*question, codes)) return std::nullopt;
    } while (accept(Kind::kSign, ","));
    if (!expect("]")) return std::nullopt;
    return add({Op::kIn, *question, 0, 0, std::move(codes)});
  }
  bool code_of(std::size_t question, std::vector<std::string>& codes) {
    if (token_.kind != Kind::kCode) return fail("expected a code before", token_.text), false;
    const auto& known = names_.type(question).codes;
    if (std::find(known.begin(), known.end(), token_.text) == known.end()) {
      return fail("no such code", token_.text), false;
    }
    codes.emplace_back(token_.text);
    advance();
    return true;
  }

  Lexer lexer_;
  const Names& names_;
  std::string& problem_;
  Token token_;
  std::size_t depth_ = 0;
  Expression result_;
};

std::optional<Expression> Expression::compile(std::string_view source, const Names& names,
                                              std::string& problem) {
  if (source.size() > kMaxLength) {
    problem = "an expression of more than 2,000 characters";
    return std::nullopt;
  }
  if (source.find_first_not_of(" \n") == std::string_view::npos) return Expression();
  return ExpressionParser(source, names, problem).parse();
}

}  // namespace resguardo::dialogue
