// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/import_vault.h"

#include "analyst/commands/custody.h"
#include "analyst/import/vault_shelf.h"

namespace resguardo::analyst {

using program::at;
using program::Outcome;

Outcome<Known> find_vault(const ImportOptions& options, const SecretBytes& passphrase) {
  if (!Vault::exists(options.vault)) {
    if (options.root.empty())
      return program::usage_problem("--root", "is needed the first time",
                                    "give the authority's public key; the vault remembers it");
    RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
    return Known{std::nullopt, root};
  }
  RESGUARDO_TRY(auto vault,
                at(options.vault.string(), Vault::open(options.vault, passphrase), kOwnPassphrase));
  const PublicKey<RootRole> root = vault.root();
  if (!options.root.empty()) {
    RESGUARDO_TRY(const auto given, read_public_key<RootRole>(options.root, "--root"));
    if (given != root)
      return program::usage_problem("--root", "is not the root this vault was made with");
  }
  return Known{std::move(vault), root};
}

Outcome<Done> make_vault(const ImportOptions& options, Known& known, const SecretBytes& passphrase,
                         const open::LockCost& cost) {
  if (known.vault) return Done{};
  RESGUARDO_TRY(auto made, at(options.vault.string(),
                              Vault::create(options.vault, known.root, passphrase, cost)));
  known.vault.emplace(std::move(made));
  return Done{};
}

Outcome<Done> begin_custody(Vault& vault, const Secrets& secrets, Call& call) {
  return at("journal", VaultCustody::begin(vault, secrets.keys, call.now));
}

Outcome<Done> note_imported(const Digest& file, const std::vector<ReportId>& reports, Vault& vault,
                            const Secrets& secrets, Call& call) {
  JournalFact fact = journal_fact(JournalKind::kImported, reports);
  fact.subject = file;
  return sign_in_journal(vault, fact, secrets.keys, call);
}

Outcome<RosterShelf> shelf_of(const ImportOptions& options, Known& known) {
  if (!known.vault) return RosterShelf(known.root);
  return at(options.vault.string(), shelf_of(*known.vault));
}

}  // namespace resguardo::analyst
