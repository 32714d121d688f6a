// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

struct KeyPaperOptions {
  std::filesystem::path
      key;  // a locked key file, an analyst's folder (its identity), a root's share
  std::filesystem::path read;  // instead: what was typed or scanned
  std::filesystem::path out;   // the page; with `read` the file again
};
// A page to print; or the exact file again. Nothing is unlocked: the page is as locked as the file.
program::Outcome<Done> key_paper(const KeyPaperOptions& options, Call& call);

}  // namespace resguardo::analyst
