// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "bot/dialogue/form.h"
#include "proto/conversation.pb.h"

namespace resguardo::dialogue {

// The purposes a person agreed to: codes of the form's consent question.
std::vector<std::string> consented_purposes(const Form& form, const pb::ConversationState& state);

// "We cannot take your report now, please try again later", in the conversation's language, else
// the form's first, by card a sign: for when nobody is vetted to read.
std::string unavailable_text(const Form& form, const pb::ConversationState& state);

}  // namespace resguardo::dialogue
