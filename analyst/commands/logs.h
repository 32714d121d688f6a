// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analyst/commands/reports.h"
#include "analyst/vault/vault.h"

namespace resguardo::analyst {

struct LogShowOptions {
  VaultOptions vault;
  std::string origin;                    // empty: the only log
  std::optional<std::uint64_t> extends;  // with the proof that it goes on from so many entries
};
// Prints the kept checkpoint as it was signed: to read, to compare, to give to `export --since`.
program::Outcome<Done> log_show(const LogShowOptions& options, Call& call);

struct LogCompareOptions {
  VaultOptions vault;
  std::filesystem::path note;  // a colleague's `log show`, or what a witness signed
  bool keep = false;           // its witnesses' signatures, if it is the kept checkpoint
};
// Whether a colleague was shown the same history. kFailed: forked; or not to be told yet.
program::Outcome<Done> log_compare(const LogCompareOptions& options, Call& call);

struct ProveOptions {
  VaultOptions vault;
  std::string id;             // of a report, or how it begins
  std::filesystem::path out;  // a folder; must not exist
  std::vector<std::uint64_t> records;
  bool identity = false;
  std::string file;             // of the report, or how its id begins: the proof is of its addendum
  std::filesystem::path check;  // a proof's folder: nothing is made
  std::string root;             // with check
};
// Writes a stand-alone proof, or checks one (analyst/proof/proof.h).
program::Outcome<Done> prove(const ProveOptions& options, Call& call);

// The one report whose id begins so.
program::Outcome<ReportId> find_report(Vault& vault, const std::string& beginning);
// Asks for the passphrase.
program::Outcome<Vault> open_vault_of(const VaultOptions& options, Call& call);

}  // namespace resguardo::analyst
