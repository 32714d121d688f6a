// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"

namespace resguardo::analyst {

struct VerifyOptions {
  std::filesystem::path bundle;
  std::string root;  // empty: rosters are not checked, and it says so
};
// Everything that can be checked of a bundle without a secret; kFailed if anything does not fit.
program::Outcome<Done> verify_bundle(const VerifyOptions& options, Call& call);

struct ImportOptions {
  std::vector<std::filesystem::path> bundles;  // whole bundles or parts, in any order
  std::filesystem::path vault;
  std::string root;          // needed once; the vault remembers it
  bool salvage = false;      // take what is whole of a damaged bundle
  bool despite_log = false;  // take reports although the log does not hold
  SecretSources secrets;
  CostOptions cost;  // of a new vault
};
// Opens bundles into the vault, which is made if there is none. Nothing is written of a bundle that
// is damaged, has a roster that is not root's, or of which not one segment opens; the others go in.
program::Outcome<Done> import_bundles(const ImportOptions& options, Call& call);

}  // namespace resguardo::analyst
