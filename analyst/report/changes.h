// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyst/report/report_view.h"

namespace resguardo::analyst {

struct TakenBack {
  std::string of_message;
  Place place;  // where it was said
};

// Puts edits and deletions to the messages that they name. Part of view_of(), once all is told and
// what answers supersede is known; `answers` are in the order in which they were sealed.
//
// A message and its later versions are one thing. The last version stands in the place of what the
// message said: its question and time, its part of a story, or as a remark; it stands no better
// than that, so that an edit of what was told anew meanwhile is superseded too. Earlier versions
// are superseded, and all are retracted where the message was deleted. It does not matter which
// came first, the message or its change; nor what question a change names: that is where the
// conversation stood. What is not of the message are answers that consent released with it
// (`text_version` marks its own). A version of a message that is not here stands for itself, as a
// remark. Of two segments with one index neither changes anything of the other.
//
// A correction without words says that there is one and that its words are with the identity: it
// supersedes nothing, and is superseded by those words.
void settle_changes(std::vector<AnswerView>& answers, const std::vector<TakenBack>& taken_back);

}  // namespace resguardo::analyst
