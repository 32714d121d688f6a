// SPDX-License-Identifier: AGPL-3.0-or-later
#include <boost/json.hpp>

#include "analyst/commands/bundles.h"
#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"
#include "analyst/vault/vault.h"
#include "crypto/open/key_directory.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;

std::string count(std::uint64_t number, const char* what) {
  return std::to_string(number) + " " + what;
}

struct Secrets {
  open::AnalystKeys keys;
  SecretBytes vault_passphrase;
};

Outcome<Secrets> unlock(const ImportOptions& options) {
  RESGUARDO_TRY(auto passphrase, program::read_passphrase(
                                     options.passphrase,
                                     "Passphrase of the keys in " + options.key.string(), false));
  RESGUARDO_TRY(auto keys,
                at(options.key.string(), open::unlock_key_directory(options.key, passphrase)));
  const bool own = options.vault_passphrase.file || options.vault_passphrase.descriptor;
  if (!own) return Secrets{std::move(keys), std::move(passphrase)};
  RESGUARDO_TRY(auto other, program::read_passphrase(options.vault_passphrase,
                                                     "Passphrase of the vault", false));
  return Secrets{std::move(keys), std::move(other)};
}

// The vault that is there, or none yet; and whom it believes.
struct Known {
  std::optional<Vault> vault;
  PublicKey<RootRole> root;
};

Outcome<Known> find_vault(const ImportOptions& options, const SecretBytes& passphrase) {
  if (!Vault::exists(options.vault)) {
    if (options.root.empty())
      return program::usage_problem("--root", "is needed the first time",
                                    "give the authority's public key; the vault remembers it");
    RESGUARDO_TRY(const auto root, read_public_key<RootRole>(options.root, "--root"));
    return Known{std::nullopt, root};
  }
  RESGUARDO_TRY(auto vault, at(options.vault.string(), Vault::open(options.vault, passphrase),
                               "if the vault has a passphrase of its own, give "
                               "--vault-passphrase-file"));
  const PublicKey<RootRole> root = vault.root();
  if (!options.root.empty()) {
    RESGUARDO_TRY(const auto given, read_public_key<RootRole>(options.root, "--root"));
    if (given != root)
      return program::usage_problem("--root", "is not the root this vault was made with");
  }
  return Known{std::move(vault), root};
}

Outcome<Done> acceptable(const ImportOptions& options, const BundleFindings& found, Call& call) {
  const std::string where = options.bundle.string();
  if (found.damage) {
    const std::string what =
        "damaged at " + place_text(found.damage->place) + ": " + found.damage->why;
    if (!options.salvage)
      return Problem{where, what, "get it again, or take what is whole before it with --salvage"};
    call.console.warn(where + ": " + what + "; taking what is whole before it");
  }
  if (found.segments > 0 && found.openable == 0) {
    std::string readers;
    for (const std::string& label : found.readers)
      if (!label.empty()) readers += (readers.empty() ? "" : ", ") + label;
    return Problem{
        where, "none of its " + count(found.segments, "segments opens with these keys"),
        readers.empty() ? "use the keys of a member of its roster" : "it is sealed for " + readers};
  }
  return Done{};
}

void print(const ImportCounts& counts, Call& call) {
  if (call.console.json()) {
    call.console.print(json::object{{"reports", counts.reports},
                                    {"newSegments", counts.new_segments},
                                    {"moreOfSegments", counts.more_of_segments},
                                    {"knownSegments", counts.known_segments},
                                    {"notForTheseKeys", counts.not_for_these_keys},
                                    {"unreadableSegments", counts.unreadable_segments},
                                    {"rows", counts.rows}});
    return;
  }
  call.console.print(count(counts.reports, "reports: ") +
                     count(counts.new_segments, "new segments, ") +
                     count(counts.more_of_segments, "with more than before, ") +
                     count(counts.known_segments, "here already\n"));
}

void warn_of_rosters(const BundleFindings& found, Call& call) {
  if (found.unknown_roster > 0)
    call.console.warn(
        count(found.unknown_roster, "segments are sealed under a roster that root did not sign"));
  if (found.other_members > 0)
    call.console.warn(
        count(found.other_members, "segments are sealed for others than their roster's members"));
  if (found.log_differs > 0)
    call.console.warn(count(found.log_differs, "reports are not what the server's log says"));
}

}  // namespace

Outcome<Done> import_bundle(const ImportOptions& options, Call& call) {
  RESGUARDO_TRY(const auto cost, cost_of(options.cost, call.console));
  RESGUARDO_TRY(const Secrets secrets, unlock(options));
  RESGUARDO_TRY(Known known, find_vault(options, secrets.vault_passphrase));
  RosterShelf shelf(known.root);
  if (known.vault) {
    RESGUARDO_TRY(const auto rosters, at(options.vault.string(), known.vault->rosters()));
    for (const auto& roster : rosters)
      RESGUARDO_CHECK(at(options.vault.string(), shelf.add(roster.file)));
  }
  BundleCheck check(&shelf, &secrets.keys);
  RESGUARDO_TRY(const BundleFindings found, check.run(options.bundle));
  RESGUARDO_CHECK(acceptable(options, found, call));
  if (!known.vault) {
    RESGUARDO_TRY(auto made,
                  at(options.vault.string(),
                     Vault::create(options.vault, known.root, secrets.vault_passphrase, cost)));
    known.vault.emplace(std::move(made));
  }
  Importer importer(*known.vault, shelf, secrets.keys);
  RESGUARDO_TRY(const ImportCounts counts, importer.run(options.bundle, found.damage));
  print(counts, call);
  warn_of_rosters(found, call);
  if (counts.not_for_these_keys > 0)
    call.console.warn(count(counts.not_for_these_keys, "segments are for other readers only"));
  if (counts.unreadable_segments > 0)
    return Problem{options.bundle.string(),
                   count(counts.unreadable_segments,
                         "segments do not open to their end; the rest was imported"),
                   "`list` marks their reports as unreadable"};
  return Done{};
}

}  // namespace resguardo::analyst
