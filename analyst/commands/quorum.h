// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyst/commands/call.h"
#include "analyst/commands/secrets.h"
#include "analyst/import/roster_shelf.h"
#include "analyst/vault/vault_journal.h"
#include "crypto/open/quorum_files.h"

namespace resguardo::analyst {

// What several open together, offline: one asks, others give, the first joins. Each step is written
// into the journal of the vault it was done with.

struct QuorumRequestOptions {
  std::string id;                    // of a report, or its beginning
  std::string compartment = "both";  // of what is sealed: testimony, identity or both
  std::string reason;
  std::filesystem::path vault;
  SecretSources secrets;
  std::filesystem::path out;
};
program::Outcome<Done> quorum_request(const QuorumRequestOptions& options, Call& call);

struct QuorumGrantOptions {
  std::filesystem::path request;
  std::filesystem::path vault;
  SecretSources secrets;
  std::filesystem::path out;  // empty: show the request, give nothing
};
// Refuses a requester who is not active in the newest roster of this vault.
program::Outcome<Done> quorum_grant(const QuorumGrantOptions& options, Call& call);

struct QuorumCombineOptions {
  std::vector<std::filesystem::path> grants;
  std::filesystem::path vault;
  SecretSources secrets;
};
// Names who gave what does not fit, and who is missing.
program::Outcome<Done> quorum_combine(const QuorumCombineOptions& options, Call& call);

// What each of these commands works with.
struct QuorumDesk {
  Secrets secrets;
  Vault vault;
  RosterShelf shelf;  // not empty
  std::string where;
  const VerifiedRoster& newest() const { return shelf.entries().back().roster; }
  const Digest& newest_digest() const { return shelf.entries().back().digest; }
  // As the newest roster that knows them calls them, with the beginning of their id.
  std::string name(const MemberId& member) const;
};
program::Outcome<QuorumDesk> open_desk(const std::filesystem::path& vault,
                                       const SecretSources& secrets);
// One entry, and what was written before it, or nothing of both.
program::Outcome<Done> note_in_journal(QuorumDesk& desk, Vault::Addition& into,
                                       const JournalFact& fact, Call& call);

}  // namespace resguardo::analyst
