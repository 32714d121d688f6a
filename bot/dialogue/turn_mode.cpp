// SPDX-License-Identifier: AGPL-3.0-or-later
// The depth of the questions: chosen, changed midway, taken back with the answer that set it.
#include "bot/dialogue/turn.h"

namespace resguardo::dialogue {
namespace {

std::string_view mode_name(pb::Mode mode) {
  switch (mode) {
    case pb::MODE_STORY_FIRST:
      return "story_first";
    case pb::MODE_QUICK:
      return "quick";
    case pb::MODE_MINOR:
      return "minor";
    case pb::MODE_INTERVIEWER:
      return "interviewer";
    case pb::MODE_VOICE:
      return "voice";
    case pb::MODE_GUIDED:
    case pb::MODE_UNSPECIFIED:
    default:
      break;
  }
  return "guided";
}

pb::Mode mode_of(const CompiledNode& node, const pb::Fact* fact) {
  if (fact == nullptr || fact->codes_size() != 1) return pb::MODE_UNSPECIFIED;
  const CompiledChoice* choice = node.find(fact->codes(0));
  return choice == nullptr ? pb::MODE_UNSPECIFIED : choice->source->mode();
}

}  // namespace

void Turn::set_mode(pb::Mode mode) {
  const pb::Mode before = route_.mode();
  state().set_mode(static_cast<std::uint32_t>(mode));
  if (route_.mode() != before) keep_event(pb::EVENT_MODE, mode_name(route_.mode()));
}

// The answer that set the mode is no more: what the others set holds again. Somebody who first said
// to be a minor by mistake is none, and somebody who first said to be an interviewer may be one.
void Turn::take_mode_back(const Spot& spot) {
  const pb::Mode set = mode_of(form_.nodes[spot.node], facts_.find(spot));
  if (set == pb::MODE_UNSPECIFIED || set != route_.mode()) return;
  pb::Mode other = pb::MODE_UNSPECIFIED;
  for (const Spot& each : facts_.order()) {
    const pb::Mode mode = mode_of(form_.nodes[each.node], facts_.find(each));
    if (each != spot && mode != pb::MODE_UNSPECIFIED) other = mode;
  }
  set_mode(other);
}

// "✓ Very quick": what the form calls it. Nothing is told of a person by it.
std::string Turn::mode_taken(pb::Mode mode) const {
  const std::size_t language = prompts_.language();
  if (language == kNoIndex || state().card()) return {};
  for (const CompiledNode& node : form_.nodes) {
    for (const CompiledChoice& choice : node.choices) {
      if (choice.source->mode() == mode) return "✓ " + choice.titles[language].title;
    }
  }
  return {};
}

// From here on: what this part still wants at the other depth comes next. Who is protected by fewer
// questions, or asks for somebody else, stays so; and nobody is led to speak where voice is not
// kept.
void Turn::change_mode(pb::Mode mode) {
  if (state().adding()) return owed();
  const pb::Mode now = route_.mode();
  if (mode == pb::MODE_VOICE && !settings_.media) return owed();
  const bool stays = now == mode || now == pb::MODE_MINOR || now == pb::MODE_INTERVIEWER;
  if (stays && !state().card()) return owed(now == mode ? mode_taken(mode) : std::string());
  end_card();
  if (!stays) set_mode(mode);
  if (!stored() || state().interlude() != pb::INTERLUDE_NONE) return owed(mode_taken(mode));
  const Spot from = cursor();
  const std::size_t section = form_.nodes[from.node].section;
  walk(route_.first_of(section, from.section), section);
}

}  // namespace resguardo::dialogue
