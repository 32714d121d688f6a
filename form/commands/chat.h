// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "form/commands/call.h"

namespace resguardo::form {

struct ChatOptions {
  std::filesystem::path form;
  std::string language;            // chosen at the first question; empty: asked
  std::string channel = "signal";  // whatsapp, signal, plain
  std::string mode;                // chosen where the form offers it; empty: asked
  bool show_sealed = false;
};
// Plays a form: the caller is the person, line by line. Nothing is sent or kept.
program::Outcome<Done> chat(const ChatOptions& options, Call& call);

}  // namespace resguardo::form
