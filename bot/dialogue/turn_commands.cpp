// SPDX-License-Identifier: AGPL-3.0-or-later
// Words that, as a whole message, are an order. Inside a sentence they are a part of it.
#include <algorithm>

#include "bot/dialogue/card.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"
#include "bot/dialogue/understanding.h"

namespace resguardo::dialogue {

std::optional<CompiledCommand> Turn::command_in(std::string_view text) const {
  if (text.empty() || text.size() > kLongestFolded) return std::nullopt;
  return command_in(text, fold(text).reveal());
}

// A command is a name, or else nothing but signs.
std::optional<CompiledCommand> Turn::command_in(std::string_view text,
                                                std::string_view folded) const {
  if (text.empty() || text.size() > kLongestFolded) return std::nullopt;
  const bool parted = folded.find_first_of(",-") != std::string_view::npos;
  const std::string name = parted ? name_of_folded(folded) : std::string();
  const std::string_view whole = parted ? std::string_view(name) : folded;
  const auto found =
      whole.empty() ? form_.commands.find(trim_sign(text).reveal()) : form_.commands.find(whole);
  return found == form_.commands.end() ? std::nullopt : std::optional(found->second);
}

bool Turn::is_panic(std::string_view text) const {
  return matches_any(settings_.panic_words, text);
}

void Turn::command(const CompiledCommand& command) {
  switch (command.kind) {
    case pb::COMMAND_EXIT:
      return leave(pb::EVENT_EXIT);
    case pb::COMMAND_DURESS:
      return leave(pb::EVENT_DURESS);
    case pb::COMMAND_DELETE:
      return erase();
    case pb::COMMAND_PAUSE:
      return pause();
    case pb::COMMAND_SKIP:
      return skip();
    case pb::COMMAND_BACK:
      return back();
    case pb::COMMAND_WHY:
      return why();
    case pb::COMMAND_HELP:
      return help(form_.help_node);
    case pb::COMMAND_HEALTH:
      return help(form_.health_node == kNoIndex ? form_.help_node : form_.health_node);
    case pb::COMMAND_MENU:
      return owed(prompts_.say(Say::kCommands));
    case pb::COMMAND_LANGUAGE:
      return ask_language();
    case pb::COMMAND_DONE:
      return done();
    case pb::COMMAND_DISCREET:
      state().set_discreet(true);
      return state().interlude() == pb::INTERLUDE_NONE ? to_the_questions() : owed();
    case pb::COMMAND_MODE:
      return change_mode(command.mode);
    case pb::COMMAND_CARD:
      return begin_card(command);
    case pb::COMMAND_HELLO:
    case pb::COMMAND_UNSPECIFIED:
    default:
      return owed();
  }
}

void Turn::erase() {
  step_.unlink = true;
  if (state().adding()) return drop_addition();
  const bool open = stored();
  say(prompts_.only("@deleted", prompts_.say(open ? Say::kDeleted : Say::kNothingKept)));
  step_.take_back = TakeBack::kEverything;
  step_.left = true;
  start_afresh();
  step_.effect = open ? Effect::kEraseReport : Effect::kForget;
}

void Turn::pause() {
  // On a phone that others use a pause is leaving: nothing says that there is something to go on
  // with.
  if (stored())
    return end_at("@paused", prompts_.say(silence_is_leaving() ? Say::kGoodbye : Say::kPaused));
  end_at("@nothing_kept", prompts_.say(Say::kNothingKept));
}

void Turn::skip() {
  if (state().interlude() == pb::INTERLUDE_CHANGE) {
    state().set_interlude(pb::INTERLUDE_NONE);
    return owed();
  }
  if (state().interlude() == pb::INTERLUDE_WORD) return without_word();
  if (state().interlude() != pb::INTERLUDE_NONE) return owed(prompts_.say(Say::kCannotSkip));
  const Spot spot = here();
  if (spot.node == form_.returning.code) return back();  // nothing comes after it without a code
  const CompiledNode& skipped = form_.nodes[spot.node];
  if (!skipped.type->asks) return go_on_from(spot);
  if (skipped.source->required()) return owed(prompts_.say(Say::kCannotSkip));
  pb::Fact& fact = facts_.at(spot);
  const bool begun = fact.parts() > 0;
  fact.set_reopened(false);
  fact.set_faded(false);
  fact.set_picking(false);
  fact.set_anew(false);
  state().clear_picks();
  if (!begun) {
    take_mode_back(spot);
    if (says_other(spot, {})) forget_within(spot);
    fact.set_skipped(true);
    fact.clear_codes();
    Given given = about(spot, Given::Kind::kAnswer);
    given.skipped = true;
    keep(std::move(given));
    forget_unasked(spot);
  }
  go_on_from(spot);
}

void Turn::done() {
  if (state().interlude() != pb::INTERLUDE_NONE) return owed();
  const Spot spot = here();
  const CompiledNode& at = form_.nodes[spot.node];
  const bool in_parts = at.type->in_parts;
  if (in_parts && facts_.find(spot) == nullptr) return skip();
  if (in_parts || !at.type->asks || spot.node == form_.receipt_node) {
    return take(spot, {Heard::Kind::kGoOn, {}, nullptr}, {});
  }
  if (at.type->many && !state().picks().empty()) return utter({{}, {}, "_done"});
  owed();
}

// Only to what would be asked now: an answer to anything else would lead on past what is.
bool Turn::may_return_to(const Spot& spot) const {
  if (!form_.nodes[spot.node].type->asks || !route_.asked(spot)) return false;
  return !state().card() || asked_by_card(form_, spot.node);
}

void Turn::back() {
  if (state().interlude() == pb::INTERLUDE_LANGUAGE) return end_language();
  if (state().interlude() == pb::INTERLUDE_WORD) return without_word();
  if (state().interlude() == pb::INTERLUDE_CHANGE) {
    state().set_interlude(pb::INTERLUDE_NONE);
    return owed();
  }
  if (state().interlude() != pb::INTERLUDE_NONE) return owed();
  const bool on_a_later_page = form_.nodes[cursor().node].type->paged && !state().picks().empty();
  if (on_a_later_page) {
    state().clear_picks();
    return owed();
  }
  const auto& order = facts_.order();
  auto at = std::find(order.begin(), order.end(), cursor());
  const std::size_t first = stored() ? form_.consent_node + 1 : 0;
  while (at != order.begin()) {
    const Spot spot = *--at;
    if (spot.node < first || spot == cursor() || !may_return_to(spot)) continue;
    reopen(spot);
    return stop_at(spot, {});
  }
  owed(prompts_.say(Say::kNoWayBack));
}

void Turn::help(std::size_t node) {
  keep_event(pb::EVENT_HELP_SHOWN, form_.nodes[node].source->id());
  owed(prompts_.text({node}));
}

// Before they said that they want to go on, nothing is shown of what.
void Turn::why() {
  const bool unfinished = state().interlude() == pb::INTERLUDE_UNFINISHED;
  owed(unfinished ? prompts_.say(Say::kNoWhy) : prompts_.why(here()));
}

void Turn::ask_language() {
  if (here().node == form_.safety_node && state().interlude() == pb::INTERLUDE_SAFETY)
    return owed();
  if (state().interlude() == pb::INTERLUDE_UNFINISHED) state().set_offer_to_go_on(true);
  if (cursor().node != form_.language_node) state().set_interlude(pb::INTERLUDE_LANGUAGE);
  owed();
}

// Back to what it interrupted; only a yes goes on.
void Turn::end_language() {
  if (!state().offer_to_go_on()) return to_the_questions();
  state().set_offer_to_go_on(false);
  state().set_interlude(pb::INTERLUDE_UNFINISHED);
  owed();
}

}  // namespace resguardo::dialogue
