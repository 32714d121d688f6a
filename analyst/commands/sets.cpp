// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/sets.h"

#include <boost/json.hpp>

#include "analyst/commands/custody.h"
#include "analyst/import/vault_shelf.h"
#include "analyst/incident/filter_json.h"
#include "analyst/vault/vault_sets.h"
#include "program/json_output.h"
#include "program/terminal.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

std::string asked_text(const std::string& filter) {
  const auto read = parse_filter(filter);
  if (!read.ok()) return "(written by another version of this program)";
  std::string text;
  for (const auto& [name, wish] : filter_json(*read))
    text += (text.empty() ? "" : "  ") + std::string(name) + " " +
            program::visible(std::string(wish.get_string()));
  return text;
}

json::object set_json(const KeptSet& set) {
  json::object object{{"name", set.name},
                      {"day", to_string(day_of(set.time))},
                      {"member", to_hex(set.member.view())}};
  const auto read = parse_filter(set.filter);
  object["filter"] = read.ok() ? json::value(filter_json(*read)) : json::value(nullptr);
  return object;
}

Outcome<VaultCustody> custody_for_sets(OpenVault& open, const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(auto custody, custody_of(open.vault, options.as, call));
  if (!custody)
    return Problem{open.where, "has nobody yet in whose name this could be written down",
                   "`import` a bundle with your keys first"};
  return std::move(*custody);
}

}  // namespace

Outcome<Done> save_set(const SetOptions& options, Call& call) {
  if (!is_set_name(options.name))
    return usage_problem(options.name, "is no name of a set",
                         "small letters, digits and single hyphens, at most 40");
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(const IncidentChoice choice, IncidentChoice::of(options.filter, open));
  if (!choice.asks())
    return usage_problem("set save", "asks for nothing", "give at least one filter: --place CODE");
  RESGUARDO_TRY(VaultCustody custody, custody_for_sets(open, options.vault, call));
  const Status kept =
      VaultSets(open.vault).keep(options.name, filter_text(choice.filter()), custody, call.now);
  RESGUARDO_CHECK(at(options.name, kept, "`set remove` takes it away first"));
  if (call.console.json())
    call.console.print(
        json::object{{"name", options.name}, {"filter", filter_json(choice.filter())}});
  else
    call.console.note("kept as a question, not as a list: --set " + options.name + " asks it anew");
  return Done{};
}

Outcome<Done> list_sets(const VaultOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options, call));
  RESGUARDO_TRY(const auto sets, at(open.where, VaultSets(open.vault).all()));
  RESGUARDO_TRY(const RosterShelf shelf, at(open.where, shelf_of(open.vault)));
  json::array array;
  program::Table table({"set", "day", "by", "asks for"});
  for (const KeptSet& set : sets) {
    array.push_back(set_json(set));
    table.add(
        {set.name, to_string(day_of(set.time)), shelf.label(set.member), asked_text(set.filter)});
  }
  if (call.console.json())
    call.console.print(json::object{{"sets", std::move(array)}});
  else
    call.console.print(table.text());
  return Done{};
}

Outcome<Done> show_set(const SetOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(const KeptSet set, at(options.name, VaultSets(open.vault).called(options.name),
                                      "`set list` names them"));
  if (call.console.json()) {
    call.console.print(set_json(set));
    return Done{};
  }
  RESGUARDO_TRY(const RosterShelf shelf, at(open.where, shelf_of(open.vault)));
  call.console.print(set.name + "\n  asks for  " + asked_text(set.filter) + "\n  kept      " +
                     to_string(day_of(set.time)) + " by " + shelf.label(set.member) + "\n");
  return Done{};
}

Outcome<Done> remove_set(const SetOptions& options, Call& call) {
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  RESGUARDO_TRY(VaultCustody custody, custody_for_sets(open, options.vault, call));
  RESGUARDO_CHECK(at(options.name, VaultSets(open.vault).remove(options.name, custody, call.now),
                     "`set list` names them"));
  call.console.note("removed; the reports are as they were");
  return Done{};
}

}  // namespace resguardo::analyst
