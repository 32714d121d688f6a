// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bot/dialogue/compiled.h"
#include "bot/dialogue/spot.h"
#include "bot/dialogue/step.h"
#include "form/transcript/transcript.h"

namespace resguardo::form {

using dialogue::kModeCount;
// "guided", "quick", …; the first for a person who chose none.
std::string mode_name(pb::Mode mode);
std::optional<pb::Mode> mode_named(std::string_view name);

// Where a conversation stands after what was said so far.
struct Stand {
  pb::ConversationState state;
  std::optional<dialogue::Prompt> prompt;
  dialogue::Effect effect = dialogue::Effect::kNone;

  bool receipt() const;  // it is shown
  bool over() const;     // nothing more can be asked
  pb::Mode mode() const;
};

// The question where it stands, and which time of it.
std::string place_of(const Stand& stand);

// A form and a channel, for playing lines of a transcript against the engine. No time passes.
class Stage {
 public:
  Stage(std::shared_ptr<const dialogue::Form> form, dialogue::ChannelKind channel);
  const dialogue::Form::Content& content() const { return form_->content(); }
  std::shared_ptr<const dialogue::Form> form() const { return form_; }
  dialogue::ChannelKind channel() const { return channel_; }

  // `line` as in a transcript: "> words", "tap code", "file", "pin …".
  // `shelf`: what the store of closed reports has or does not, as Shelf::set() takes it.
  Stand say(const Stand& stand, const std::string& line, std::string_view shelf = {}) const;
  dialogue::Spot cursor(const Stand& stand) const;  // node kNoIndex: nowhere

 private:
  std::shared_ptr<const dialogue::Form> form_;
  dialogue::ChannelKind channel_;
  dialogue::Settings settings_;
};

}  // namespace resguardo::form
