// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

#include "analyst/commands/call.h"
#include "program/problem.h"

namespace resguardo::analyst {

struct CodesOptions {
  std::string kind;  // empty: all
  std::string language = "en";
};
// The codes of this program, without any secret.
program::Outcome<Done> list_codes(const CodesOptions& options, Call& call);

}  // namespace resguardo::analyst
