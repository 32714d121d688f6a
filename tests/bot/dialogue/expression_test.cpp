// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/expression.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/paths.h"

namespace resguardo::dialogue {
namespace {

using Kind = VariableType::Kind;

class TestNames final : public Names {
 public:
  std::optional<std::size_t> find(std::string_view name, std::string& reason) const override {
    if (name == "later") reason = "asked only later";
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return i;
    }
    return std::nullopt;
  }
  const VariableType& type(std::size_t variable) const override { return types_[variable]; }

 private:
  std::vector<std::string> names_ = {"role",       "age_check", "still_risk",
                                     "event_harm", "perp_kind", "story"};
  std::vector<VariableType> types_ = {
      {Kind::kOneCode, {"self", "family", "witness"}},
      {Kind::kOneCode, {"adult", "minor"}},
      {Kind::kOneCode, {"yes", "no", "unknown"}},
      {Kind::kManyCodes, {"kidnapping", "robbery", "sexual", "none"}},
      {Kind::kManyCodes, {"us_authority", "smuggler", "unknown"}},
      {Kind::kOther, {}},
  };
};

class TestValues final : public Values {
 public:
  explicit TestValues(const std::string& facts) {
    std::istringstream stream(facts);
    for (std::string fact; stream >> fact;) {
      std::string reason;
      const auto equals = fact.find('=');
      const auto variable = TestNames().find(fact.substr(0, equals), reason);
      std::istringstream codes(fact.substr(equals + 1));
      for (std::string code; std::getline(codes, code, '+');) held_[*variable].push_back(code);
    }
  }
  bool answered(std::size_t variable) const override { return held_.contains(variable); }
  bool has(std::size_t variable, std::string_view code) const override {
    const auto found = held_.find(variable);
    if (found == held_.end()) return false;
    return std::find(found->second.begin(), found->second.end(), code) != found->second.end();
  }
  std::size_t count(std::size_t variable) const override {
    const auto found = held_.find(variable);
    if (found == held_.end()) return 0;
    std::size_t counted = 0;
    for (const auto& code : found->second) {
      const bool exclusive =
          (variable == 3 && code == "none") || (variable == 4 && code == "unknown");
      counted += exclusive ? 0 : 1;
    }
    return counted;
  }

 private:
  std::map<std::size_t, std::vector<std::string>> held_;
};

std::string problem_in(const std::string& source) {
  std::string problem;
  const auto expression = Expression::compile(source, TestNames(), problem);
  EXPECT_EQ(expression.has_value(), problem.empty()) << source;
  return problem;
}

TEST(ExpressionTest, AgreesWithTheReferenceWalker) {
  std::ifstream stream(testing_support::source_dir() / "tests/bot/dialogue/cases/expressions.txt");
  std::size_t cases = 0;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with("#")) continue;
    const auto first = line.find(" | ");
    const auto second = line.find(" | ", first + 3);
    std::string problem;
    const auto expression = Expression::compile(line.substr(0, first), TestNames(), problem);
    ASSERT_TRUE(expression.has_value()) << line << ": " << problem;
    const TestValues values(line.substr(first + 3, second - first - 3));
    EXPECT_EQ(expression->holds(values), line.substr(second + 3) == "1") << line;
    ++cases;
  }
  EXPECT_EQ(cases, 400U);
}

TEST(ExpressionTest, EmptyIsAlwaysTrue) {
  std::string problem;
  const auto expression = Expression::compile("  ", TestNames(), problem);
  ASSERT_TRUE(expression.has_value());
  EXPECT_TRUE(expression->always());
  EXPECT_TRUE(expression->holds(TestValues("")));
}

TEST(ExpressionTest, TellsWhichVariablesItReads) {
  std::string problem;
  const auto expression = Expression::compile(
      "role == 'self' or (role != 'family' and count(perp_kind) > 1)", TestNames(), problem);
  ASSERT_TRUE(expression.has_value());
  EXPECT_EQ(expression->variables(), (std::vector<std::size_t>{0, 4}));
}

struct Refusal {
  const char* source;
  const char* why;
};
class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, SaysWhatIsWrong) {
  EXPECT_NE(problem_in(GetParam().source).find(GetParam().why), std::string::npos)
      << GetParam().source << ": " << problem_in(GetParam().source);
}

INSTANTIATE_TEST_SUITE_P(
    Expressions, RefusalTest,
    ::testing::Values(
        Refusal{"nobody == 'self'", "no such question: nobody"},
        Refusal{"later == 'self'", "asked only later"},
        Refusal{"role == 'sself'", "no such code: sself"},
        Refusal{"selected(event_harm,'x')", "no such code: x"},
        Refusal{"event_harm == 'robbery'", "use selected()"},
        Refusal{"selected(story,'x')", "needs a question with choices"},
        Refusal{"count(story) > 0", "needs a question with choices"},
        Refusal{"count(event_harm)", "a number is not a condition"},
        Refusal{"count(event_harm) and role == 'self'", "not a condition"},
        Refusal{"not 1", "a number is not a condition"}, Refusal{"role", "expected ==, != or in"},
        Refusal{"role == self", "expected a code"}, Refusal{"role in []", "expected a code"},
        Refusal{"role in ['self'", "expected ]"}, Refusal{"(role == 'self'", "expected )"},
        Refusal{"role == 'self' role", "unexpected: role"},
        Refusal{"role == 'self", "expected a code"}, Refusal{"role = 'self'", "expected =="},
        Refusal{"role == 'self' or", "expected a condition"},
        Refusal{"count(event_harm) > 12345678901", "too large"},
        Refusal{"answered(role", "expected )"}));

TEST(ExpressionTest, RefusesDepthAndLengthWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 400; ++i) deep += "not ";
  EXPECT_NE(problem_in(deep + "role == 'self'").find("too deeply"), std::string::npos);
  EXPECT_NE(problem_in(std::string(5000, '(')).find("2,000"), std::string::npos);
  EXPECT_NE(problem_in(std::string(1999, '(')).find("too deeply"), std::string::npos);
}

}  // namespace
}  // namespace resguardo::dialogue
