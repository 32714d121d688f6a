// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

namespace resguardo::gateway::whatsapp {

// gateways.md §3.9. Characters are counted as UTF-16 units; a form's linter asks the same limits.
constexpr std::size_t kMaxTextUnits = 4096;  // of a text, and of a list's body
constexpr std::size_t kMaxInteractiveBody = 1024;
constexpr std::size_t kMaxButtons = 3;
constexpr std::size_t kMaxButtonTitle = 20;
constexpr std::size_t kMaxRows = 10;
constexpr std::size_t kMaxRowId = 200;
constexpr std::size_t kMaxRowTitle = 24;
constexpr std::size_t kMaxRowDescription = 72;
constexpr std::size_t kMaxListButton = 20;

}  // namespace resguardo::gateway::whatsapp
