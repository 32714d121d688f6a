// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"

namespace resguardo::analyst {

struct AckOptions {
  std::filesystem::path show;  // only print this acknowledgement
  std::filesystem::path vault;
  std::filesystem::path out;
  std::string origin;  // which server's log; needed if the vault holds several
  SecretSources secrets;
};
// Signs which segments these keys opened, for the server's retention; says what is not in it. With
// `show`: prints one, checked against the key it names.
program::Outcome<Done> acknowledge(const AckOptions& options, Call& call);

}  // namespace resguardo::analyst
