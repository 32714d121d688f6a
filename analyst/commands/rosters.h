// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analyst/commands/call.h"

namespace resguardo::analyst {

// A draft: the first roster, the successor of a signed one, or another draft changed further.
// Nothing is secret in it. `create`, `add`, `revoke` and the others are this with other options.
struct RosterEditOptions {
  std::filesystem::path out;
  std::optional<std::filesystem::path> from;   // the signed roster before, or a draft
  std::string root;                            // with a signed `from`: who signed it
  std::vector<std::filesystem::path> add;      // public halves
  std::vector<std::filesystem::path> renew;    // public halves with a newer list
  std::vector<std::filesystem::path> restore;  // public halves of who was suspended or revoked
  std::vector<std::string> revoke;             // member ids
  std::vector<std::string> suspend;
  std::vector<std::string> let_read;          // member ids whose compartments change
  std::string witness;                        // a label, to add
  std::string witness_key;                    // as witnesses publish it, or hex, or a file
  std::string organisation;                   // of those added
  std::string reads = "both";                 // of those added, restored or changed
  bool without_identity = false;              // the same as "testimony"
  std::vector<std::string> identity_quorum;   // ORGANISATION=MEMBERS
  std::vector<std::string> testimony_quorum;  // the same
  bool identity_any = false, testimony_any = false;
  std::string expires;  // a day
  std::vector<std::string> log_keys;
  std::string log_origin;
  std::string next_root;     // announced; signs the roster after this one too
  std::string replace_root;  // the old one is lost: this one signs alone
};
program::Outcome<Done> roster_edit(const RosterEditOptions& options, Call& call);

struct RosterSignOptions {
  std::filesystem::path draft;
  std::filesystem::path root_key;
  std::filesystem::path out;
  program::PassphraseSource passphrase;
};
// The signed roster; or, while another root has to sign too, the draft with this signature.
program::Outcome<Done> roster_sign(const RosterSignOptions& options, Call& call);

// A draft or a signed roster, as a person checks it. Checks no signature and says so.
program::Outcome<Done> roster_show(const std::filesystem::path& file, Call& call);

struct RosterVerifyOptions {
  std::filesystem::path file;
  std::string root;
  std::vector<std::filesystem::path> after;  // the rosters before it, any order
};
// Signature, lists, expiry: what a server would ask of it. With `after` also that it continues
// them.
program::Outcome<Done> roster_verify(const RosterVerifyOptions& options, Call& call);

}  // namespace resguardo::analyst
