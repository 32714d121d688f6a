// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <istream>
#include <ostream>

#include "deploy/standin/script.h"

namespace resguardo::standin {

// The person at the terminal is the reporter: what is typed goes to the bot, what the bot sends is
// shown. `/3` taps the third choice (on Signal: types it), `/quit` or the end of `in` leaves.
void play_chat(Stage& stage, Channel channel, const std::string& person, std::istream& in,
               std::ostream& out);

}  // namespace resguardo::standin
