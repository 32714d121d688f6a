// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/secrets.h"

#include "crypto/open/key_directory.h"

namespace resguardo::analyst {

program::Outcome<Secrets> unlock_secrets(const SecretSources& sources) {
  RESGUARDO_TRY(auto passphrase, program::read_passphrase(
                                     sources.passphrase,
                                     "Passphrase of the keys in " + sources.key.string(), false));
  RESGUARDO_TRY(auto keys, program::at(sources.key.string(),
                                       open::unlock_key_directory(sources.key, passphrase)));
  const bool own = sources.vault_passphrase.file || sources.vault_passphrase.descriptor;
  if (!own) {
    RESGUARDO_TRY(auto same, program::at("passphrase", passphrase.clone()));
    return Secrets{std::move(keys), std::move(passphrase), std::move(same)};
  }
  RESGUARDO_TRY(auto other, program::read_passphrase(sources.vault_passphrase,
                                                     "Passphrase of the vault", false));
  return Secrets{std::move(keys), std::move(passphrase), std::move(other)};
}

}  // namespace resguardo::analyst
