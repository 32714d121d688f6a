// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/retire.h"

#include <boost/json.hpp>

#include "analyst/import/retirement.h"
#include "crypto/open/key_directory.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

Outcome<Week> week_to_retire(const std::string& text) {
  if (text == "reserve")
    return usage_problem("WEEK", "the reserve belongs to no week, and is not retired",
                         "`key create` makes new keys, and the next roster takes them");
  const auto week = parse_week(text);
  if (!week) return usage_problem("WEEK", "is not a week such as 2026-W07");
  return *week;
}

Outcome<Done> check_key(const KeyRetireOptions& options, Week week, const open::AnalystKeys& keys) {
  if (keys.epoch(week) != nullptr) return Done{};
  return Problem{options.secrets.key.string(),
                 "has no key of " + to_string(week) + ": it was retired, or never made", ""};
}

void tell_retirement(const KeyRetireOptions& options, Week week, Call& call) {
  if (call.console.json()) {
    call.console.print(json::object{{"week", to_string(week)}, {"destroyed", !options.dry_run}});
    return;
  }
  if (options.dry_run) {
    call.console.print("the key of " + to_string(week) + " may be destroyed\n");
    return;
  }
  call.console.print("the key of " + to_string(week) +
                     " is destroyed; its reports open from the vault only\n");
  call.console.note(
      "A copy made earlier would still open them, and flash keeps old blocks for a while.");
}

}  // namespace

Outcome<Done> key_retire(const KeyRetireOptions& options, Call& call) {
  RESGUARDO_TRY(const Week week, week_to_retire(options.week));
  if (!Vault::exists(options.vault))
    return Problem{options.vault.string(), "there is no vault", "`import` makes one"};
  const std::string where = options.secrets.key.string();
  RESGUARDO_TRY(const Secrets secrets, unlock_secrets(options.secrets));
  RESGUARDO_CHECK(check_key(options, week, secrets.keys));
  RESGUARDO_TRY(auto vault,
                at(options.vault.string(), Vault::open(options.vault, secrets.vault_passphrase),
                   kOwnPassphrase));
  const VaultReader reader{secrets.keys.member(),
                           [&](Week one) { return secrets.keys.epoch(one) != nullptr; }};
  RESGUARDO_CHECK(check_retirement(vault, {week, reader, options.gone}, call.now));
  if (!options.dry_run)
    RESGUARDO_CHECK(
        at(where, open::retire_week(options.secrets.key, secrets.key_passphrase, week, call.ids)));
  tell_retirement(options, week, call);
  return Done{};
}

}  // namespace resguardo::analyst
