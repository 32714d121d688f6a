// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <vector>

#include "bot/config/config.h"
#include "bot/dialogue/form.h"
#include "program/problem.h"

namespace resguardo::commands {

// What an operator's words would betray on a phone that somebody searches: each that holds a word
// of the form's sensitive list, by the name of its setting.
std::vector<program::Problem> betraying_words(const config::Dialogue& dialogue,
                                              const dialogue::Form& form);

}  // namespace resguardo::commands
