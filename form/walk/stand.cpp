// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/walk/stand.h"

#include <algorithm>

namespace resguardo::form {
namespace {

constexpr TimePoint kNow{std::chrono::milliseconds(1'795'000'000'000)};

}  // namespace

std::string mode_name(pb::Mode mode) {
  std::string name = pb::Mode_Name(mode).substr(std::string_view("MODE_").size());
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

std::optional<pb::Mode> mode_named(std::string_view name) {
  for (int i = pb::Mode_MIN + 1; i <= pb::Mode_MAX; ++i) {
    if (mode_name(static_cast<pb::Mode>(i)) == name) return static_cast<pb::Mode>(i);
  }
  return std::nullopt;
}

// An addition to a report ends without one.
bool Stand::receipt() const {
  return effect == dialogue::Effect::kCloseReport && prompt &&
         prompt->text.find(dialogue::kReceiptMark) != std::string::npos;
}

bool Stand::over() const {
  return effect == dialogue::Effect::kCloseReport || !prompt ||
         effect == dialogue::Effect::kForget || effect == dialogue::Effect::kLeave ||
         effect == dialogue::Effect::kEraseReport ||
         state.phase() == pb::ConversationState::PHASE_PAUSED;
}

pb::Mode Stand::mode() const {
  const auto mode = static_cast<int>(state.mode());
  return mode == 0 || !pb::Mode_IsValid(mode) ? pb::MODE_GUIDED : static_cast<pb::Mode>(mode);
}

std::string place_of(const Stand& stand) {
  std::string place = stand.over() ? std::string() : stand.state.cursor();
  for (const auto time : stand.state.cursor_instance()) {
    place.append(".").append(std::to_string(time));
  }
  return place;
}

Stage::Stage(std::shared_ptr<const dialogue::Form> form, dialogue::ChannelKind channel)
    : form_(std::move(form)), channel_(channel), settings_(settings_of_transcripts()) {
  settings_.media = true;
}

Stand Stage::say(const Stand& stand, const std::string& line, std::string_view set) const {
  const auto space = std::min(line.find(' '), line.size());
  const TranscriptLine parsed{0, line.substr(0, space),
                              space < line.size() ? line.substr(space + 1) : std::string()};
  const auto said = said_in(parsed, stand.prompt);
  if (!said) return stand;
  Shelf shelf;
  shelf.set(set);
  auto step =
      shelf.settle(*form_, settings_, stand.state,
                   dialogue::advance(*form_, settings_, stand.state, true, channel_, *said, kNow),
                   true, channel_, kNow);
  return {std::move(step.state), std::move(step.prompt), step.effect};
}

dialogue::Spot Stage::cursor(const Stand& stand) const {
  const std::size_t node = content().find(stand.state.cursor());
  if (node == dialogue::kNoIndex) return {};
  return dialogue::spot_of(content(), node, stand.state.cursor_instance());
}

}  // namespace resguardo::form
