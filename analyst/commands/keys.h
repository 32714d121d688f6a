// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

struct RootCreateOptions {
  std::filesystem::path out;
  std::string label;
  program::PassphraseSource passphrase;
  CostOptions cost;
};
// The authority's key: FILE (locked) and FILE.pub (public), and what to read aloud.
program::Outcome<Done> root_create(const RootCreateOptions& options, Call& call);
// Its public key and fingerprint, for the person at the terminal or --json.
void print_root(const PublicKey<RootRole>& key, Call& call);

struct KeyCreateOptions {
  std::filesystem::path out;
  std::string label;
  std::uint32_t weeks = 53;
  bool researcher = false;
  program::PassphraseSource passphrase;
  CostOptions cost;
};
// An analyst's key directory; or a researcher's key: FILE (locked) and FILE.pub.
program::Outcome<Done> key_create(const KeyCreateOptions& options, Call& call);

struct KeyPublicOptions {
  std::filesystem::path key;
  std::optional<std::filesystem::path> out;
};
// The public half, for whoever makes the roster: printed, or to a file.
program::Outcome<Done> key_public(const KeyPublicOptions& options, Call& call);

struct KeyExtendOptions {
  std::filesystem::path key;
  std::uint32_t weeks = 53;
  program::PassphraseSource passphrase;
};
// Keys for more weeks, and the list that says so; prints what goes to the authority.
program::Outcome<Done> key_extend(const KeyExtendOptions& options, Call& call);

// Five groups of five digits of a key directory, a public half, a public key, a locked key file or
// a root's share.
program::Outcome<Done> key_fingerprint(const std::filesystem::path& path, Call& call);

}  // namespace resguardo::analyst
