// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "crypto/base/clock.h"
#include "program/console.h"

namespace resguardo::form {

// What every command is given by main().
struct Call {
  program::Console& console;
  std::istream& in;
  std::ostream& out;
  TimePoint now;
};

}  // namespace resguardo::form
