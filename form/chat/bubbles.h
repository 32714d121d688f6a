// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "form/chat/screen.h"
#include "form/transcript/transcript.h"

namespace resguardo::form {

// One thing that a telephone shows in a chat.
struct Bubble {
  enum class Who : std::uint8_t { kPerson, kBot, kNobody };  // nobody: a remark, between the two
  Who who = Who::kPerson;
  Shown shown;
  bool taken_back = false;  // the bot removed it from both telephones
  bool receipt = false;
  std::size_t turn = 0;  // counted in what the person does, from 1
};

// The chat of a transcript as it stands at the end, over the transcript's own channel. What a line
// expects is not checked here.
program::Outcome<std::vector<Bubble>> bubbles_of(std::shared_ptr<const dialogue::Form> form,
                                                 const Transcript& transcript);

}  // namespace resguardo::form
