// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

struct VaultOptions {
  std::filesystem::path vault;
  program::PassphraseSource passphrase;
  std::string as{};  // for whom the vault signs its journal; empty: whoever imported last
};

// One line a report.
program::Outcome<Done> list_reports(const VaultOptions& options, Call& call);

struct ShowOptions {
  VaultOptions vault;
  std::string id;        // or its beginning
  std::string language;  // of the questions; empty: the language they were asked in
  bool all = false;      // also what was superseded or retracted
};
// A report as it was told.
program::Outcome<Done> show_report(const ShowOptions& options, Call& call);

}  // namespace resguardo::analyst
