// SPDX-License-Identifier: AGPL-3.0-or-later
// Leaving, being a stranger, and the word that leads back (docs/adr/081).
#include <algorithm>

#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"
#include "bot/dialogue/understanding.h"
#include "crypto/base/secret_bytes.h"

namespace resguardo::dialogue {
namespace {

constexpr std::size_t kTagSize = 16;

// Whether `tag` is one of those that stand beside each other in `tags`.
bool is_among(std::string_view tags, std::string_view tag) {
  bool found = false;
  for (std::size_t at = 0; tag.size() == kTagSize && at + kTagSize <= tags.size(); at += kTagSize)
    found = constant_time_equal(as_bytes(tags.substr(at, kTagSize)), as_bytes(tag)) || found;
  return found;
}

}  // namespace

// Exit, panic and duress: one path, one kind of record, one answer. Which of them it was is inside
// the seal.
void Turn::leave(pb::EventKind event) {
  step_.unlink = true;
  back_to_before();
  const bool open = stored();
  keep_event(event, {});
  auto cover = prompts_.cover();
  say(prompts_.only("@cover", cover ? std::move(*cover) : prompts_.say(Say::kGoodbye)));
  step_.take_back = TakeBack::kEverything;
  step_.left = true;
  step_.effect = open ? Effect::kLeave : Effect::kForget;
  if (!open) return start_afresh();
  go_out();
}

// The place is kept for whoever knows the word, if there is one; of what was answered, only what a
// restart keeps.
void Turn::go_out() {
  pb::ConversationState place = durable_of(form_, state());
  place.clear_progress();
  place.clear_interlude();
  place.clear_offer_to_go_on();  // who comes back with the word has said so
  start_afresh();
  become(State::PHASE_STRANGER);
  if (has_way_back(place)) state().mutable_left()->Swap(&place);
}

// What intake keeps of the report goes with the place: a stranger has none.
void Turn::be_a_stranger() {
  if (state().has_left() && state().has_progress() && !state().left().has_progress())
    state().mutable_left()->mutable_progress()->Swap(state().mutable_progress());
  state().clear_progress();
}

bool Turn::has_way_back(const State& place) const {
  return !place.resume_tag().empty() || !settings_.resume_words.empty();
}

bool Turn::leads_back(const Said& said) {
  const auto* words = std::get_if<Words>(&said);
  if (words == nullptr || !state().has_left()) return false;
  const std::string_view text = words->text.reveal();
  const std::string& tag = state().left().resume_tag();
  const bool right =
      tag.empty() ? matches_any(settings_.resume_words, text) : is_among(tag, tag_of_word(text));
  // What nobody's word can be is no try: a new beginning is made of such words.
  const bool short_enough = text.size() <= kLongestFolded;
  step_.wrong_word =
      !right && short_enough && !command_in(text) && !is_common(text, fold_name(text));
  return right && !around_.refuses_words;
}

bool Turn::is_common(std::string_view text, const std::string& folded) const {
  return folded.size() < 3 || form_.yes.contains(folded) || form_.no.contains(folded) ||
         form_.go_on.contains(folded) || form_.unknown.contains(folded) ||
         form_.row_names.contains(folded) || matches_any(settings_.start_words, text) ||
         matches_any(settings_.resume_words, text);
}

std::string Turn::tag_of_word(std::string_view text) const {
  if (!settings_.word_tag || text.size() > kLongestFolded) return {};
  const std::string folded = fold_name(text);
  return folded.empty() ? std::string() : settings_.word_tag(folded);
}

// Somebody knows the word. Whether they are alone is asked before anything else is shown.
void Turn::come_home() {
  State place;
  place.Swap(state().mutable_left());
  if (!place.has_progress() && state().has_progress())
    place.mutable_progress()->Swap(state().mutable_progress());
  state().Swap(&place);
  facts_.index();
  become(State::PHASE_OPEN);
  step_.effect = Effect::kNone;
  keep_event(pb::EVENT_RESUMED, {});
  if (!foreign()) ask_what_faded();
  state().set_interlude(pb::INTERLUDE_SAFETY);
  state().set_misunderstood(0);
  owed();
}

// The phone turned out to be shared when the question for a word was past: without one, leaving
// and silence would end all.
bool Turn::wants_word() const {
  const Spot word{form_.resume_word_node};
  return stored() && !state().adding() && state().discreet() && word.node != kNoIndex &&
         cursor().node != kNoIndex && route_.before(word.node, cursor().node) &&
         !facts_.settled(word) && route_.asked(word);
}

// An interlude is over: the question that is due, or the one for a word before it.
void Turn::to_the_questions() {
  state().set_interlude(wants_word() ? pb::INTERLUDE_WORD : pb::INTERLUDE_NONE);
  owed();
}

// They want none: it is not asked for again.
void Turn::without_word() {
  if (form_.resume_word_node != kNoIndex) facts_.at({form_.resume_word_node}).set_skipped(true);
  to_the_questions();
}

// What is longer is told, and sealed.
bool Turn::could_be_word(std::string_view text) const {
  constexpr std::ptrdiff_t kMostWords = 4;
  if (text.size() > kLongestFolded) return false;
  const std::string folded = fold_name(text);
  return std::count(folded.begin(), folded.end(), ' ') < kMostWords;
}

// What recognises it; empty: it is none. One that anybody would try, or that means something here,
// is none.
std::string Turn::tag_of_own_word(std::string_view text) const {
  const bool means_something = command_in(text) || is_panic(text);
  if (!could_be_word(text) || means_something || is_common(text, fold_name(text))) return {};
  return tag_of_word(text);
}

// A word of the person's own: never sealed, never kept.
void Turn::take_resume_word(const Spot& spot, std::string_view text) {
  const std::string tag = tag_of_own_word(text);
  step_.meant_as_word = could_be_word(text);
  if (!step_.meant_as_word) keep_words(cursor(), text);
  if (tag.empty() && settings_.word_tag) return owed(prompts_.say(Say::kAnotherWord));
  state().set_resume_tag(tag);
  pb::Fact& fact = facts_.at(spot);
  fact.set_parts(1);
  fact.set_skipped(false);
  fact.set_reopened(false);
  if (state().interlude() == pb::INTERLUDE_WORD) return to_the_questions();
  go_on_from(spot);
}

// Exit, panic or duress: they harm nobody, whoever writes them, and what they seal may be needed.
std::optional<pb::EventKind> Turn::way_out(const Said& said) const {
  const auto* words = std::get_if<Words>(&said);
  if (words == nullptr) return std::nullopt;
  if (is_panic(words->text.reveal())) return pb::EVENT_PANIC;
  const auto kind = command_in(words->text.reveal());
  if (kind == pb::COMMAND_EXIT) return pb::EVENT_EXIT;
  if (kind == pb::COMMAND_DURESS) return pb::EVENT_DURESS;
  return std::nullopt;
}

// On a phone that others use, silence is leaving: who has a word comes back with it.
bool Turn::silence_is_leaving() const {
  return state().discreet() && has_way_back(state());
}

}  // namespace resguardo::dialogue
