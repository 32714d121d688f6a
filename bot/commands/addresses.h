// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

namespace resguardo::commands {

// True for 127.x.y.z:PORT, [::1]:PORT and unix:/PATH: what only this machine reaches.
bool stays_on_this_machine(std::string_view address);

}  // namespace resguardo::commands
