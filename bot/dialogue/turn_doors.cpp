// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers that let somebody in or keep them out: safety, consent, a team's code, whether to go on.
#include <algorithm>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

// A wrong one is a row that is not there, and so is a right one where too many were tried. What was
// typed is kept nowhere; the handle is the answer.
void Turn::take_team_code(const Spot& spot, const Utterance& said) {
  const auto handle = settings_.team_code ? settings_.team_code(said.verbatim) : std::nullopt;
  const bool right = handle && !around_.refuses_codes;
  step_.tried_code = right ? TriedCode::kRight : TriedCode::kWrong;
  if (!right) return unclear(said);
  pb::Fact& fact = facts_.at(spot);
  fact.set_parts(1);
  fact.set_reopened(false);
  Given given = about(spot, Given::Kind::kAnswer);
  given.text = SecretText(*handle);
  keep(std::move(given));
  go_on_from(spot);
}

// Only a yes goes on, and only a no does not.
void Turn::whether_to_go_on(const Utterance& said) {
  const bool taps_on = said.tapped && *said.tapped == "_continue";
  const std::string words = said.tapped ? std::string() : fold_name(said.verbatim);
  const auto row = pick_one(prompts_.scene(cursor()), continue_row(), said);
  if (taps_on || row || form_.yes.contains(words) || form_.go_on.contains(words)) {
    return to_the_questions();
  }
  if (form_.no.contains(words)) return pause();
  keep_words(cursor(), said.verbatim);
  owed();
}

void Turn::take_safety(const Heard& heard) {
  become(State::PHASE_OPEN);
  keep_event(pb::EVENT_SAFETY, heard.codes.front());
  if (heard.choice != nullptr && heard.choice->source->discreet()) state().set_discreet(true);
  if (heard.choice != nullptr && heard.choice->goto_node != kNoIndex) {
    return end_interlude_at({heard.choice->goto_node});
  }
  const bool offer = state().offer_to_go_on() && !state().card();
  state().set_offer_to_go_on(false);
  if (!offer) return to_the_questions();
  state().set_interlude(pb::INTERLUDE_UNFINISHED);
  owed();
}

void Turn::take_consent(const Spot& spot, const Heard& heard, const Utterance& said) {
  const auto& purposes = form_.nodes[spot.node].source->consent().purposes();
  const bool opens = std::any_of(purposes.begin(), purposes.end(), [&](const pb::Purpose& each) {
    return each.opens() && std::find(heard.codes.begin(), heard.codes.end(),
                                     each.choice().code()) != heard.codes.end();
  });
  // By card no words tell that nothing is kept: only "no to all" is taken for a no.
  const bool refuses =
      heard.codes.empty() ||
      heard.codes.front() == form_.nodes[spot.node].source->consent().none().code();
  if (state().card() && !opens && !refuses) return owed(prompts_.say(Say::kCannotSkip));
  pb::Fact& fact = facts_.at(spot);
  fact.mutable_codes()->Assign(heard.codes.begin(), heard.codes.end());
  fact.set_reopened(false);
  state().clear_picks();
  if (!opens) return go_to({form_.declined_node});
  if (!stored()) begin_report();
  Given given = about(spot, Given::Kind::kAnswer);
  given.codes = heard.codes;
  given.raw = SecretText(said.verbatim);
  const std::size_t language = prompts_.language();
  const CompiledNode& asked = form_.nodes[spot.node];
  const auto& shown = state().discreet() ? asked.brief_versions : asked.text_versions;
  const auto& versions = state().card() ? asked.card_versions : shown;
  given.text_version = versions[language == kNoIndex ? 0 : language];
  keep(std::move(given));
  if (state().card()) {  // the card says that what was told is kept
    state().set_kept(true);
    keep_event(pb::EVENT_MODE, "card");
  }
  go_on_from(spot);
}

}  // namespace resguardo::dialogue
