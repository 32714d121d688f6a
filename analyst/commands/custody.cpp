// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/custody.h"

#include <array>
#include <fstream>

#include "analyst/import/vault_shelf.h"
#include "crypto/base/sha256.h"

namespace resguardo::analyst {
namespace {

using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

Outcome<std::optional<MemberId>> member_called(Vault& vault, const std::string& as) {
  if (as.empty()) return std::optional<MemberId>();
  RESGUARDO_TRY(const auto members, at("vault", VaultCustody::members(vault)));
  RESGUARDO_TRY(const RosterShelf shelf, at("vault", shelf_of(vault)));
  std::optional<MemberId> found;
  for (const MemberId& member : members) {
    if (shelf.label(member) != as && !to_hex(member.view()).starts_with(as)) continue;
    if (found) return usage_problem("--as", "is the name of several", "give more of their id");
    found = member;
  }
  if (!found)
    return usage_problem("--as", "names nobody who imported into this vault",
                         "`journal` shows who did");
  return found;
}

}  // namespace

Outcome<std::optional<VaultCustody>> custody_of(Vault& vault, const std::string& as, Call& call) {
  RESGUARDO_TRY(const auto member, member_called(vault, as));
  auto custody = VaultCustody::open(vault, member);
  if (custody.ok()) return std::optional(std::move(custody).value());
  if (custody.error().fault != Fault::kNotFound) return program::problem(custody.error(), "vault");
  call.console.note(
      "this is not written into the vault's journal: it has no key to sign with yet; the next "
      "`import` makes one");
  return std::optional<VaultCustody>();
}

Outcome<Done> keep_in_journal(Vault& vault, const std::string& as, const JournalFact& fact,
                              Call& call) {
  RESGUARDO_TRY(auto custody, custody_of(vault, as, call));
  if (!custody) return Done{};
  const char* const mend = "what cannot be written down is not done; is another program using it?";
  RESGUARDO_TRY(auto into, at("journal", vault.begin(), mend));
  RESGUARDO_CHECK(at("journal", custody->append(fact, call.now), mend));
  return at("journal", into.commit(), mend);
}

Outcome<Done> sign_in_journal(Vault& vault, const JournalFact& fact, const open::AnalystKeys& keys,
                              Call& call) {
  RESGUARDO_TRY(auto into, at("journal", vault.begin()));
  RESGUARDO_CHECK(at("journal", VaultJournal(vault).append(fact, keys, call.now)));
  return at("journal", into.commit());
}

Outcome<Digest> digest_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  Sha256 hash;
  std::array<char, 65536> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
    hash.add(as_bytes(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount()))));
  if (!in.eof()) return Problem{file.string(), "cannot be read", "is the stick still there?"};
  return hash.finish();
}

}  // namespace resguardo::analyst
