// SPDX-License-Identifier: AGPL-3.0-or-later
// Where a conversation goes next: forward to the first node that is due, or where a choice points.
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

bool Turn::asked(std::size_t index) const {
  const auto& node = form_.nodes[index];
  const auto& section = form_.sections[node.section];
  const auto mode = state().mode() == 0 ? static_cast<unsigned>(pb::MODE_GUIDED) : state().mode();
  const std::uint32_t bit = mode < 32 ? 1U << mode : 0;
  const bool in_mode = (node.modes == 0 || (node.modes & bit) != 0) &&
                       (section.modes == 0 || (section.modes & bit) != 0);
  return in_mode && section.relevant.holds(facts_) && node.relevant.holds(facts_);
}

std::size_t Turn::here() const {
  switch (state().interlude()) {
    case pb::INTERLUDE_SAFETY:
      return form_.safety_node;
    case pb::INTERLUDE_LANGUAGE:
      return form_.language_node;
    case pb::INTERLUDE_CHANGE:
      return form_.review_node;
    case pb::INTERLUDE_NONE:
    default:
      return cursor();
  }
}

void Turn::owed(const std::string& before) {
  if (state().interlude() == pb::INTERLUDE_CHANGE) {
    return say(prompts_.sections_to_change(section_rows()));
  }
  say(prompts_.ask(here(), before));
}

void Turn::go_on_from(std::size_t node) {
  const bool at_end = node + 1 >= form_.nodes.size();
  if (at_end) return end_at("@goodbye", prompts_.say(Say::kGoodbye));
  walk(node + 1, form_.nodes[node].section);
}

void Turn::reopen(std::size_t node) {
  pb::Fact* fact = facts_.find(node);
  if (fact == nullptr) return;
  if (fact->shown()) return facts_.forget(node);
  fact->set_reopened(true);
}

void Turn::go_to(std::size_t node) {
  reopen(node);
  walk(node, form_.nodes[node].section);
}

// Bounded: every round goes forward, or jumps to where a message points, and a message that was
// passed is not passed again.
void Turn::walk(std::size_t from, std::size_t home_section) {
  std::vector<std::size_t> passed;
  std::string before;
  for (std::size_t node = from; node < form_.nodes.size(); ++node) {
    const auto section = form_.nodes[node].section;
    if (form_.sections[section].source->entry() && section != home_section) continue;
    if (!asked(node) || facts_.settled(node)) continue;
    if (form_.nodes[node].type->asks) {
      if (!prompts_.fits(node, before)) return show_alone(passed);
      return stop_at(node, before);
    }
    if (!pass_message(node, passed, before)) return;
    if (form_.nodes[node].after_goto == kNoIndex) continue;
    node = form_.nodes[node].after_goto;
    reopen(node);
    home_section = form_.nodes[node].section;
    --node;  // unsigned, and comes back with ++
  }
  if (!passed.empty()) return show_alone(passed);
  end_at("@goodbye", prompts_.say(Say::kGoodbye));
}

// A message on the way: joined with what comes next. False: the walk ends here.
bool Turn::pass_message(std::size_t node, std::vector<std::size_t>& passed, std::string& before) {
  const auto& message = form_.nodes[node].source->message();
  const std::string text = prompts_.text(node);
  const std::string together = before.empty() ? text : before + "\n\n" + text;
  if (!passed.empty() && (message.alone() || !prompts_.fits(node, before))) {
    return show_alone(passed), false;
  }
  facts_.at(node).set_shown(true);
  passed.push_back(node);
  before = together;
  if (message.after() == pb::Message::AFTER_END) {
    end_at(form_.nodes[node].source->id(), before);
    return false;
  }
  if (message.alone()) return show_alone(passed), false;
  return true;
}

// What was passed does not fit before the next question: it stands alone and waits.
void Turn::show_alone(const std::vector<std::size_t>& passed) {
  std::string before;
  for (std::size_t i = 0; i + 1 < passed.size(); ++i) {
    before += (before.empty() ? "" : "\n\n") + prompts_.text(passed[i]);
  }
  stop_at(passed.back(), before);
}

void Turn::stop_at(std::size_t node, const std::string& before) {
  const std::string& id = form_.nodes[node].source->id();
  if (state().cursor() != id) {
    state().set_cursor(id);
    state().clear_picks();
    state().clear_pending_date();
  }
  state().set_misunderstood(0);
  if (node == form_.receipt_node && stored()) return open_receipt(node, before);
  say(prompts_.ask(node, before));
}

void Turn::open_receipt(std::size_t node, const std::string& before) {
  become(State::PHASE_CLOSED);
  step_.effect = Effect::kCloseReport;
  say(prompts_.ask(node, before));
}

// The last words. A report that is open stays open: it was left, not erased.
void Turn::end_at(std::string_view node, const std::string& text) {
  say(prompts_.only(node, text));
  if (stored()) return become(State::PHASE_PAUSED);
  step_.effect = Effect::kForget;
  start_afresh();
}

// An interlude does not move the conversation: what it leads to is shown and nothing else.
void Turn::end_interlude_at(std::size_t from) {
  for (std::size_t node = from; node < form_.nodes.size(); ++node) {
    if (form_.nodes[node].type->asks) break;
    if (!asked(node)) continue;
    if (form_.nodes[node].source->message().after() != pb::Message::AFTER_END) break;
    return end_at(form_.nodes[node].source->id(), prompts_.text(node));
  }
  pause();
}

// A changed answer may make others pointless; until nothing changes, since they may decide too.
void Turn::forget_unasked() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const std::size_t node : facts_.order()) {
      if (node <= form_.language_node || asked(node)) continue;
      facts_.forget(node);
      changed = true;
      break;
    }
  }
}

}  // namespace resguardo::dialogue
