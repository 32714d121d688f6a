// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "bot/dialogue/fold.h"

namespace resguardo::form {

// The words of a text, folded, with a space before, between and after: looking for " word " in it
// finds whole words only.
inline std::string padded(std::string_view text) {
  return std::string(" ").append(dialogue::fold_name(text)).append(" ");
}

}  // namespace resguardo::form
