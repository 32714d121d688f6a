// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string>

namespace resguardo::commands {

// The configuration that `init` writes: every setting, with what it means. `form`: a file name in
// forms/.
std::string config_template(const std::string& form);

}  // namespace resguardo::commands
