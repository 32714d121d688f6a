// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "deploy/standin/bot_link.h"
#include "deploy/standin/graph_api.h"
#include "deploy/standin/mailbox.h"
#include "deploy/standin/person.h"
#include "deploy/standin/rest_api.h"

namespace resguardo::standin {

// All of the stand-in that a command may need.
struct Stage {
  const Settings& settings;
  Mailbox& mailbox;
  GraphApi& graph_api;
  SignalAccount& signal;
  RestApi& rest_api;
  DaemonApi& daemon;
  FileShelf& files;
  Mishaps& mishaps;
  BotLink& bot;
  Postman& postman;
};

// Plays commands, one a line, and answers each with one line of JSON (README.md lists them). Lines
// that are empty or begin with # are passed over. Ends at `quit` or at the end of `in`.
void play_script(Stage& stage, std::istream& in, std::ostream& out);

}  // namespace resguardo::standin
