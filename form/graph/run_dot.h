// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "program/problem.h"

namespace resguardo::form {

// What Graphviz's program `dot` draws of a drawing, as SVG. No file is made on the way.
program::Outcome<std::string> run_dot(std::string_view drawing);

}  // namespace resguardo::form
