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

// "A file that you sent could not be kept, please send it again", in the same way.
std::string lost_file_text(const Form& form, const pb::ConversationState& state);
// The same of one that turned out to be over the limit: sending it again would not help.
std::string large_file_text(const Form& form, const pb::ConversationState& state);

}  // namespace resguardo::dialogue
