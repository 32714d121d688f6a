// SPDX-License-Identifier: AGPL-3.0-or-later
// Voice notes, photos and files are welcome anywhere; where they can be an answer, they are one.
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {

MediaRef reference_to(const Attachment& said) {
  return {said.mime, said.voice, said.forwarded, said.caption.clone(), said.index};
}

void Turn::attachment(const Attachment& said) {
  if (!stored()) return owed(prompts_.say(Say::kNotYet));
  if (refuses(said)) {
    note_refusal(said);
    keep_words(here(), said.caption.reveal());
    return owed(prompts_.say(refusal_words(said)));
  }
  const Spot spot = here();
  const CompiledNode& node = form_.nodes[spot.node];
  Given given = said_beside(spot, Given::Kind::kMedia);
  given.media = reference_to(said);
  if (node.type->in_parts) return take_file(spot, std::move(given));
  const bool spoken = said.voice && node.type->asks && node.type->takes_words &&
                      spot.node != form_.receipt_node && spot.node != form_.resume_word_node &&
                      state().interlude() == pb::INTERLUDE_NONE;
  if (spoken) return take_voice(spot, std::move(given));
  keep(std::move(given));
  owed(prompts_.say(Say::kMediaTaken));
}

bool Turn::refuses(const Attachment& said) const {
  return !settings_.media || said.refusal != FileRefusal::kNone;
}

// That a file was sent, and why it is not here, is for whoever reads the report.
void Turn::note_refusal(const Attachment& said) {
  const std::string_view why = !settings_.media                         ? ""
                               : said.refusal == FileRefusal::kTooLarge ? "_too_large"
                                                                        : "_kind";
  keep_event(pb::EVENT_MEDIA_REFUSED, std::string(said.voice ? "voice" : "file").append(why));
}

Say Turn::refusal_words(const Attachment& said) const {
  if (!settings_.media) return Say::kMediaLater;
  return said.refusal == FileRefusal::kTooLarge ? Say::kMediaTooLarge : Say::kMediaRefused;
}

// One more part. A question for files ends by itself when it has as many as it takes.
void Turn::take_file(const Spot& spot, Given given) {
  const bool story = form_.nodes[spot.node].type->arm == pb::Node::kNarrative;
  if (is_told_anew(spot) && (given.media->voice || !story)) {
    keep(about(spot, Given::Kind::kRetraction));  // a file has no part that supersedes words
    begin_anew(spot);
  }
  const std::uint32_t part = add_part(spot);
  given.part = part;
  keep(std::move(given));
  state().set_misunderstood(0);
  if (state().interlude() != pb::INTERLUDE_NONE) return owed(prompts_.say(Say::kMediaTaken));
  const auto most = form_.nodes[spot.node].source->media().max_count();
  if (most > 0 && part + 1 >= most) return go_on_from(spot);
  say(prompts_.after_part(spot));
}

// Who cannot write answers a question in words by voice.
void Turn::take_voice(const Spot& spot, Given given) {
  given.part = add_part(spot);
  keep(std::move(given));
  forget_unasked(spot);
  go_on_from(spot);
}

bool Turn::is_told_anew(const Spot& spot) const {
  const pb::Fact* fact = facts_.find(spot);
  return fact != nullptr && fact->anew();
}

// The next part is the first, and takes the place of all that there were.
void Turn::begin_anew(const Spot& spot) {
  if (!is_told_anew(spot)) return;
  pb::Fact& fact = facts_.at(spot);
  fact.set_anew(false);
  fact.set_parts(0);
}

std::uint32_t Turn::add_part(const Spot& spot) {
  pb::Fact& fact = facts_.at(spot);
  const std::uint32_t part = fact.parts();
  fact.set_parts(part + 1);
  fact.set_skipped(false);
  fact.set_reopened(false);
  return part;
}

}  // namespace resguardo::dialogue
