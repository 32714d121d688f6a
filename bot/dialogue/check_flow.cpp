// SPDX-License-Identifier: AGPL-3.0-or-later
// The form as a graph: every node is reached, every way ends, and none is too long.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/question_type.h"

namespace resguardo::dialogue {
namespace {

class Graph {
 public:
  explicit Graph(const Form::Content& content) : content_(content) {
    for (std::size_t i = 0; i < content.nodes.size(); ++i) edges_.push_back(edges_of(i));
  }
  const std::vector<std::size_t>& edges(std::size_t node) const { return edges_[node]; }
  // Going on from here would leave the form without a last word.
  bool runs_off(std::size_t node) const { return runs_off_[node]; }
  bool ends(std::size_t node) const {
    return content_.nodes[node].source->message().after() == pb::Message::AFTER_END;
  }
  std::size_t size() const { return edges_.size(); }

 private:
  bool conditional(const CompiledNode& node) const {
    const auto& section = content_.sections[node.section];
    return !node.relevant.always() || node.modes != 0 || !section.relevant.always() ||
           section.modes != 0 || section.repeat != kNoIndex || node.group != kNoIndex;
  }
  bool falls_through(const CompiledNode& node) const {
    if (conditional(node)) return true;
    if (node.type == nullptr || node.type->asks) return asks_and_goes_on(node);
    return node.source->message().after() == pb::Message::AFTER_CONTINUE;
  }
  static bool asks_and_goes_on(const CompiledNode& node) {
    if (node.choices.empty() || !node.source->required()) return true;
    return std::any_of(node.choices.begin(), node.choices.end(), [](const CompiledChoice& choice) {
      return choice.goto_node == kNoIndex && !choice.explains;
    });
  }
  std::size_t following(std::size_t index) const {
    const auto here = content_.nodes[index].section;
    for (std::size_t next = index + 1; next < content_.nodes.size(); ++next) {
      const auto section = content_.nodes[next].section;
      if (section == here || !content_.sections[section].source->entry()) return next;
    }
    return kNoIndex;
  }
  std::vector<std::size_t> edges_of(std::size_t index) {
    const auto& node = content_.nodes[index];
    std::vector<std::size_t> edges;
    for (const auto& choice : node.choices) {
      if (choice.goto_node != kNoIndex) edges.push_back(choice.goto_node);
    }
    if (node.after_goto != kNoIndex) edges.push_back(node.after_goto);
    const bool on = falls_through(node);
    const std::size_t next = following(index);
    if (on && next != kNoIndex) edges.push_back(next);
    runs_off_.push_back(on && next == kNoIndex);
    return edges;
  }

  const Form::Content& content_;
  std::vector<std::vector<std::size_t>> edges_;
  std::vector<bool> runs_off_;
};

std::vector<bool> reached(const Form::Content& content, const Graph& graph) {
  std::vector<bool> seen(graph.size());
  std::vector<std::size_t> open = {0, content.help_node, content.health_node, content.menu_node,
                                   content.declined_node};
  const auto& back = content.returning;
  for (const std::size_t node :
       {back.code, back.menu, back.confirm, back.confirm_all, back.reply, back.no_reply, back.add,
        back.erased, back.changed, back.failed, back.dropped, back.left, back.waits, back.not_kept,
        back.link_ask, back.link_made, back.link_failed, back.link_menu, back.link_ended})
    open.push_back(node);
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (node >= seen.size() || seen[node]) continue;
    seen[node] = true;
    for (const auto next : graph.edges(node)) open.push_back(next);
  }
  return seen;
}

std::vector<bool> with_exit(const Graph& graph) {
  std::vector<bool> exits(graph.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t node = 0; node < graph.size(); ++node) {
      if (exits[node]) continue;
      const auto& edges = graph.edges(node);
      const bool out =
          graph.ends(node) || graph.runs_off(node) ||
          std::any_of(edges.begin(), edges.end(), [&](auto next) { return exits[next]; });
      if (out) exits[node] = changed = true;
    }
  }
  return exits;
}

// Replies on the longest way forward, every condition taken to be true: no path is longer, except
// by going back.
std::size_t longest(const Form::Content& content, const Graph& graph) {
  std::vector<std::size_t> replies(graph.size());
  for (std::size_t node = graph.size(); node-- > 0;) {
    for (const auto next : graph.edges(node)) {
      if (next > node) replies[node] = std::max(replies[node], replies[next]);
    }
    const auto* type = content.nodes[node].type;
    const bool waits =
        (type != nullptr && type->asks) || content.nodes[node].source->message().alone();
    if (waits) ++replies[node];
  }
  return replies.empty() ? 0 : replies.front();
}

// Questions whose answers are a testimony whatever they ask.
bool tells_of_it(pb::Node::BodyCase arm) {
  return arm == pb::Node::kNarrative || arm == pb::Node::kMedia || arm == pb::Node::kContact ||
         arm == pb::Node::kPoint || arm == pb::Node::kMoney;
}

}  // namespace

void check_flow(const Form::Content& content, Problems& problems) {
  if (content.nodes.empty()) return;
  const Graph graph(content);
  const auto seen = reached(content, graph);
  const auto exits = with_exit(graph);
  for (std::size_t i = 0; i < graph.size(); ++i) {
    if (!seen[i]) problems.add(Rule::kUnreachable, where(content.nodes[i]), "no way leads here");
    if (!exits[i])
      problems.add(Rule::kDeadEnd, where(content.nodes[i]),
                   "no way out: no last message can be reached");
    if (graph.runs_off(i)) {
      problems.add(Rule::kRunsOff, where(content.nodes[i]),
                   "the form ends here without a last message (AFTER_END)");
    }
  }
  const std::size_t replies = longest(content, graph);
  const std::size_t limit = content.form.longest_path();
  if (limit > 0 && replies > limit) {
    problems.add(Rule::kPathTooLong, "form",
                 "the longest way takes " + std::to_string(replies) + " replies, more than " +
                     std::to_string(limit));
  }
}

void check_landmarks(const Form::Content& content, Problems& problems) {
  check_return(content, problems);
  const auto need = [&](std::size_t node, pb::Node::BodyCase arm, const char* what) {
    if (node == kNoIndex)
      return problems.add(Rule::kLandmark, "landmarks", std::string(what) + " is missing");
    if (content.nodes[node].source->body_case() != arm) {
      problems.add(Rule::kLandmark, "landmarks", std::string(what) + " is of another type");
    }
  };
  need(content.language_node, pb::Node::kLanguage, "language");
  need(content.safety_node, pb::Node::kSingleChoice, "safety");
  need(content.consent_node, pb::Node::kConsent, "consent");
  need(content.review_node, pb::Node::kReview, "review");
  need(content.receipt_node, pb::Node::kReceipt, "receipt");
  need(content.help_node, pb::Node::kMessage, "help");
  need(content.declined_node, pb::Node::kMessage, "declined");
  if (content.team_code_node != kNoIndex) {
    need(content.team_code_node, pb::Node::kText, "team_code");
    const auto& node = content.nodes[content.team_code_node];
    if (content.team_code_node > content.consent_node || !node.source->required())
      problems.add(Rule::kLandmark, where(node),
                   "team_code is asked before consent and cannot be skipped");
  }
  if (content.language_node != 0)
    problems.add(Rule::kFirstQuestions, "landmarks", "the language is asked first");
  if (content.safety_node != 1)
    problems.add(Rule::kFirstQuestions, "landmarks", "safety is asked before anything else");
  for (std::size_t i = 0; i < content.nodes.size(); ++i) {
    const auto arm = content.nodes[i].source->body_case();
    const auto place = where(content.nodes[i]);
    if (arm == pb::Node::kConsent && i != content.consent_node) {
      problems.add(Rule::kConsentShape, place, "consent is asked once");
    }
    if (arm == pb::Node::kReceipt && i != content.receipt_node) {
      problems.add(Rule::kQuestionShape, place, "there is one receipt");
    }
    if (content.nodes[i].read_by_expression && i < content.consent_node &&
        !content.nodes[i].source->persist()) {
      problems.add(
          Rule::kNotPersisted, place,
          "an expression reads it and it cannot be asked again after consent: set persist");
    }
    if (i < content.consent_node && tells_of_it(arm)) {
      problems.add(Rule::kToldBeforeConsent, place, "asked before consent");
    }
    // Who may interview is settled before anything is told; it is theirs, not the reporter's.
    const bool interviewer = content.nodes[i].source->id() == content.form.landmarks().team_code();
    if (content.nodes[i].identity && i < content.consent_node && arm != pb::Node::kMessage &&
        !interviewer) {
      problems.add(Rule::kIdentityBeforeConsent, place, "identity is asked only after consent");
    }
  }
}

}  // namespace resguardo::dialogue
