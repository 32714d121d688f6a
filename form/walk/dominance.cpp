// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/dominance.h"

#include <algorithm>

#include "bot/dialogue/question_type.h"

namespace resguardo::form {
namespace {

using dialogue::CompiledNode;
using dialogue::Expression;
using dialogue::kKnownCount;

constexpr std::size_t kMostWorlds = 4096;
const std::vector<std::string> kWords = {"?"};

// Every combination of what the variables of an expression can hold, but for the one that is given.
class Worlds final : public dialogue::Values {
 public:
  Worlds(const dialogue::Form::Content& content, const Expression& expression, std::size_t given,
         const Uses& uses)
      : content_(content), given_(given) {
    for (const auto variable : expression.variables()) {
      if (variable != given) held_.push_back(possible(variable, uses));
    }
  }
  std::size_t count_all() const {
    std::size_t all = 1;
    for (const auto& each : held_) {
      if (all *= each.options.size(); all > kMostWorlds) return all;
    }
    return all;
  }
  void next() {
    for (auto& each : held_) {
      if (++each.at < each.options.size()) return;
      each.at = 0;
    }
  }
  void give(const std::vector<std::string>& codes) { codes_ = &codes; }

  bool answered(std::size_t variable) const override { return !of(variable).empty(); }
  bool has(std::size_t variable, std::string_view code) const override {
    const auto& codes = of(variable);
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  }
  std::size_t count(std::size_t variable) const override {
    std::size_t count = 0;
    for (const auto& code : of(variable)) {
      const auto* choice =
          variable < kKnownCount ? nullptr : content_.nodes[variable - kKnownCount].find(code);
      if (choice == nullptr || !choice->source->exclusive()) ++count;
    }
    return count;
  }

 private:
  struct Held {
    std::size_t variable;
    std::vector<std::vector<std::string>> options;
    std::size_t at = 0;
  };
  Held possible(std::size_t variable, const Uses& uses) const {
    if (variable == static_cast<std::size_t>(dialogue::Known::kChannel)) {
      return {variable, {{"whatsapp"}, {"signal"}, {"plain"}}};
    }
    if (variable < kKnownCount) return {variable, {{"yes"}, {"no"}}};
    const CompiledNode& node = content_.nodes[variable - kKnownCount];
    const auto found = uses.find(variable - kKnownCount);
    Held held{variable, {{}, kWords}};
    std::vector<std::string> all;
    for (const auto& choice : node.choices) {
      if (found == uses.end() || !found->second.names(choice.code)) continue;
      held.options.push_back({choice.code});
      all.push_back(choice.code);
    }
    if (node.type->many && all.size() > 1) {
      held.options.push_back(all);
      for (std::size_t i = 0; i < all.size() && all.size() > 2; ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j) held.options.push_back({all[i], all[j]});
      }
    }
    return held;
  }
  const std::vector<std::string>& of(std::size_t variable) const {
    if (variable == given_) return *codes_;
    for (const auto& each : held_) {
      if (each.variable == variable) return each.options[each.at];
    }
    return kWords;
  }
  const dialogue::Form::Content& content_;
  std::size_t given_;
  std::vector<Held> held_;
  const std::vector<std::string>* codes_ = &kWords;
};

bool reads(const Expression& expression, std::size_t variable) {
  const auto& all = expression.variables();
  return std::find(all.begin(), all.end(), variable) != all.end();
}

}  // namespace

// A question that can be skipped, or a message that goes on: who is shown one more than somebody
// else can still go the same way.
bool Dominance::can_be_passed(std::size_t node) const {
  const CompiledNode& here = content_.nodes[node];
  if (here.type->asks) return !here.source->required();
  return here.source->message().after() == pb::Message::AFTER_CONTINUE;
}

bool Dominance::implied(const Expression& expression, std::size_t node, const Left& more,
                        const Left& less, bool both_ways) const {
  const std::size_t variable = node + kKnownCount;
  if (!reads(expression, variable)) return true;
  Worlds worlds(content_, expression, variable, reads_.everywhere());
  const std::size_t all = worlds.count_all();
  if (all > kMostWorlds) return false;
  for (std::size_t world = 0; world < all; ++world, worlds.next()) {
    worlds.give(less.codes);
    const bool then = expression.holds(worlds);
    worlds.give(more.codes);
    const bool now = expression.holds(worlds);
    if ((then && !now) || (both_ways && now && !then)) return false;
  }
  return true;
}

bool Dominance::dominates(std::size_t node, pb::Mode mode, const Left& more,
                          const Left& less) const {
  if (more.effect != less.effect) return false;
  const auto& uses = reads_.from(node, mode);
  const auto use = uses.find(node);
  if (use == uses.end()) return true;
  if (use->second.every_code) return more.codes == less.codes;
  if (use->second.times(more.codes) != use->second.times(less.codes)) return false;
  for (const std::size_t other : reads_.ahead(node, mode)) {
    const CompiledNode& here = content_.nodes[other];
    const bool both_ways = !can_be_passed(other);
    const auto holds = [&](const Expression& expression, bool strict) {
      return implied(expression, node, more, less, strict);
    };
    if (!holds(here.relevant, both_ways)) return false;
    if (!holds(content_.sections[here.section].relevant, both_ways)) return false;
    if (here.group != dialogue::kNoIndex &&
        !holds(content_.repeats[here.group].relevant, both_ways)) {
      return false;
    }
    for (const auto& choice : here.choices) {
      if (!holds(choice.relevant, false)) return false;
    }
  }
  return true;
}

std::vector<std::size_t> Dominance::undominated(std::size_t node, pb::Mode mode,
                                                const std::vector<Left>& outcomes) {
  std::string key = std::to_string(node) + "/" + std::to_string(static_cast<int>(mode));
  for (const auto& outcome : outcomes) {
    key.append(";").append(outcome.effect);
    for (const auto& code : outcome.codes) key.append(",").append(code);
  }
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto beats = [&](std::size_t other) {
      return dominates(node, mode, outcomes[other], outcomes[i]);
    };
    if (std::any_of(left.begin(), left.end(), beats)) continue;
    std::erase_if(left, [&](std::size_t other) {
      return dominates(node, mode, outcomes[i], outcomes[other]);
    });
    left.push_back(i);
  }
  known_.emplace(std::move(key), left);
  return left;
}

}  // namespace resguardo::form
