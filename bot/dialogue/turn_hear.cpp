// SPDX-License-Identifier: AGPL-3.0-or-later
// One thing said, at the node where the conversation stands.
#include <algorithm>

#include "bot/dialogue/compiler.h"
#include "bot/dialogue/fold.h"
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

}  // namespace

void Turn::hear(const Said& said) {
  std::visit(
      Overloaded{[&](const Words& it) { words(it.text.reveal()); },
                 [&](const Tap& it) { tap(it.id); }, [&](const Attachment& it) { attachment(it); },
                 [&](const Pin& it) { pin(it); }, [&](const NotForUs&) { not_for_us(); },
                 [&](const Rewording&) {}, [&](const TakenBack&) {}, [&](const Hello&) { owed(); }},
      said);
}

void Turn::words(std::string_view text) {
  if (is_panic(text)) return leave(pb::EVENT_PANIC);
  if (const auto kind = command_in(text)) return command(*kind);
  const bool could_be_choice = text.size() <= kLongestFolded;
  const SecretText folded = could_be_choice ? fold(text) : SecretText();
  const WordsView pieces = split(folded.reveal());
  utter({text, pieces, std::nullopt});
}

void Turn::utter(const Utterance& said) {
  if (state().interlude() == pb::INTERLUDE_CHANGE) return pick_section(said);
  const std::size_t node = here();
  take(node, form_.nodes[node].type->hear(prompts_.scene(node), said), said);
}

// "node:code". Whatever it is, it is no words of the person: nothing of it is sealed but the code
// of a choice that was really offered.
void Turn::tap(std::string_view id) {
  const auto colon = id.find(':');
  if (colon == std::string_view::npos) return owed();
  const std::size_t node = form_.find(id.substr(0, colon));
  const std::string_view code = id.substr(colon + 1);
  if (node == kNoIndex) return owed();
  if (node == here()) return utter({{}, {}, code});
  tap_earlier(node, code);
}

// A button of an earlier question: people change their mind, and they press "I am in danger" late.
void Turn::tap_earlier(std::size_t node, std::string_view code) {
  const CompiledNode& earlier = form_.nodes[node];
  const CompiledChoice* choice = earlier.find(code);
  const pb::Fact* fact = facts_.find(node);
  const bool single = earlier.source->body_case() == pb::Node::kSingleChoice;
  if (choice == nullptr || !single || !choice->relevant.holds(facts_)) return owed();
  if (node == form_.safety_node && stored()) {
    if (choice->goto_node == kNoIndex) return owed();
    return take_safety({Heard::Kind::kCodes, {std::string(code)}, choice});
  }
  const bool open_to_change = !stored() || node > form_.consent_node;
  const bool same = fact != nullptr && fact->codes_size() == 1 && fact->codes(0) == code;
  if (fact == nullptr || same || !open_to_change || choice->explains || !asked(node)) return owed();
  if (state().interlude() != pb::INTERLUDE_NONE) return owed();
  take_codes(node, {Heard::Kind::kCodes, {std::string(code)}, choice}, {{}, {}, code});
}

void Turn::take(std::size_t node, Heard heard, const Utterance& said) {
  switch (heard.kind) {
    case Heard::Kind::kUnclear:
      return unclear(said);
    case Heard::Kind::kCodes:
      return take_codes(node, heard, said);
    case Heard::Kind::kPicking:
      state().add_picks(heard.codes.front());
      state().set_misunderstood(0);
      return owed();
    case Heard::Kind::kPart:
      keep_words(node, said.verbatim);
      state().set_misunderstood(0);
      return say(prompts_.after_part(node));
    case Heard::Kind::kWords:
      return take_words(node, said.verbatim);
    case Heard::Kind::kValue:
      return take_value(node, std::move(heard), said);
    case Heard::Kind::kWhich:
      return ask_day_or_month(node, said.verbatim);
    case Heard::Kind::kGoOn:
      if (form_.nodes[node].type->asks) facts_.at(node).set_reopened(false);
      return go_on_from(node);
    case Heard::Kind::kSkip:
      return skip();
    case Heard::Kind::kExplain:
      return say(prompts_.explain(node));
    case Heard::Kind::kChange:
      if (section_rows().empty()) return owed();
      state().set_interlude(pb::INTERLUDE_CHANGE);
      return owed();
    case Heard::Kind::kErase:
      return erase();
  }
}

void Turn::take_words(std::size_t node, std::string_view text) {
  pb::Fact& fact = facts_.at(node);
  const bool message = !form_.nodes[node].type->asks;
  if (!message) {
    fact.set_parts(fact.parts() + 1);
    fact.set_skipped(false);
    fact.set_reopened(false);
  }
  Given given = about(node, Given::Kind::kAnswer);
  given.text = SecretText(text);
  if (!message || stored()) keep(std::move(given));
  go_on_from(node);
}

void Turn::take_codes(std::size_t node, const Heard& heard, const Utterance& said) {
  if (node == form_.safety_node && state().interlude() == pb::INTERLUDE_SAFETY) {
    return take_safety(heard);
  }
  if (node == form_.consent_node) return take_consent(node, heard, said);
  pb::Fact& fact = facts_.at(node);
  *fact.mutable_codes() = {heard.codes.begin(), heard.codes.end()};
  fact.set_skipped(false);
  fact.set_reopened(false);
  fact.set_faded(false);
  state().clear_picks();
  const bool changes_language = node == form_.language_node;
  if (changes_language && form_.language_index(heard.codes.front()) != kNoIndex) {
    state().set_language(heard.codes.front());
  }
  if (state().interlude() == pb::INTERLUDE_LANGUAGE) {
    state().set_interlude(pb::INTERLUDE_NONE);
    keep_event(pb::EVENT_LANGUAGE, heard.codes.front());
    return owed();
  }
  if (heard.choice != nullptr) {
    const auto& source = *heard.choice->source;
    if (source.discreet()) state().set_discreet(true);
    if (source.kept()) state().set_kept(true);
    if (source.mode() != pb::MODE_UNSPECIFIED) {
      state().set_mode(static_cast<std::uint32_t>(source.mode()));
    }
  }
  Given given = about(node, Given::Kind::kAnswer);
  given.codes = heard.codes;
  given.value = heard.value;
  given.raw = SecretText(said.verbatim);
  keep(std::move(given));
  forget_unasked();
  if (heard.choice != nullptr && heard.choice->goto_node != kNoIndex) {
    return go_to(heard.choice->goto_node);
  }
  go_on_from(node);
}

void Turn::take_safety(const Heard& heard) {
  become(State::PHASE_OPEN);
  keep_event(pb::EVENT_SAFETY, heard.codes.front());
  if (heard.choice != nullptr && heard.choice->goto_node != kNoIndex) {
    return end_interlude_at(heard.choice->goto_node);
  }
  owed();
}

void Turn::take_consent(std::size_t node, const Heard& heard, const Utterance& said) {
  const auto& purposes = form_.nodes[node].source->consent().purposes();
  const bool opens = std::any_of(purposes.begin(), purposes.end(), [&](const pb::Purpose& each) {
    return each.opens() && std::find(heard.codes.begin(), heard.codes.end(),
                                     each.choice().code()) != heard.codes.end();
  });
  pb::Fact& fact = facts_.at(node);
  *fact.mutable_codes() = {heard.codes.begin(), heard.codes.end()};
  fact.set_reopened(false);
  state().clear_picks();
  if (!opens) return go_to(form_.declined_node);
  if (!stored()) begin_report();
  Given given = about(node, Given::Kind::kAnswer);
  given.codes = heard.codes;
  given.raw = SecretText(said.verbatim);
  const std::size_t language = prompts_.language();
  given.text_version = form_.nodes[node].text_versions[language == kNoIndex ? 0 : language];
  keep(std::move(given));
  go_on_from(node);
}

void Turn::unclear(const Utterance& said) {
  const std::size_t node = here();
  if (said.tapped || (said.words.size() == 1 && form_.go_on.contains(std::string(said.words[0])))) {
    return owed();
  }
  keep_words(node, said.verbatim);
  state().set_misunderstood(std::min(state().misunderstood() + 1, 3U));
  if (state().misunderstood() == 2) return owed(prompts_.say(Say::kNotUnderstoodAgain));
  const bool skippable = !form_.nodes[node].source->required();
  if (state().misunderstood() > 2) {
    return owed(prompts_.say(skippable ? Say::kOfferSkip : Say::kNotUnderstoodAgain));
  }
  owed(prompts_.retry(node));
}

std::vector<Row> Turn::section_rows() const {
  std::vector<Row> rows;
  for (std::size_t section = 0; section < form_.sections.size(); ++section) {
    const bool told = std::any_of(facts_.order().begin(), facts_.order().end(), [&](auto node) {
      return form_.nodes[node].section == section && node > form_.consent_node &&
             form_.nodes[node].type->asks && asked(node) && node != form_.review_node;
    });
    if (!told || rows.size() + 1 == kMaxRows) continue;
    const auto& choice = form_.sections[section].as_choice;
    rows.push_back({Row::Kind::kChoice, choice.code, &choice});
  }
  if (!rows.empty()) rows.push_back({Row::Kind::kContinue, "_continue"});
  return rows;
}

void Turn::pick_section(const Utterance& said) {
  const Scene review = prompts_.scene(form_.review_node);
  const auto row = pick_one(review, section_rows(), said);
  if (!row) {  // perhaps they thought better of it, and answer the review
    Heard heard = review.node.type->hear(review, said);
    if (heard.kind == Heard::Kind::kUnclear) return unclear(said);
    state().set_interlude(pb::INTERLUDE_NONE);
    return take(form_.review_node, std::move(heard), said);
  }
  state().set_interlude(pb::INTERLUDE_NONE);
  if (row->choice == nullptr) return owed();
  std::size_t first = kNoIndex;
  for (std::size_t node = 0; node < form_.nodes.size(); ++node) {
    if (form_.sections[form_.nodes[node].section].source->id() != row->code) continue;
    if (node <= form_.consent_node || facts_.find(node) == nullptr) continue;
    if (first == kNoIndex) first = node;
    if (form_.nodes[node].type->asks) reopen(node);
  }
  walk(first, form_.nodes[first].section);
}

void Turn::attachment(const Attachment& said) {
  if (!stored()) return owed(prompts_.say(Say::kNotYet));
  keep_event(pb::EVENT_MEDIA_REFUSED, said.voice ? "voice" : "file");
  keep_words(here(), said.caption.reveal());
  owed(prompts_.say(Say::kMediaLater));
}

void Turn::pin(const Pin& said) {
  if (!stored()) return owed(prompts_.say(Say::kNotYet));
  const std::size_t node = here();
  Given given = about(node, Given::Kind::kAnswer);
  given.text = said.name.clone();
  given.point = Pin{said.latitude, said.longitude, said.name.clone()};
  const auto* type = form_.nodes[node].type;
  if (type->asks && type->takes_words && node != form_.receipt_node) {
    pb::Fact& fact = facts_.at(node);
    given.part = fact.parts();
    fact.set_parts(fact.parts() + 1);
  }
  keep(std::move(given));
  if (type->arm == pb::Node::kPoint) {
    facts_.at(node).set_reopened(false);
    return go_on_from(node);
  }
  owed(prompts_.say(Say::kPinTaken));
}

void Turn::not_for_us() {
  keep_event(pb::EVENT_UNSUPPORTED, {});
  owed(prompts_.say(Say::kNotForUs));
}

}  // namespace resguardo::dialogue
