// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

// A draft: the first roster, or the successor of a signed one. Nothing is secret in it.
struct RosterCreateOptions {
  std::filesystem::path out;
  std::optional<std::filesystem::path> from;  // the signed roster before
  std::string root;                           // with `from`: who signed it
  std::vector<std::filesystem::path> add;     // public halves
  std::vector<std::filesystem::path> renew;   // public halves with a newer list
  std::vector<std::string> revoke;            // member ids
  std::string organisation;                   // of those added
  bool without_identity = false;              // those added read the testimony only
  std::string expires;                        // a day
  std::vector<std::string> log_keys;
  std::string log_origin;
};
program::Outcome<Done> roster_create(const RosterCreateOptions& options, Call& call);

struct RosterSignOptions {
  std::filesystem::path draft;
  std::filesystem::path root_key;
  std::filesystem::path out;
  program::PassphraseSource passphrase;
};
program::Outcome<Done> roster_sign(const RosterSignOptions& options, Call& call);

// A draft or a signed roster, as a person checks it. Checks no signature and says so.
program::Outcome<Done> roster_show(const std::filesystem::path& file, Call& call);

struct RosterVerifyOptions {
  std::filesystem::path file;
  std::string root;
};
// Signature, lists, expiry: what a server would ask of it.
program::Outcome<Done> roster_verify(const RosterVerifyOptions& options, Call& call);

}  // namespace resguardo::analyst
