// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "analyst/commands/call.h"
#include "analyst/vault/vault_custody.h"

namespace resguardo::analyst {

// For whom this vault's key signs: `as` is a label of the newest roster or how a member's id
// begins; empty: whoever imported last. Nothing: the vault has no such key yet, which was said.
program::Outcome<std::optional<VaultCustody>> custody_of(Vault& vault, const std::string& as,
                                                         Call& call);

// One entry of the journal for one command, before what it tells of is shown or appears: what
// cannot be written down is not done. A vault without a key goes on without, and says so.
program::Outcome<Done> keep_in_journal(Vault& vault, const std::string& as, const JournalFact& fact,
                                       Call& call);

// The same where the member's own keys are at hand.
program::Outcome<Done> sign_in_journal(Vault& vault, const JournalFact& fact,
                                       const open::AnalystKeys& keys, Call& call);

// SHA-256 of a file, as `sha256sum` prints it.
program::Outcome<Digest> digest_of_file(const std::filesystem::path& file);

}  // namespace resguardo::analyst
