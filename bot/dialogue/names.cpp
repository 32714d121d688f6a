// SPDX-License-Identifier: AGPL-3.0-or-later
// What an expression may speak of: nodes that were asked before it, and what the engine knows.
#include <set>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

// The expression's parser knows no rules; its words say which one it was.
Rule rule_of(std::string_view problem) {
  if (problem.starts_with("no such question")) return Rule::kUnknownName;
  if (problem.starts_with("no such code")) return Rule::kUnknownCode;
  if (problem.starts_with("asked only later")) return Rule::kForwardReference;
  if (problem.starts_with("asked several times")) return Rule::kUnknownName;
  return Rule::kExpressionSyntax;
}

class FormNames final : public Names {
 public:
  explicit FormNames(const Form::Content& content) : content_(content) {
    types_.push_back({VariableType::Kind::kOneCode, {"whatsapp", "signal", "plain"}});
    for (std::size_t known = 1; known < kKnownCount; ++known)
      types_.push_back({VariableType::Kind::kOneCode, {"yes", "no"}});
    for (const auto& node : content.nodes) {
      VariableType type;
      if (node.type != nullptr) type.kind = node.type->variable;
      for (const auto& choice : node.choices) {
        if (!choice.explains) type.codes.push_back(choice.code);
      }
      types_.push_back(std::move(type));
    }
  }

  // Where the expression stands: what comes before, and which repeats it is in.
  void stand(std::size_t limit, std::size_t section, std::size_t group) {
    limit_ = limit;
    section_ = section;
    group_ = group;
  }
  std::optional<std::size_t> find(std::string_view name, std::string& reason) const override {
    if (name == "channel") return static_cast<std::size_t>(Known::kChannel);
    if (name == "stored") return static_cast<std::size_t>(Known::kStored);
    if (name == "media") return static_cast<std::size_t>(Known::kMedia);
    if (name == "discreet") return static_cast<std::size_t>(Known::kDiscreet);
    const auto node = content_.find(name);
    if (node == kNoIndex) return std::nullopt;
    if (node >= limit_) {
      reason = "asked only later";
      return std::nullopt;
    }
    const auto& named = content_.nodes[node];
    const bool in_section =
        content_.sections[named.section].repeat == kNoIndex || named.section == section_;
    if (!in_section || (named.group != kNoIndex && named.group != group_)) {
      reason = "asked several times, so here it has no one answer";
      return std::nullopt;
    }
    return node + kKnownCount;
  }
  const VariableType& type(std::size_t variable) const override { return types_[variable]; }

 private:
  const Form::Content& content_;
  std::size_t limit_ = 0;
  std::size_t section_ = kNoIndex;
  std::size_t group_ = kNoIndex;
  std::vector<VariableType> types_;
};

// Can it ever be true? Every combination of what its variables can hold, if they are few.
class Possible final : public Values {
 public:
  explicit Possible(const Names& names) : names_(names) {}

  bool ever(const Expression& first, const Expression& second) {
    for (const auto* expression : {&first, &second}) {
      for (const auto variable : expression->variables()) add(variable);
    }
    std::size_t combinations = 1;
    for (const auto& each : held_) {
      if (combinations *= each.options.size(); combinations > kMostCombinations) return true;
    }
    for (std::size_t i = 0; i < combinations; ++i) {
      if (first.holds(*this) && second.holds(*this)) return true;
      step();
    }
    return false;
  }

  bool answered(std::size_t variable) const override { return !now(variable).empty(); }
  bool has(std::size_t variable, std::string_view code) const override {
    for (const auto& each : now(variable)) {
      if (each == code) return true;
    }
    return false;
  }
  std::size_t count(std::size_t variable) const override { return now(variable).size(); }

 private:
  static constexpr std::size_t kMostCombinations = 20000;
  using Option = std::vector<std::string>;
  struct Held {
    std::size_t variable;
    std::vector<Option> options;
    std::size_t at = 0;
  };

  void add(std::size_t variable) {
    for (const auto& each : held_) {
      if (each.variable == variable) return;
    }
    const auto& type = names_.type(variable);
    Held held{variable, {{}}};
    if (variable < kKnownCount) held.options.clear();  // always known
    for (const auto& code : type.codes) held.options.push_back({code});
    if (type.kind == VariableType::Kind::kManyCodes) held.options.push_back(type.codes);
    if (type.kind == VariableType::Kind::kOther) held.options.push_back({"?"});
    held_.push_back(std::move(held));
  }
  void step() {
    for (auto& each : held_) {
      if (++each.at < each.options.size()) return;
      each.at = 0;
    }
  }
  const Option& now(std::size_t variable) const {
    for (const auto& each : held_) {
      if (each.variable == variable) return each.options[each.at];
    }
    static const Option kNothing;
    return kNothing;
  }

  const Names& names_;
  std::vector<Held> held_;
};

class ExpressionBuilder {
 public:
  ExpressionBuilder(Form::Content& content, Problems& problems)
      : content_(content), problems_(problems), names_(content) {}

  void build() {
    for (std::size_t i = 0; i < content_.sections.size(); ++i) {
      auto& section = content_.sections[i];
      names_.stand(section.first, i, kNoIndex);
      section.relevant = compile(section.source->relevant(), section.source->id());
    }
    for (auto& repeat : content_.repeats) {
      if (!repeat.group) continue;
      names_.stand(repeat.first, repeat.section, kNoIndex);
      repeat.relevant = compile(repeat.group_node->relevant(), repeat.id);
    }
    for (std::size_t i = 0; i < content_.nodes.size(); ++i) build_node(i);
    for (auto& node : content_.nodes) {
      const auto& section = content_.sections[node.section];
      node.always = node.relevant.always() && section.relevant.always() &&
                    section.repeat == kNoIndex && node.group == kNoIndex;
    }
    for (std::size_t i = 0; i < content_.nodes.size(); ++i) note_what_decides(i);
  }

 private:
  void note_what_decides(std::size_t index) {
    const auto& node = content_.nodes[index];
    const auto& section = content_.sections[node.section];
    std::set<std::size_t> variables;
    const auto reads = [&](const Expression& expression) {
      variables.insert(expression.variables().begin(), expression.variables().end());
    };
    reads(node.relevant);
    reads(section.relevant);
    for (const std::size_t repeat : {section.repeat, node.group}) {
      if (repeat == kNoIndex) continue;
      reads(content_.repeats[repeat].relevant);
      for (const std::size_t by :
           {content_.repeats[repeat].for_each, content_.repeats[repeat].while_node})
        if (by != kNoIndex) variables.insert(kKnownCount + by);
    }
    // What no answer changes decides nothing: the channel, and whether files are kept.
    const bool more = variables.contains(static_cast<std::size_t>(Known::kStored)) ||
                      variables.contains(static_cast<std::size_t>(Known::kDiscreet));
    for (std::size_t i = 0; i < content_.nodes.size(); ++i) {
      if (more || variables.contains(kKnownCount + i)) content_.nodes[i].decides.push_back(index);
    }
  }
  void build_node(std::size_t index) {
    auto& node = content_.nodes[index];
    // What comes first in some depth comes before the rest of its section.
    const std::size_t limit = node.first_in == 0 ? index : content_.sections[node.section].first;
    names_.stand(limit, node.section, node.group);
    node.relevant = compile(node.source->relevant(), node.source->id());
    const auto& section = content_.sections[node.section].relevant;
    if (!Possible(names_).ever(node.relevant, section)) {
      problems_.add(Rule::kNeverAsked, node.source->id(),
                    "can never be asked: its condition contradicts itself");
    }
    const bool grouped = node.group != kNoIndex;
    if (grouped && !Possible(names_).ever(node.relevant, content_.repeats[node.group].relevant)) {
      problems_.add(Rule::kNeverAsked, node.source->id(),
                    "can never be asked: its condition contradicts its group's");
    }
    for (auto& choice : node.choices) {
      const std::string place = node.source->id() + ':' + choice.code;
      choice.relevant = compile(choice.source->relevant(), place);
      if (!Possible(names_).ever(choice.relevant, node.relevant)) {
        problems_.add(Rule::kNeverAsked, place,
                      "can never be offered: its condition contradicts itself");
      }
    }
  }
  Expression compile(const std::string& source, const std::string& place) {
    std::string problem;
    auto expression = Expression::compile(source, names_, problem);
    if (!expression) {
      problems_.add(rule_of(problem), place, "relevant: " + problem);
      return {};
    }
    for (const auto variable : expression->variables()) {
      if (variable >= kKnownCount) content_.nodes[variable - kKnownCount].read_by_expression = true;
    }
    return std::move(*expression);
  }

  Form::Content& content_;
  Problems& problems_;
  FormNames names_;
};

}  // namespace

void build_expressions(Form::Content& content, Problems& problems) {
  ExpressionBuilder(content, problems).build();
}

}  // namespace resguardo::dialogue
