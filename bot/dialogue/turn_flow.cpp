// SPDX-License-Identifier: AGPL-3.0-or-later
// Where a conversation goes next: forward to the first node that is due, or where a choice points.
#include <algorithm>

#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

Spot Turn::cursor() const {
  const std::string& name = state().cursor();
  if (at_ == kNoIndex || form_.nodes[at_].id != name) at_ = form_.find(name);
  return at_ == kNoIndex ? Spot{} : spot_of(form_, at_, state().cursor_instance());
}

Spot Turn::here() const {
  switch (state().interlude()) {
    case pb::INTERLUDE_SAFETY:
      return {form_.safety_node};
    case pb::INTERLUDE_LANGUAGE:
      return {form_.language_node};
    case pb::INTERLUDE_CHANGE:
      return {form_.review_node};
    case pb::INTERLUDE_WORD:
      return form_.resume_word_node == kNoIndex ? cursor() : Spot{form_.resume_word_node};
    case pb::INTERLUDE_NONE:
    default:
      return cursor();
  }
}

void Turn::owed(const std::string& before) {
  if (shows_reply()) return show_menu(before);  // it is gone here, and stands in the chat
  if (state().interlude() == pb::INTERLUDE_CHANGE) {
    return say(prompts_.sections_to_change(section_rows(), before));
  }
  if (state().interlude() == pb::INTERLUDE_UNFINISHED)
    return say(prompts_.unfinished(cursor(), before));
  say(prompts_.ask(here(), before));
}

void Turn::go_on_from(const Spot& spot) {
  walk(route_.following(spot), form_.nodes[spot.node].section);
}

void Turn::reopen(const Spot& spot) {
  pb::Fact* fact = facts_.find(spot);
  if (fact == nullptr) return;
  if (fact->shown()) return facts_.forget(spot);
  fact->set_reopened(true);
}

void Turn::go_to(const Spot& spot) {
  reopen(spot);
  walk(spot, form_.nodes[spot.node].section);
}

// Whoever interviews shows the code first, however they came here.
bool Turn::needs_code(const Spot& spot) const {
  const std::size_t code = form_.team_code_node;
  if (code == kNoIndex || spot.node == kNoIndex || spot.node <= code) return false;
  return route_.mode() == pb::MODE_INTERVIEWER && route_.asked({code}) && !facts_.settled({code});
}

// Bounded: every round goes forward, a repeat has a most, or a message jumps to where it points,
// and a message that was passed is not passed again.
void Turn::walk(Spot spot, std::size_t home_section) {
  std::vector<Spot> passed;
  std::string before;
  if (needs_code(spot)) spot = Spot{form_.team_code_node};
  while (spot.node != kNoIndex) {
    const CompiledNode& node = form_.nodes[spot.node];
    const bool elsewhere =
        form_.sections[node.section].source->entry() && node.section != home_section;
    if (elsewhere || facts_.settled(spot) || !route_.asked(spot)) {
      spot = route_.following(spot);
      continue;
    }
    if (leads_to_menu(spot)) {
      spot = Spot{return_menu()};
      home_section = form_.nodes[spot.node].section;
      reopen(spot);
      continue;
    }
    if (node.type->asks) {
      if (!before.empty() && !prompts_.fits(spot, before)) return show_alone(passed);
      return stop_at(spot, before);
    }
    if (!pass_message(spot, passed, before)) return;
    if (node.after_goto == kNoIndex) {
      spot = route_.following(spot);
      continue;
    }
    spot = spot_seen_from(form_, node.after_goto, spot);
    reopen(spot);
    home_section = form_.nodes[spot.node].section;
  }
  if (!passed.empty()) return show_alone(passed);
  end_at("@goodbye", prompts_.say(Say::kGoodbye));
}

// A message on the way: joined with what comes next. False: the walk ends here.
bool Turn::pass_message(const Spot& spot, std::vector<Spot>& passed, std::string& before) {
  if (state().card()) return pass_unsaid(spot);
  const auto& message = form_.nodes[spot.node].source->message();
  const std::string text = prompts_.text(spot);
  const std::string together = before.empty() ? text : before + "\n\n" + text;
  if (!passed.empty() && (message.alone() || !prompts_.fits(spot, before))) {
    return show_alone(passed), false;
  }
  facts_.at(spot).set_shown(true);
  passed.push_back(spot);
  before = together;
  if (message.after() == pb::Message::AFTER_END) {
    state().adding() && is_return_node(spot) ? close_addition(spot, before)
                                             : end_at_message(spot, before);
    return false;
  }
  if (message.alone()) return show_alone(passed), false;
  return true;
}

// By card: what matters of it is printed.
bool Turn::pass_unsaid(const Spot& spot) {
  facts_.at(spot).set_shown(true);
  const pb::Node& node = *form_.nodes[spot.node].source;
  if (node.message().after() != pb::Message::AFTER_END) return true;
  end_at(node.id(), {});
  return false;
}

// What was passed does not fit before the next question: it stands alone and waits.
void Turn::show_alone(const std::vector<Spot>& passed) {
  std::string before;
  for (std::size_t i = 0; i + 1 < passed.size(); ++i) {
    before += (before.empty() ? "" : "\n\n") + prompts_.text(passed[i]);
  }
  stop_at(passed.back(), before);
}

// Where messages could vanish by themselves and do not, the person is told before the first
// question that could hurt, and again if the timer was on meanwhile.
std::string Turn::with_warning(const Spot& spot, const std::string& before) {
  constexpr std::uint32_t kDistressing = 2;
  const bool stays = around_.vanishes && !*around_.vanishes;
  if (!stays || state().told_it_stays()) return before;
  if (form_.nodes[spot.node].source->sensitivity() < kDistressing) return before;
  state().set_told_it_stays(true);
  return before + (before.empty() ? "" : "\n\n") + prompts_.say(Say::kWillNotVanish);
}

void Turn::stop_at(const Spot& spot, const std::string& before) {
  if (cursor() != spot) {
    state().set_cursor(form_.nodes[spot.node].source->id());
    write_path(form_, spot, state().mutable_cursor_instance());
    state().clear_picks();
    state().clear_pending_date();
  }
  state().set_misunderstood(0);
  if (spot.node == form_.receipt_node && stored()) return open_receipt(spot, before);
  if (looks_for_link(spot)) {
    step_.effect = Effect::kFindLink;
    return;
  }
  say(prompts_.ask(spot, with_warning(spot, before)));
}

void Turn::open_receipt(const Spot& spot, const std::string& before) {
  become(State::PHASE_CLOSED);
  step_.take_back = TakeBack::kQuestions;
  step_.effect = Effect::kCloseReport;
  say(prompts_.ask(spot, before));
}

void Turn::show_replaced() {
  const Spot receipt{form_.receipt_node};
  become(State::PHASE_CLOSED);
  state().set_cursor(form_.nodes[receipt.node].source->id());
  step_.take_back = TakeBack::kQuestions;
  say(prompts_.ask(receipt, prompts_.say(Say::kReceiptReplaced)));
}

// The last words. A report that is open stays open: it was left, not erased.
void Turn::end_at(std::string_view node, const std::string& text) {
  say(prompts_.only(node, state().card() && text.empty() ? prompts_.say(Say::kPaused) : text));
  step_.take_back = TakeBack::kQuestions;
  if (stored()) return become(State::PHASE_PAUSED);
  step_.effect = Effect::kForget;
  start_afresh();
}

// "I am in danger", "not now": they may write again soon, and are not asked for their language
// anew. It is all that is known of them then, in memory only, and no longer than any silence before
// consent.
void Turn::end_at_message(const Spot& spot, const std::string& text) {
  const bool keeps = state().phase() == State::PHASE_BEFORE_CONSENT && !state().card();
  const std::string language = state().language();
  end_at(form_.nodes[spot.node].source->id(), text);
  if (!keeps) return;
  state().set_language(language);
  state().set_last_said_ms(now_.time_since_epoch().count());
}

// An interlude does not move the conversation: what it leads to is shown and nothing else.
void Turn::end_interlude_at(Spot spot) {
  for (; spot.node != kNoIndex; spot = route_.following(spot)) {
    const CompiledNode& node = form_.nodes[spot.node];
    if (node.type->asks) break;
    if (!route_.asked(spot)) continue;
    if (node.source->message().after() != pb::Message::AFTER_END) break;
    return end_at_message(spot, prompts_.text(spot));
  }
  pause();
}

// An answer that stands no more: before consent it is gone, after it the seal says that it fell.
void Turn::forget(const Spot& spot) {
  const pb::Fact* fact = facts_.find(spot);
  const bool answer = fact != nullptr && !fact->shown() && form_.nodes[spot.node].type->asks;
  facts_.forget(spot);
  if (!answer) return;
  if (stored()) return keep(about(spot, Given::Kind::kRetraction));
  forget_held(form_.nodes[spot.node].id);
}

// A changed answer may make others pointless; until nothing changes, since they may decide too.
void Turn::forget_unasked(const Spot& answered) {
  if (!form_.nodes[answered.node].read_by_expression) return;  // it decides nothing
  for (Spot fell = route_.first_that_fell(answered.node); fell.node != kNoIndex;) {
    forget(fell);
    fell = route_.first_that_fell();
  }
}

// Other picks, so each time is about something else now.
void Turn::forget_times_of(const Spot& for_each) {
  const pb::Fact* before = facts_.find(for_each);
  const bool known = before == nullptr || !before->faded();  // else it may be the same again
  const auto about_it = [&](const Spot& spot) {
    const CompiledNode& node = form_.nodes[spot.node];
    for (const std::size_t repeat : {node.group, form_.sections[node.section].repeat}) {
      if (repeat == kNoIndex || form_.repeats[repeat].for_each != for_each.node) continue;
      if (spot_seen_from(form_, for_each.node, spot) == for_each) return true;
    }
    return false;
  };
  const std::vector<Spot> all(facts_.order().begin(), facts_.order().end());
  for (const Spot& spot : all) {
    if (about_it(spot)) known ? forget(spot) : facts_.forget(spot);
  }
}

bool Turn::says_other(const Spot& spot, const std::vector<std::string>& codes) const {
  const pb::Fact* before = facts_.find(spot);
  return before != nullptr &&
         !std::equal(before->codes().begin(), before->codes().end(), codes.begin(), codes.end());
}

// A city was named within a country: where another country is told, it is asked anew. After a
// restart nobody knows whether it is another.
void Turn::forget_within(const Spot& changed) {
  const auto& inner = form_.nodes[changed.node].places_within;
  const pb::Fact* before = facts_.find(changed);
  if (inner.empty() || (before != nullptr && before->faded())) return;
  const std::vector<Spot> all(facts_.order().begin(), facts_.order().end());
  for (const Spot& spot : all) {
    const bool named = std::find(inner.begin(), inner.end(), spot.node) != inner.end();
    if (!named || spot_seen_from(form_, changed.node, spot) != changed) continue;
    forget(spot);
    forget_within(spot);
  }
}

}  // namespace resguardo::dialogue
