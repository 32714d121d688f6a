// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/base/result.h"

namespace resguardo::sandbox {

// Whether drop_privileges() would leave this process root in name.
bool stays_root(const std::filesystem::path& data);

struct Kept {
  bool low_ports = false;  // a port below 1024 is listened on
};

// The rights of root go. Started as root, the process becomes the owner of `data` with their
// groups; where that is root it stays root, of whom nothing is left but the name: no capability
// but to lock memory, and to listen on low ports where that is asked. Of another user capabilities
// go likewise. For this thread and those that it makes later.
//
// kUnavailable: the system refuses. Then nothing is sure.
Status drop_privileges(const std::filesystem::path& data, Kept kept);

}  // namespace resguardo::sandbox
