// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "crypto/open/analyst_keys.h"
#include "program/passphrase.h"
#include "program/problem.h"

namespace resguardo::analyst {

// An analyst's keys and a vault: one passphrase for both unless the vault is given its own.
struct SecretSources {
  std::filesystem::path key;  // a key directory
  program::PassphraseSource passphrase;
  program::PassphraseSource vault_passphrase;
};
struct Secrets {
  open::AnalystKeys keys;
  SecretBytes key_passphrase;
  SecretBytes vault_passphrase;
};
program::Outcome<Secrets> unlock_secrets(const SecretSources& sources);

// Said where a vault does not open with the keys' passphrase.
inline constexpr const char* kOwnPassphrase =
    "if the vault has a passphrase of its own, give --vault-passphrase-file";

}  // namespace resguardo::analyst
