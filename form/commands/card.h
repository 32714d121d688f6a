// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "form/card/sheet.h"
#include "form/commands/call.h"

namespace resguardo::form {

struct CardOptions {
  std::filesystem::path form;
  std::string language;  // empty: all, one sheet each
  CardSettings settings;
  std::filesystem::path out;
};
// The questions on paper, for who answers with numbers.
program::Outcome<Done> card(const CardOptions& options, Call& call);

}  // namespace resguardo::form
