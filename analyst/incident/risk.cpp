// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/risk.h"

#include <algorithm>

#include "bot/dialogue/expression.h"

namespace resguardo::analyst {
namespace {

// Every name is a question, and every code that the expression names is one of its.
class AnyQuestion final : public dialogue::Names {
 public:
  explicit AnyQuestion(std::string_view expression) {
    type_.kind = dialogue::VariableType::Kind::kOneCode;
    for (std::size_t from = expression.find('\''); from != std::string_view::npos;) {
      const std::size_t to = expression.find('\'', from + 1);
      if (to == std::string_view::npos) break;
      type_.codes.emplace_back(expression.substr(from + 1, to - from - 1));
      from = expression.find('\'', to + 1);
    }
  }
  std::optional<std::size_t> find(std::string_view name, std::string&) const override {
    const auto known = std::find(names_.begin(), names_.end(), name);
    if (known != names_.end()) return static_cast<std::size_t>(known - names_.begin());
    names_.emplace_back(name);
    return names_.size() - 1;
  }
  const dialogue::VariableType& type(std::size_t) const override { return type_; }
  std::vector<std::string> names() const { return names_; }

 private:
  dialogue::VariableType type_;
  mutable std::vector<std::string> names_;  // met so far
};

class Answered final : public dialogue::Values {
 public:
  Answered(const std::vector<std::string>& names, const AnsweredCodes& answers)
      : names_(names), answers_(answers) {}
  bool answered(std::size_t variable) const override { return codes(variable) != nullptr; }
  bool has(std::size_t variable, std::string_view code) const override {
    const auto* given = codes(variable);
    return given != nullptr && given->contains(std::string(code));
  }
  std::size_t count(std::size_t variable) const override {
    const auto* given = codes(variable);
    return given == nullptr ? 0 : given->size();
  }

 private:
  const std::set<std::string>* codes(std::size_t variable) const {
    const auto found = answers_.find(names_[variable]);
    return found == answers_.end() ? nullptr : &found->second;
  }
  const std::vector<std::string>& names_;
  const AnsweredCodes& answers_;
};

}  // namespace

struct RiskRules::Rule {
  std::string flag;
  std::uint32_t priority = 0;
  std::size_t place = 0;  // among the codes
  dialogue::Expression when;
  std::vector<std::string> names;  // by variable
};

RiskRules::RiskRules() = default;
RiskRules::RiskRules(RiskRules&&) noexcept = default;
RiskRules& RiskRules::operator=(RiskRules&&) noexcept = default;
RiskRules::~RiskRules() = default;

Result<RiskRules> RiskRules::of(const Codes& codes) {
  RiskRules rules;
  for (const pb::RiskFlag& flag : codes.all().flags()) {
    const AnyQuestion names(flag.when());
    std::string problem;
    auto when = dialogue::Expression::compile(flag.when(), names, problem);
    if (!when) return Error{Fault::kMalformed, "a flag whose expression cannot be read"};
    rules.rules_.push_back(
        {flag.code(), flag.priority(), rules.rules_.size(), std::move(*when), names.names()});
  }
  // Total: by their place where the priority is one (clang refuses std::stable_sort of g++ 12).
  std::sort(rules.rules_.begin(), rules.rules_.end(), [](const Rule& a, const Rule& b) {
    return std::pair(a.priority, a.place) < std::pair(b.priority, b.place);
  });
  return rules;
}

std::vector<std::string> RiskRules::flags(const AnsweredCodes& answers) const {
  std::vector<std::string> flags;
  for (const Rule& rule : rules_)
    if (rule.when.holds(Answered(rule.names, answers))) flags.push_back(rule.flag);
  return flags;
}

}  // namespace resguardo::analyst
