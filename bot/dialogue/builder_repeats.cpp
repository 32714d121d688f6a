// SPDX-License-Identifier: AGPL-3.0-or-later
// What is asked several times, and the order of the nodes in each depth.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"

namespace resguardo::dialogue {
namespace {

constexpr std::uint32_t kMostTimes = 99;

class RepeatBuilder {
 public:
  RepeatBuilder(Form::Content& content, Problems& problems, std::size_t index)
      : content_(content), problems_(problems), index_(index), repeat_(content.repeats[index]) {}

  void build() {
    const auto& source = *repeat_.source;
    repeat_.max = source.max();
    if (source.max() == 0 || source.max() > kMostTimes) {
      problems_.add(Rule::kRepeatWithoutMax, repeat_.id, "max is 1 to 99");
    }
    if (source.while_node().empty() == source.for_each().empty()) {
      add("a repeat has either while_node or for_each");
    }
    if (content_.consent_node != kNoIndex && repeat_.first <= content_.consent_node) {
      add("nothing is asked several times before consent");
    }
    if (content_.sections[repeat_.section].source->entry()) add("an entry does not repeat");
    if (!source.while_node().empty()) find_while();
    if (!source.for_each().empty()) find_for_each();
    if (!repeat_.group) build_choices();
  }

 private:
  void add(std::string what) { problems_.add(Rule::kRepeatShape, repeat_.id, std::move(what)); }

  bool directly_in_it(const CompiledNode& node) const {
    return repeat_.group ? node.group == index_
                         : node.section == repeat_.section && node.group == kNoIndex;
  }
  void find_while() {
    const std::size_t found = content_.find(repeat_.source->while_node());
    if (found == kNoIndex || !directly_in_it(content_.nodes[found])) {
      return add("while_node is not one of its nodes: " + repeat_.source->while_node());
    }
    auto& node = content_.nodes[found];
    if (found != repeat_.first && found != repeat_.last) {
      add("while_node comes first or last: " + node.source->id());
    }
    const bool affirms =
        std::any_of(node.choices.begin(), node.choices.end(),
                    [](const CompiledChoice& choice) { return choice.source->affirms(); });
    if (node.source->body_case() != pb::Node::kSingleChoice || !affirms) {
      add("while_node is a single choice of which one affirms: " + node.source->id());
    }
    if (node.first_in != 0) add("while_node has its place: no first_in");
    node.read_by_expression = true;
    repeat_.while_node = found;
  }

  void find_for_each() {
    const std::size_t found = content_.find(repeat_.source->for_each());
    if (found == kNoIndex || found >= repeat_.first) {
      return add("for_each is not a question before it: " + repeat_.source->for_each());
    }
    auto& node = content_.nodes[found];
    const bool one_answer =
        node.group == kNoIndex &&
        (node.section == repeat_.section || content_.sections[node.section].repeat == kNoIndex);
    if (!one_answer || node.source->body_case() != pb::Node::kMultipleChoice) {
      add("for_each is a multiple choice that is asked once: " + node.source->id());
    }
    for (const auto& code : repeat_.source->exclude()) {
      if (node.find(code) == nullptr) add("exclude: no such code: " + code);
    }
    node.read_by_expression = true;
    repeat_.for_each = found;
  }

  // "What happened (2)": which time the review is to change.
  void build_choices() {
    auto& section = content_.sections[repeat_.section];
    for (std::uint32_t time = 1; time <= std::min(repeat_.max, kMostTimes); ++time) {
      const std::string number = std::to_string(time);
      CompiledChoice choice = section.as_choice;
      choice.code.append(1, '.').append(number);
      choice.folded_code = fold_name(choice.code);
      for (auto& title : choice.titles) {
        title.title.append(" (").append(number).append(")");
        title.names = {fold_name(title.title)};
        if (visible_length(title.title) > kRowTitle) add("title too long to be numbered");
      }
      section.as_choices.push_back(std::move(choice));
    }
  }

  Form::Content& content_;
  Problems& problems_;
  std::size_t index_;
  CompiledRepeat& repeat_;
};

// Nobody jumps into the middle of something that is asked several times: which time would it be?
void check_jumps(const Form::Content& content, Problems& problems) {
  const auto inside = [&](const CompiledNode& from, std::size_t target) {
    if (target == kNoIndex) return true;
    const CompiledNode& to = content.nodes[target];
    const bool section =
        content.sections[to.section].repeat == kNoIndex || to.section == from.section;
    return section && (to.group == kNoIndex || to.group == from.group);
  };
  for (const auto& node : content.nodes) {
    bool fine = inside(node, node.after_goto);
    for (const auto& choice : node.choices) fine = fine && inside(node, choice.goto_node);
    if (!fine)
      problems.add(Rule::kRepeatShape, node.source->id(), "goes into a repeat from outside");
  }
  for (const std::size_t mark :
       {content.language_node, content.safety_node, content.consent_node, content.help_node,
        content.health_node, content.menu_node, content.declined_node, content.review_node,
        content.receipt_node}) {
    if (mark == kNoIndex) continue;
    const CompiledNode& node = content.nodes[mark];
    if (node.group != kNoIndex || content.sections[node.section].repeat != kNoIndex) {
      problems.add(Rule::kRepeatShape, node.source->id(), "a landmark is not asked several times");
    }
  }
}

void check_first_in(const Form::Content& content, Problems& problems) {
  for (const auto& node : content.nodes) {
    if (node.first_in == 0) continue;
    if (node.group != kNoIndex)
      problems.add(Rule::kRepeatShape, node.source->id(), "first_in is not for groups");
    const bool early = content.consent_node != kNoIndex &&
                       node.section <= content.nodes[content.consent_node].section;
    if (early)
      problems.add(Rule::kRepeatShape, node.source->id(), "until consent, the order is one");
  }
}

// Within each section: what begins a repeat, what this depth puts first, the rest as written.
void build_order(Form::Content& content, std::size_t mode) {
  auto& order = content.order[mode];
  auto& place = content.place[mode];
  order.clear();
  const std::uint32_t bit = 1U << mode;
  const auto rank = [&](std::size_t index) {
    const CompiledNode& node = content.nodes[index];
    const std::size_t repeat = content.sections[node.section].repeat;
    const bool begins = repeat != kNoIndex && content.repeats[repeat].while_node == index &&
                        content.repeats[repeat].begins();
    if (begins) return 0;
    return (node.first_in & bit) != 0 ? 1 : 2;
  };
  for (std::size_t node = 0; node < content.nodes.size(); ++node) order.push_back(node);
  // Total: clang refuses std::stable_sort of g++ 12.
  std::sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    const auto section = content.nodes[one].section, other_section = content.nodes[other].section;
    if (section != other_section) return section < other_section;
    const int rank_one = rank(one), rank_other = rank(other);
    return rank_one != rank_other ? rank_one < rank_other : one < other;
  });
  place.assign(order.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) place[order[i]] = i;
}

}  // namespace

void build_repeats(Form::Content& content, Problems& problems) {
  for (std::size_t i = 0; i < content.repeats.size(); ++i) {
    RepeatBuilder(content, problems, i).build();
  }
  check_jumps(content, problems);
  check_first_in(content, problems);
  for (std::size_t mode = 0; mode < kModeCount; ++mode) build_order(content, mode);
  for (auto& node : content.nodes) {
    node.section_repeats = content.sections[node.section].repeat != kNoIndex;
  }
}

}  // namespace resguardo::dialogue
