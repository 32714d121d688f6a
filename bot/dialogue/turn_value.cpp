// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers that were understood: numbers, dates, places, money; and picks, one by one.
#include <algorithm>

#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

// The words go into the seal with what they were understood to say; the state keeps that there was
// an answer, and codes of the form's places.
void Turn::take_value(const Spot& spot, Heard heard, const Utterance& said) {
  if (says_other(spot, heard.codes)) forget_within(spot);
  pb::Fact& fact = facts_.at(spot);
  fact.mutable_codes()->Assign(heard.codes.begin(), heard.codes.end());
  fact.set_parts(heard.codes.empty() ? 1 : 0);
  fact.set_skipped(false);
  fact.set_reopened(false);
  fact.set_picking(false);
  fact.set_faded(false);
  Given given = about(spot, Given::Kind::kAnswer);
  given.codes = std::move(heard.codes);
  given.value = std::move(heard.value);
  if (heard.of_pending) {
    given.raw = SecretText(said.verbatim);
    given.text = SecretText(state().pending_date().text());
  } else {
    given.text = SecretText(said.verbatim);
  }
  state().clear_pending_date();
  keep(std::move(given));
  forget_unasked(spot);
  go_on_from(spot);
}

// Never shown back: the question is only which of the two came first. The words are kept at once,
// for whoever leaves now.
void Turn::ask_day_or_month(const Spot& spot, std::string_view text) {
  keep_words(spot, text);
  state().mutable_pending_date()->set_node(form_.nodes[spot.node].source->id());
  state().mutable_pending_date()->set_text(std::string(text));
  state().set_misunderstood(0);
  say(prompts_.day_or_month(spot));
}

// One more of several, tapped one by one, or one more page. Who falls silent now has told what was
// picked so far: that is sealed as the answer, and the next pick or the whole supersedes it. An
// answer that was whole decides what is asked, and stands for the analyst, until the new one is
// whole too: of that, the picks are remarks.
void Turn::pick(const Spot& spot, const std::string& code) {
  const bool goes_on = !facts_.answered(spot) || goes_on_picking(spot);
  state().add_picks(code);
  state().set_misunderstood(0);
  if (stored() && spot.node != form_.consent_node) {
    Given given = about(spot, Given::Kind::kAnswer);
    given.codes.assign(state().picks().begin(), state().picks().end());
    if (form_.nodes[spot.node].type->paged) given.codes = {code};
    given.remark = !goes_on;
    if (goes_on) hold_picks(spot, given.codes);
    keep(std::move(given));
  }
  owed();
}

// All that was told here is what was picked just now, and a restart forgot none of it.
bool Turn::goes_on_picking(const Spot& spot) const {
  const pb::Fact* fact = facts_.find(spot);
  if (fact == nullptr || !fact->picking() || fact->faded()) return false;
  const auto& picks = state().picks();
  return form_.nodes[spot.node].type->paged ||
         std::equal(picks.begin(), picks.end(), fact->codes().begin(), fact->codes().end());
}

void Turn::hold_picks(const Spot& spot, const std::vector<std::string>& codes) {
  pb::Fact& fact = facts_.at(spot);
  fact.mutable_codes()->Assign(codes.begin(), codes.end());
  fact.set_skipped(false);
  fact.set_faded(false);
  fact.set_reopened(true);  // there may be more
  fact.set_picking(true);
}

bool Turn::sealed_as_picked(const Spot& spot, const std::vector<std::string>& codes) const {
  const auto& picks = state().picks();
  return stored() && !picks.empty() && !form_.nodes[spot.node].type->paged &&
         goes_on_picking(spot) &&
         std::equal(picks.begin(), picks.end(), codes.begin(), codes.end());
}

}  // namespace resguardo::dialogue
