// SPDX-License-Identifier: AGPL-3.0-or-later
#include "program/confirmation.h"

#include <fstream>

namespace resguardo::program {

Outcome<Done> confirm_typed(const std::string& what, const std::string& word) {
  constexpr const char* kTerminal = "/dev/tty";
  std::ofstream out(kTerminal);
  std::ifstream in(kTerminal);
  if (!out || !in) return usage_problem("terminal", "there is none to ask on: " + what, "");
  out << what << "\nType " << word << " to go on: " << std::flush;
  std::string typed;
  std::getline(in, typed);
  if (typed.ends_with('\r')) typed.pop_back();
  if (typed != word) return Problem{"terminal", "something else was typed: nothing was done", ""};
  return Done{};
}

}  // namespace resguardo::program
