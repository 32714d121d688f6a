// SPDX-License-Identifier: AGPL-3.0-or-later
// The return menu: what is read there, and what is withdrawn (docs/adr/157).
#include <algorithm>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

void Turn::take_return(const Spot& spot, const Heard& heard) {
  if (heard.choice == nullptr) return owed();
  if (spot.node == return_menu()) return take_return_menu(*heard.choice);
  const auto& menu = form_.nodes[form_.returning.menu];
  const CompiledChoice* chosen = menu.find(state().returned().chosen());
  if (chosen == nullptr || !heard.choice->source->affirms()) return show_menu();
  if (spot != confirmation_of(*chosen)) return show_menu();
  const auto& purposes = chosen->source->withdraws();
  step_.withdraws.assign(purposes.begin(), purposes.end());
  step_.effect = Effect::kWithdraw;
}

void Turn::take_return_menu(const CompiledChoice& choice) {
  switch (choice.source->returning()) {
    case pb::RETURN_READ:
      step_.effect = Effect::kReadReply;
      return;
    case pb::RETURN_ADD:
      if (state().returned().has_before())  // one phone, one open report
        return show_menu(prompts_.text({form_.returning.waits}));
      return go_to({form_.returning.add});
    case pb::RETURN_WITHDRAW:
      state().mutable_returned()->set_chosen(choice.code);
      return go_to(confirmation_of(choice));
    case pb::RETURN_LEAVE:
      return end_at(form_.nodes[form_.returning.left].id, prompts_.text({form_.returning.left}));
    case pb::RETURN_UNLINK:
      return end_link();
    case pb::RETURN_UNSPECIFIED:
    default:
      return owed();
  }
}

// Everything is asked for in words of its own, and by buttons of its own.
Spot Turn::confirmation_of(const CompiledChoice& choice) const {
  const bool all = choice.source->withdraws().empty();
  return {all ? form_.returning.confirm_all : form_.returning.confirm};
}

// Of another purpose, from further up in the chat: what is asked now is asked again.
void Turn::tap_confirmation(std::string_view code) {
  const std::string ours = state().returned().chosen() + "/";
  if (!code.starts_with(ours)) return owed();
  utter({{}, {}, code.substr(ours.size())});
}

const CompiledChoice* Turn::withdraws_all() const {
  const auto& choices = form_.nodes[form_.returning.menu].choices;
  const auto all = std::find_if(choices.begin(), choices.end(), [](const CompiledChoice& choice) {
    return choice.source->returning() == pb::RETURN_WITHDRAW && choice.source->withdraws().empty();
  });
  return all == choices.end() ? nullptr : &*all;
}

void Turn::show_menu(const std::string& before) {
  state().mutable_returned()->clear_chosen();
  const Spot menu{return_menu()};
  reopen(menu);
  stop_at(menu, before);
}

// One message each step; a sign of life asks for the next.
void Turn::show_reply(const ReplyRead& reply) {
  if (reply.found == ReplyRead::Found::kUnknown)
    return show_menu(prompts_.text({form_.returning.failed}));
  state().mutable_returned()->set_replies(reply.left);
  if (reply.found == ReplyRead::Found::kNone)
    return show_menu(prompts_.text({form_.returning.no_reply}));
  const Spot shown{form_.returning.reply};
  stop_at(shown, {});
  say(prompts_.only(form_.nodes[shown.node].id, prompts_.text(shown)));
}

void Turn::show_withdrawn(bool done) {
  const auto& back = form_.returning;
  const auto* chosen = form_.nodes[back.menu].find(state().returned().chosen());
  if (!done) return show_menu(prompts_.text({back.failed}));
  if (chosen != nullptr && !chosen->source->withdraws().empty())
    return show_menu(prompts_.text({back.changed}));
  end_at(form_.nodes[back.erased].id, prompts_.text({back.erased}));
}

bool Turn::shows_reply() const {
  return state().phase() == State::PHASE_RETURNED && state().interlude() == pb::INTERLUDE_NONE &&
         cursor().node == form_.returning.reply;
}

void Turn::read_next() {
  step_.effect = Effect::kReadReply;
}

// Whoever answers the team there is told that nobody gets it so.
bool Turn::goes_on(const Said& said) const {
  const auto* words = std::get_if<Words>(&said);
  if (words == nullptr) return false;
  const std::string_view text = words->text.reveal();
  const SecretText folded = text.size() <= kLongestFolded ? fold(text) : SecretText();
  const WordsView pieces = split(folded.reveal());
  const auto heard =
      form_.nodes[cursor().node].type->hear(prompts_.scene(cursor()), {text, pieces, std::nullopt});
  return heard.kind == Heard::Kind::kGoOn;
}

}  // namespace resguardo::dialogue
