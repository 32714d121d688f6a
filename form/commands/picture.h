// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include "form/commands/call.h"

namespace resguardo::form {

struct PictureOptions {
  std::filesystem::path form;
  std::filesystem::path transcript;
  std::filesystem::path out;  // .svg
  std::size_t from = 1;       // what the person did first that is drawn
  std::size_t to = 0;         // and last; 0: to the end
};
// Draws the chat of a transcript as a telephone shows it at the end.
program::Outcome<Done> picture(const PictureOptions& options, Call& call);

}  // namespace resguardo::form
