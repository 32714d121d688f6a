// SPDX-License-Identifier: AGPL-3.0-or-later
// One thing said, at the node where the conversation stands.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/overloaded.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

void Turn::hear(const Said& said) {
  std::visit(
      Overloaded{[&](const Words& it) { words(it.text.reveal()); },
                 [&](const Tap& it) { tap(it.id); }, [&](const Attachment& it) { attachment(it); },
                 [&](const Pin& it) { pin(it); }, [&](const NotForUs&) { not_for_us(); },
                 [&](const Rewording&) {}, [&](const TakenBack&) {}, [&](const Hello&) { owed(); },
                 [&](const Tried&) {}, [&](const ReplyRead&) {}, [&](const Withdrawn&) {},
                 [&](const ReceiptReplaced&) {}, [&](const LinkFound&) {}, [&](const LinkMade&) {}},
      said);
}

void Turn::words(std::string_view text) {
  if (is_panic(text)) return leave(pb::EVENT_PANIC);
  const bool could_be_choice = text.size() <= kLongestFolded;
  const SecretText folded = could_be_choice ? fold(text) : SecretText();
  if (const auto kind = command_in(text, folded.reveal())) return command(*kind);
  const WordsView pieces = split(folded.reveal());
  utter({text, pieces, std::nullopt});
}

void Turn::utter(const Utterance& said) {
  if (state().card() && !said.tapped) return utter_by_card(said);
  if (state().interlude() == pb::INTERLUDE_CHANGE) return pick_section(said);
  if (state().interlude() == pb::INTERLUDE_UNFINISHED) return whether_to_go_on(said);
  const Spot spot = here();
  take(spot, form_.nodes[spot.node].type->hear(prompts_.scene(spot), said), said);
}

// "node:code", or "node.1:code" in a repeat. Whatever it is, it is no words of the person: nothing
// of it is sealed but the code of a choice that was really offered.
void Turn::tap(std::string_view id) {
  const auto tapped = choice_named(form_, id);
  if (!tapped) return owed();
  const bool due = state().interlude() == pb::INTERLUDE_WORD && tapped->spot == cursor();
  if (due) state().set_interlude(pb::INTERLUDE_NONE);  // it was on the screen, and is answered
  if (tapped->spot == here()) {
    utter({{}, {}, tapped->code});
    if (due && cursor() != tapped->spot && state().phase() == State::PHASE_OPEN) to_the_questions();
    return;
  }
  tap_earlier(tapped->spot, tapped->code);
}

// A button of an earlier question: people change their mind, and they press "I am in danger" late.
void Turn::tap_earlier(const Spot& spot, std::string_view code) {
  const CompiledNode& earlier = form_.nodes[spot.node];
  const CompiledChoice* choice = earlier.find(code);
  const pb::Fact* fact = facts_.find(spot);
  if (choice == nullptr || is_barred(choice) || !choice->relevant.holds(Seen(facts_, spot)))
    return owed();
  if (spot.node == form_.safety_node && stored()) {
    if (choice->goto_node == kNoIndex) return owed();
    return take_safety({Heard::Kind::kCodes, {std::string(code)}, choice});
  }
  const bool open_to_change = !stored() || spot.node > form_.consent_node;
  const bool same = fact != nullptr && fact->codes_size() == 1 && fact->codes(0) == code;
  if (same || !open_to_change || choice->explains || !route_.asked(spot)) return owed();
  const bool single = earlier.source->body_case() == pb::Node::kSingleChoice;
  if (!single || fact == nullptr || state().interlude() != pb::INTERLUDE_NONE) {
    return keep_late_tap(spot, code);
  }
  take_codes(spot, {Heard::Kind::kCodes, {std::string(code)}, choice}, {{}, {}, code});
}

// It is no answer now, and may be meant: sealed with the question it was offered at.
void Turn::keep_late_tap(const Spot& spot, std::string_view code) {
  const CompiledNode& node = form_.nodes[spot.node];
  const bool was_shown = spot == cursor() || facts_.find(spot) != nullptr;
  if (stored() && was_shown && spot.node > form_.consent_node && node.find(code) != nullptr) {
    Given given = about(spot, Given::Kind::kAnswer);
    given.codes = {std::string(code)};
    given.remark = true;
    keep(std::move(given));
  }
  owed();
}

// By card nobody comes to where no question is printed: an interviewer's would ask for no code.
bool Turn::is_barred(const CompiledChoice* choice) const {
  return state().card() && choice != nullptr && choice->source->not_on_card();
}

void Turn::take(const Spot& spot, Heard heard, const Utterance& said) {
  if (is_barred(heard.choice)) return unclear(said);
  switch (heard.kind) {
    case Heard::Kind::kUnclear:
      return unclear(said);
    case Heard::Kind::kCodes:
      return take_codes(spot, heard, said);
    case Heard::Kind::kPicking:
      return pick(spot, heard.codes.front());
    case Heard::Kind::kPart:
      begin_anew(spot);
      keep_words(spot, said.verbatim);
      state().set_misunderstood(0);
      return say(prompts_.after_part(spot));
    case Heard::Kind::kWords:
      if (spot.node == form_.team_code_node) return take_team_code(spot, said);
      if (spot.node == form_.returning.code) return unclear(said);
      return take_words(spot, said.verbatim);
    case Heard::Kind::kValue:
      return take_value(spot, std::move(heard), said);
    case Heard::Kind::kWhich:
      return ask_day_or_month(spot, said.verbatim);
    case Heard::Kind::kGoOn:
      if (form_.nodes[spot.node].type->asks) facts_.at(spot).set_reopened(false);
      if (is_told_anew(spot)) facts_.at(spot).set_anew(false);  // it stays as it was
      return go_on_from(spot);
    case Heard::Kind::kSkip:
      return skip();
    case Heard::Kind::kExplain:
      return say(prompts_.explain(spot));
    case Heard::Kind::kChange:
      if (section_rows().empty()) return owed();
      state().set_interlude(pb::INTERLUDE_CHANGE);
      return owed();
    case Heard::Kind::kErase:
      return erase();
  }
}

void Turn::take_words(const Spot& spot, std::string_view text) {
  if (spot.node == form_.resume_word_node) return take_resume_word(spot, text);
  pb::Fact& fact = facts_.at(spot);
  const bool message = !form_.nodes[spot.node].type->asks;
  if (!message) {
    fact.set_parts(fact.parts() + 1);
    fact.set_skipped(false);
    fact.set_reopened(false);
  }
  Given given = about(spot, Given::Kind::kAnswer);
  given.text = SecretText(text);
  if (!message || stored()) keep(std::move(given));
  if (!message) forget_unasked(spot);
  go_on_from(spot);
}

void Turn::take_codes(const Spot& spot, const Heard& heard, const Utterance& said) {
  if (is_return_node(spot)) return take_return(spot, heard);
  if (spot.node == form_.safety_node && state().interlude() == pb::INTERLUDE_SAFETY) {
    return take_safety(heard);
  }
  if (spot.node == form_.consent_node) return take_consent(spot, heard, said);
  if (says_other(spot, heard.codes)) {
    forget_times_of(spot);
    forget_within(spot);
    take_mode_back(spot);
  }
  const bool all_sealed = sealed_as_picked(spot, heard.codes);
  pb::Fact& fact = facts_.at(spot);
  fact.mutable_codes()->Assign(heard.codes.begin(), heard.codes.end());
  fact.set_skipped(false);
  fact.set_reopened(false);
  fact.set_picking(false);
  fact.set_faded(false);
  const bool changes_language = spot.node == form_.language_node;
  if (changes_language && form_.language_index(heard.codes.front()) != kNoIndex) {
    state().set_language(heard.codes.front());
  }
  if (state().interlude() == pb::INTERLUDE_LANGUAGE) {
    keep_event(pb::EVENT_LANGUAGE, heard.codes.front());
    return end_language();
  }
  state().clear_picks();
  if (heard.choice != nullptr) {
    const auto& source = *heard.choice->source;
    if (source.discreet()) state().set_discreet(true);
    if (source.kept()) state().set_kept(true);
  }
  Given given = about(spot, Given::Kind::kAnswer);
  given.codes = heard.codes;
  given.value = heard.value;
  given.raw = SecretText(said.verbatim);
  if (!all_sealed) keep(std::move(given));
  if (heard.choice != nullptr && heard.choice->source->mode() != pb::MODE_UNSPECIFIED) {
    set_mode(heard.choice->source->mode());
  }
  forget_unasked(spot);
  if (heard.choice != nullptr && heard.choice->goto_node != kNoIndex) {
    return go_to(spot_seen_from(form_, heard.choice->goto_node, spot));
  }
  go_on_from(spot);
}

void Turn::unclear(const Utterance& said) {
  const Spot spot = here();
  if (said.tapped || (said.words.size() == 1 && form_.go_on.contains(said.words[0]))) {
    return owed();
  }
  keep_words(spot, said.verbatim);
  state().set_misunderstood(std::min(state().misunderstood() + 1, 3U));
  if (state().misunderstood() == 2) return owed(prompts_.say(Say::kNotUnderstoodAgain));
  const bool skippable = !form_.nodes[spot.node].source->required();
  if (state().misunderstood() > 2) {
    const std::string help = prompts_.how_to_pick(spot);
    const std::string once = prompts_.say(skippable ? Say::kOfferSkip : Say::kNotUnderstoodAgain);
    return owed(help.empty() ? once : help + " " + once);
  }
  const bool later = tried_later_ && spot.node == form_.returning.code;
  owed(later ? prompts_.text({form_.returning.failed}) : prompts_.retry(spot));
}

void Turn::pin(const Pin& said) {
  if (!stored()) return owed(prompts_.say(Say::kNotYet));
  const Spot spot = here();
  Given given = said_beside(spot, Given::Kind::kAnswer);
  given.text = said.name.clone();
  given.point = Pin{said.latitude, said.longitude, said.name.clone()};
  const auto* type = form_.nodes[spot.node].type;
  const bool of_story = type->in_parts && !is_told_anew(spot);
  given.remark = type->asks && type->arm != pb::Node::kPoint && !of_story;  // words are the answer
  if (type->asks && type->takes_words && spot.node != form_.receipt_node &&
      spot.node != form_.resume_word_node) {
    pb::Fact& fact = facts_.at(spot);
    given.part = fact.parts();
    fact.set_parts(fact.parts() + 1);
  }
  keep(std::move(given));
  if (type->asks) forget_unasked(spot);
  if (type->arm == pb::Node::kPoint && state().interlude() == pb::INTERLUDE_NONE) {
    facts_.at(spot).set_reopened(false);
    return go_on_from(spot);
  }
  owed(prompts_.say(Say::kPinTaken));
}

void Turn::not_for_us() {
  keep_event(pb::EVENT_UNSUPPORTED, {});
  owed(prompts_.say(Say::kNotForUs));
}

}  // namespace resguardo::dialogue
