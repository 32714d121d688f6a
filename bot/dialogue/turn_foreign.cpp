// SPDX-License-Identifier: AGPL-3.0-or-later
// A report that began on a form which is not there: leaving and erasing work, what is said is kept,
// nothing is asked, and the report stays open until its form is back.
#include "bot/dialogue/forms.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

bool Turn::foreign() const {
  return state().phase() != State::PHASE_NEW && state().phase() != State::PHASE_STRANGER &&
         !state().form_digest().empty() && !equal(as_bytes(state().form_digest()), digest_.view());
}

void Turn::hear_foreign(const Said& said) {
  if (said_nothing(said)) return;
  if (const auto* words = std::get_if<Words>(&said)) {
    const auto text = words->text.reveal();
    const auto kind = command_in(text);
    if (is_panic(text)) return leave(pb::EVENT_PANIC);
    if (kind == pb::COMMAND_EXIT || kind == pb::COMMAND_DURESS || kind == pb::COMMAND_DELETE) {
      return command(*kind);
    }
  }
  keep_foreign(said);
  if (state().form_missing_told()) return;
  say(prompts_.only("@waiting", prompts_.say(Say::kPaused)));
  state().set_form_missing_told(true);
}

// Which question it came at is known, and not which of the two streams it belongs to: a name in the
// testimony would be worse than testimony among the names.
void Turn::keep_foreign(const Said& said) {
  Given given;
  given.node = state().cursor();
  given.instance.assign(state().cursor_instance().begin(), state().cursor_instance().end());
  given.language = state().language();
  given.identity = true;
  given.remark = true;
  if (const auto* words = std::get_if<Words>(&said)) {
    given.text = words->text.clone();
  } else if (const auto* attachment = std::get_if<Attachment>(&said)) {
    if (!refuses(*attachment)) {
      given.kind = Given::Kind::kMedia;
      given.media = reference_to(*attachment);
    } else {
      note_refusal(*attachment);
      given.text = attachment->caption.clone();
      if (given.text.reveal().empty()) return;
    }
  } else if (const auto* pin = std::get_if<Pin>(&said)) {
    given.text = pin->name.clone();
    given.point = Pin{pin->latitude, pin->longitude, pin->name.clone()};
  } else if (const auto* edit = std::get_if<Rewording>(&said)) {
    if (edit->of_own_word && could_be_word(edit->text.reveal())) return;
    given.kind = Given::Kind::kCorrection;
    given.text = edit->text.clone();
    return keep_change(std::move(given));
  } else if (std::holds_alternative<TakenBack>(said)) {
    given.kind = Given::Kind::kRetraction;
    return keep_change(std::move(given));
  } else {
    return;
  }
  keep(std::move(given));
}

}  // namespace resguardo::dialogue
