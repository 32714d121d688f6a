// SPDX-License-Identifier: AGPL-3.0-or-later
// What of a turn is sealed, in which of the two streams, or held until there is consent.
#include <algorithm>

#include "bot/dialogue/overloaded.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {
namespace {

void hold_value(const Value& value, pb::HeldAnswer& answer) {
  std::visit(
      Overloaded{[](std::monostate) {}, [&](std::int64_t number) { answer.set_number(number); },
                 [&](const DateValue& date) {
                   answer.mutable_date()->set_edtf(date.edtf);
                   answer.mutable_date()->set_precision(date.precision);
                 },
                 [&](const PlaceValue& place) {
                   answer.mutable_place()->set_code(place.code);
                   answer.mutable_place()->set_precision(place.precision);
                 },
                 [&](const MoneyValue& money) {
                   answer.mutable_money()->set_minor_units(money.minor_units);
                   answer.mutable_money()->set_currency(money.currency);
                 }},
      value);
}
Value released_value(const pb::HeldAnswer& answer) {
  switch (answer.value_case()) {
    case pb::HeldAnswer::kNumber:
      return answer.number();
    case pb::HeldAnswer::kDate:
      return DateValue{answer.date().edtf(), answer.date().precision()};
    case pb::HeldAnswer::kPlace:
      return PlaceValue{answer.place().code(), answer.place().precision()};
    case pb::HeldAnswer::kMoney:
      return MoneyValue{answer.money().minor_units(), answer.money().currency()};
    case pb::HeldAnswer::VALUE_NOT_SET:
      break;
  }
  return {};
}

pb::HeldAnswer held(const Given& given) {
  pb::HeldAnswer answer;
  answer.set_node(given.node);
  answer.set_language(given.language);
  answer.set_skipped(given.skipped);
  for (const auto& code : given.codes) answer.add_codes(code);
  answer.set_text(std::string(given.text.reveal()));
  answer.set_raw(std::string(given.raw.reveal()));
  answer.set_part(given.part);
  answer.set_identity(given.identity);
  answer.set_text_version(given.text_version);
  hold_value(given.value, answer);
  return answer;
}
Given released(const pb::HeldAnswer& answer) {
  Given given;
  given.identity = answer.identity();
  given.node = answer.node();
  given.language = answer.language();
  given.skipped = answer.skipped();
  given.codes.assign(answer.codes().begin(), answer.codes().end());
  given.text = SecretText(answer.text());
  given.raw = SecretText(answer.raw());
  given.part = answer.part();
  given.text_version = answer.text_version();
  given.value = released_value(answer);
  return given;
}

}  // namespace

Given Turn::about(const Spot& spot, Given::Kind kind) const {
  Given given;
  given.kind = kind;
  given.identity = form_.nodes[spot.node].identity;
  given.node = form_.nodes[spot.node].source->id();
  Path path;
  write_path(form_, spot, &path);
  given.instance.assign(path.begin(), path.end());
  given.language = state().language();
  return given;
}

// What is no answer to anything may be the name or the number that was asked for as the turn began.
Given Turn::said_beside(const Spot& spot, Given::Kind kind) const {
  Given given = about(spot, kind);
  given.identity = given.identity || at_identity_;
  return given;
}

// Before consent only the last answer to a question is held; an earlier one leaves no trace.
void Turn::keep(Given given) {
  if (stored()) {
    if (given.identity) state().set_told_identity(true);
    step_.given.push_back(std::move(given));
    return;
  }
  if (state().phase() != State::PHASE_BEFORE_CONSENT) return;
  forget_held(given.node);
  *state().mutable_held()->Add() = held(given);
}

void Turn::forget_held(std::string_view node) {
  auto* all = state().mutable_held();
  for (int i = 0; i < all->size(); ++i) {
    if (all->Get(i).node() == node) return all->DeleteSubrange(i, 1);
  }
}

// Words that were no answer, or more than one: sealed with the question they came at, never lost.
void Turn::keep_words(const Spot& spot, std::string_view text) {
  if (!stored() || text.empty() || spot.node == form_.team_code_node) return;
  if (spot.node == form_.resume_word_node && could_be_word(text)) return;
  Given given = said_beside(spot, Given::Kind::kAnswer);
  given.text = SecretText(text);
  if (form_.nodes[spot.node].type->in_parts && !is_told_anew(spot)) {
    given.part = add_part(spot);
  } else {
    given.remark = true;
  }
  keep(std::move(given));
}

void Turn::keep_event(pb::EventKind event, std::string_view detail) {
  if (!stored()) return;
  Given given;
  given.kind = Given::Kind::kEvent;
  given.node = state().cursor();
  given.language = state().language();
  given.event = static_cast<std::uint32_t>(event);
  given.event_detail = detail;
  keep(std::move(given));
}

// The messenger says which message was changed, and only the analyst can tell what it held: the
// question that is named is where the conversation stands.
void Turn::keep_change(Given::Kind kind, std::string_view text) {
  Given change = about(here().node == kNoIndex ? Spot{form_.consent_node} : here(), kind);
  change.text = SecretText(text);
  keep_change(std::move(change));
}

// Once anything that belongs to the identity was told, a change may be a change of that: its words
// go there. That there was one is said in the testimony too, without a word: whoever reads only
// that must not take for the last word what is none.
void Turn::keep_change(Given change) {
  state().clear_pending_date();  // the date in question may be what was changed
  change.identity = change.identity || state().told_identity();
  for (const Spot& spot : facts_.order()) {
    change.identity = change.identity || form_.nodes[spot.node].identity;
  }
  const bool gone = change.kind == Given::Kind::kRetraction;
  if (gone) change.node.clear();
  if (gone) change.instance.clear();
  if (change.identity) {
    Given mark;
    mark.kind = change.kind;
    mark.node = change.node;
    mark.instance = change.instance;
    mark.language = change.language;
    keep(std::move(mark));
  }
  keep(std::move(change));
}

// The word to come back with may be spelt anew, or hidden; it is not sealed for that, and both lead
// back then: nobody is locked out by a message that was made harmless.
void Turn::reword(const Rewording& said) {
  const std::string_view text = said.text.reveal();
  if (!said.of_own_word || !could_be_word(text)) {
    return keep_change(Given::Kind::kCorrection, text);
  }
  const Spot word = here();
  if (state().resume_tag().empty() && word.node == form_.resume_word_node)
    return take_resume_word(word, text);  // the first one was none, and it is asked for still
  constexpr std::size_t kMostTags = 64;
  const auto tag = tag_of_own_word(text);
  if (!tag.empty() && state().resume_tag().size() < kMostTags)
    state().mutable_resume_tag()->append(tag);
}

void Turn::begin_report() {
  become(State::PHASE_OPEN);
  step_.effect = Effect::kBeginReport;
  step_.given.reserve(step_.given.size() + static_cast<std::size_t>(state().held_size()));
  for (const auto& answer : state().held()) keep(released(answer));
  state().clear_held();
  state().clear_left();  // one phone, one open report
}

}  // namespace resguardo::dialogue
