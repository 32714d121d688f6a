// SPDX-License-Identifier: AGPL-3.0-or-later
// "From this phone" (docs/adr/162): asked once, after the receipt; replies without it for 30 days.
#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

// Only of who said that nobody else uses the phone, and never by card or on an interviewer's.
bool Turn::may_link() const {
  const Spot ask{form_.returning.link_ask};
  return around_.may_link && form_.returning.links() && !state().discreet() && !state().card() &&
         route_.mode() != pb::MODE_INTERVIEWER && cursor().node == form_.receipt_node &&
         route_.asked(ask);
}

// The receipt was shown, and they write again.
bool Turn::asks_to_link(const Said& said) {
  if (!form_.returning.links() || state().phase() != State::PHASE_CLOSED) return false;
  const Spot ask{form_.returning.link_ask};
  if (may_link()) {
    stop_at(ask, {});
    return true;
  }
  if (cursor() != ask) return false;
  const pb::Fact* fact = facts_.find(ask);
  const bool over = state().discreet() || !around_.may_link || (fact != nullptr && fact->shown());
  const auto answer = over ? std::optional<bool>(false) : wants_link(said);
  if (!answer) return true;
  if (!*answer) return go_on_from({form_.receipt_node}), true;
  step_.effect = Effect::kLinkPhone;
  return true;
}

// Nothing: asked once more, and no third time; a silence is a no.
std::optional<bool> Turn::wants_link(const Said& said) {
  const Spot ask = cursor();
  const CompiledNode& node = form_.nodes[ask.node];
  const CompiledChoice* choice = nullptr;
  if (const auto* tap = std::get_if<Tap>(&said)) {
    const auto tapped = choice_named(form_, tap->id);
    if (tapped && tapped->spot == ask) choice = node.find(tapped->code);
  } else if (const auto* words = std::get_if<Words>(&said)) {
    const std::string_view text = words->text.reveal();
    const SecretText folded = text.size() <= kLongestFolded ? fold(text) : SecretText();
    const WordsView pieces = split(folded.reveal());
    choice = node.type->hear(prompts_.scene(ask), {text, pieces, std::nullopt}).choice;
    if (choice == nullptr && command_in(text) == pb::COMMAND_WHY)
      return owed(prompts_.why(ask)), std::nullopt;
  }
  if (choice != nullptr) return choice->source->affirms();
  state().set_misunderstood(state().misunderstood() + 1);
  if (state().misunderstood() > 1) return false;
  return owed(), std::nullopt;
}

// What comes after the receipt comes with the next message.
void Turn::show_link_made(bool done) {
  const Spot said{done ? form_.returning.link_made : form_.returning.link_failed};
  facts_.at({form_.returning.link_ask}).set_shown(true);
  say(prompts_.only(form_.nodes[said.node].id, prompts_.text(said)));
}

// Asked for a receipt on a phone that is nobody else's: it may be linked. Where no reply waits the
// question is the same as if it were not.
bool Turn::looks_for_link(const Spot& spot) const {
  return settings_.links && form_.returning.links() && spot.node == form_.returning.code &&
         state().phase() == State::PHASE_BEFORE_CONSENT && !state().discreet();
}

void Turn::come_in_by_link(std::uint32_t replies) {
  if (replies == 0) return owed();
  const std::string language = state().language();
  State fresh;
  be_a_stranger();
  if (state().has_left()) fresh.mutable_left()->Swap(state().mutable_left());
  state().Swap(&fresh);
  facts_.index();
  become(State::PHASE_RETURNED);
  state().set_form_digest(digest_.str());
  state().mutable_returned()->set_replies(replies);
  state().mutable_returned()->set_linked(true);
  state().set_language(language);
  facts_.at({form_.language_node}).add_codes(language);
  show_menu();
}

// Of a phone that is linked: it ends there and then, and nothing else does.
void Turn::end_link() {
  step_.unlink = true;
  end_at(form_.nodes[form_.returning.link_ended].id, prompts_.text({form_.returning.link_ended}));
}

// Which menu somebody who came back has.
std::size_t Turn::return_menu() const {
  return state().returned().linked() ? form_.returning.link_menu : form_.returning.menu;
}

}  // namespace resguardo::dialogue
