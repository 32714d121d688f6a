// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>

namespace resguardo::gateway::signal {

// Signal moves what is above 2,000 bytes into an attachment by itself, up to this.
constexpr std::size_t kMaxMessageBytes = 64 * 1024;

}  // namespace resguardo::gateway::signal
