// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/export_profile.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/incident/filter_json.h"
#include "analyst/vault/vault_releases.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

// What was made and asked for, without words of anybody.
std::string what_text(const std::string& made, const IncidentChoice& choice) {
  std::string text = made;
  if (!choice.set().name.empty())
    text += ", set " + choice.set().name + " " + filter_text(choice.set().filter);
  if (choice.filter().asks()) text += ", " + filter_text(choice.filter());
  return text;
}

Outcome<VaultCustody> custody_of_releases(const VaultOptions& options, OpenVault& open,
                                          Call& call) {
  RESGUARDO_TRY(auto custody, custody_of(open.vault, options.as, call));
  if (!custody)
    return Problem{open.where, "has nobody yet in whose name something could be released",
                   "`import` a bundle with your keys first"};
  return std::move(*custody);
}

}  // namespace

Outcome<Profile> profile_of(const ExportOptions& options) {
  const auto profile = profile_called(options.profile);
  if (!profile) return usage_problem("--profile", "is none of full, internal, partner and public");
  if (*profile == Profile::kFull) return *profile;
  const std::string asked = "--profile " + options.profile;
  if (!format_fits(options.format, *profile))
    return usage_problem("--format " + options.format,
                         "holds whole reports as they were told: it has no profile but full",
                         "tables, xlsx, geojson, hxl or html");
  if (!options.media.empty())
    return usage_problem("--media",
                         "writes what people sent as it is, and has no place in " + asked,
                         "leave it out");
  if (*profile == Profile::kInternal) return *profile;
  if (options.exact)
    return usage_problem("--exact", "is for yourselves, and has no place in " + asked,
                         "leave it out");
  if (options.despite_consent)
    return usage_problem("--despite-consent",
                         "is for your own keeping, and has no place in " + asked, "leave it out");
  return *profile;
}

Outcome<Done> ledger_allows(OpenVault& open, const std::vector<IncidentKey>& incidents) {
  RESGUARDO_TRY(const auto close,
                at(open.where, VaultReleases(open.vault).too_close(incidents, kLeastAlike)));
  if (!close) return Done{};
  return Problem{"--profile public",
                 "differs by fewer than " + std::to_string(kLeastAlike) +
                     " incidents from release " + std::to_string(close->number) + " of " +
                     to_string(day_of(close->time)) +
                     ": the two together would tell what neither tells",
                 "ask for the same incidents as then, or for clearly others; `releases` shows all"};
}

Outcome<Done> may_release(const VaultOptions& options, OpenVault& open, Call& call) {
  RESGUARDO_CHECK(custody_of_releases(options, open, call));
  return Done{};
}

Outcome<Done> keep_release(const ReleaseDraft& draft, const IncidentChoice& choice, OpenVault& open,
                           const JournalFact& fact, Call& call) {
  RESGUARDO_TRY(VaultCustody custody, custody_of_releases(draft.vault, open, call));
  return at("releases",
            VaultReleases(open.vault)
                .add(what_text(draft.made, choice), draft.incidents, fact, custody, call.now));
}

Outcome<Done> list_releases(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options, call));
  RESGUARDO_TRY(const auto releases, at(open.where, VaultReleases(open.vault).all()));
  RESGUARDO_TRY(const RosterShelf shelf, at(open.where, shelf_of(open.vault)));
  json::array array;
  program::Table table({"release", "day", "by", "incidents", "what"});
  for (const Release& one : releases) {
    const std::string day = to_string(day_of(one.time));
    array.push_back(json::object{{"number", one.number},
                                 {"day", day},
                                 {"member", to_hex(one.member.view())},
                                 {"incidents", one.incidents},
                                 {"what", program::json_text(one.what)}});
    table.add({std::to_string(one.number), day, shelf.label(one.member),
               std::to_string(one.incidents), program::visible(one.what)});
  }
  if (call.console.json())
    call.console.print(json::object{{"releases", std::move(array)}});
  else
    call.console.print(table.text());
  return Done{};
}

}  // namespace resguardo::analyst
