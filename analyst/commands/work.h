// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/reports.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

// Files that people sent, opened for a while into a working folder (work_folder.h), one to a vault.
struct WorkOptions {
  VaultOptions vault;
  std::string id;             // of the report whose files are wanted
  std::filesystem::path dir;  // empty: one in memory, /dev/shm
  bool on_disk = false;       // also where nothing says that the disk is encrypted
};
program::Outcome<Done> open_work(const WorkOptions& options, Call& call);
program::Outcome<Done> list_work(const VaultOptions& options, Call& call);
program::Outcome<Done> close_work(const VaultOptions& options, Call& call);

// That files lie open, for every command that opens a vault: of this day, or left by a crash.
program::Outcome<Done> tell_work(Vault& vault, Call& call);

}  // namespace resguardo::analyst
