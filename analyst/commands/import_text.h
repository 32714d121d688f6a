// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyst/commands/call.h"
#include "analyst/commands/import_parts.h"
#include "analyst/commands/news.h"
#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"

namespace resguardo::analyst {

// "3 files"
std::string count_of(std::uint64_t number, const char* what);

// A bundle that passed the first walk.
struct Sound {
  std::filesystem::path file;
  BundleFindings found;
  std::size_t given = 0;  // its place in the command
};

// Of each bundle among these, oldest first.
std::vector<LogFindings> logs_of(const std::vector<Sound>& sound);

// What an import tells whoever ran it: first what came, then what is wrong, then what is missing.
void print_import(const ImportCounts& counts, const std::vector<Sound>& sound,
                  const std::vector<BundleParts>& bundles, const News& news, Call& call);
// A problem: all of them are from before what the vault knows of their logs, and none brought
// anything. It is the wrong stick; the vault is as it was.
program::Outcome<Done> not_only_older(const ImportCounts& counts, const std::vector<Sound>& sound,
                                      Vault& vault);
void warn_of_rosters(const std::vector<Sound>& sound, Call& call);
void warn_of_gaps(const ImportCounts& counts, const std::vector<BundleParts>& bundles, Call& call);
// What was taken of damaged files, and that nothing has to be done twice.
void tell_of_damage(const std::vector<Sound>& sound, Call& call);

}  // namespace resguardo::analyst
