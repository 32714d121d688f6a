// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/config/config.h"
#include "bot/dialogue/form.h"
#include "bot/dialogue/step.h"
#include "bot/gateway/gateway.h"
#include "crypto/base/random.h"
#include "crypto/seal/roster.h"
#include "program/problem.h"
#include "storage/store.h"

namespace resguardo::commands {

// What a configuration names, read and checked. Each problem says the file and the mend.

program::Outcome<PublicKey<RootRole>> root_key(const config::Config& config);

// The roster file, verified against the root key and what this store accepted before (`store` may
// be nullptr: then it is checked by itself): an older one than the remembered is refused
// (protocol.md §2). With kAccept a newer one is remembered from then on; with kLook nothing
// changes.
//
// An expired one is no error: serving goes on, so that people are told and running reports can end;
// `expired` says so, and `roster` is there only if it was accepted before.
struct LoadedRoster {
  std::optional<VerifiedRoster> roster;
  std::optional<program::Problem> expired;
};
enum class RosterUse : std::uint8_t { kLook, kAccept };
program::Outcome<LoadedRoster> load_roster(const config::Config& config, storage::Store* store,
                                           TimePoint now, RosterUse use, RandomSource& salts);

// The parts of it, for `roster install`. accept_roster() logs and remembers a roster that
// continues `anchor`, and keeps its bytes for bundles.
constexpr std::size_t kLongestRoster = 16UL * 1024 * 1024;
program::Outcome<std::optional<RosterAnchor>> stored_anchor(storage::Store& store);
program::Outcome<Done> accept_roster(const VerifiedRoster& roster,
                                     const std::optional<RosterAnchor>& anchor,
                                     storage::Store& store, Day today, RandomSource& salts);

// The forms that reports may have begun on before this one, as the store keeps them.
std::vector<std::shared_ptr<const dialogue::Form>> earlier_forms(
    storage::Store& store, const dialogue::Form& current, std::vector<program::Problem>& problems);

// All problems of a form are told, one a line.
std::shared_ptr<const dialogue::Form> load_form(const config::Config& config,
                                                std::vector<program::Problem>& problems);
dialogue::Settings dialogue_settings(const config::Config& config);

struct ConfiguredGateway {
  std::unique_ptr<gateway::Gateway> gateway;
  std::string api_base;
  std::string ca_file;
  std::string attachments_dir;  // where its program keeps files that people sent; may be empty
};
program::Outcome<std::vector<ConfiguredGateway>> make_gateways(const config::Config& config);

// Whether [signal] attachments_dir is a folder of attachments where we can delete
// (bot/media/shared_folder.h); also where it is not set. `wrong`: it is another's folder, and
// serving would destroy what lies in it.
struct AttachmentsProblem {
  program::Problem problem;
  bool wrong = false;
};
std::optional<AttachmentsProblem> attachments_problem(const config::Config& config);

}  // namespace resguardo::commands
