// SPDX-License-Identifier: AGPL-3.0-or-later
// `team-code add | list | remove`.
#include <boost/json.hpp>

#include "bot/commands/commands.h"
#include "bot/commands/installation.h"

namespace resguardo::commands {
namespace {

using program::Outcome;
using program::Problem;

// The store's lock is held until `use` has returned.
template <class Use>
auto with_codes(const TeamCodeOptions& options, Use use)
    -> decltype(use(std::declval<intake::TeamCodes&>(), std::declval<storage::Store&>(), Day{})) {
  RESGUARDO_TRY(const auto config, require_config(options.config));
  SystemRandom ids;
  const TimePoint now = SystemClock().now();
  RESGUARDO_TRY(const auto installation, open_installation(config, now, ids));
  RESGUARDO_TRY(auto codes, open_team_codes(installation));
  return use(codes, *installation.store, day_of(now));
}

boost::json::object in_json(const intake::TeamCode& code) {
  return {{"handle", code.handle()}, {"made", to_string(code.made)}};
}

Outcome<Done> withdraw(intake::TeamCodes& codes, storage::Store& store,
                       const std::vector<std::string>& handles) {
  const auto gone = program::at("the store", codes.remove(store, handles));
  if (!gone.ok()) return gone.error();
  if (*gone == handles.size()) return Done{};
  return Problem{"team-code remove",
                 "not all of these are handles of good codes; none is withdrawn",
                 "see `team-code list`"};
}

}  // namespace

program::ExitCode add_team_codes(const TeamCodeOptions& options, program::Console& console) {
  const auto made =
      with_codes(options,
                 [&](intake::TeamCodes& codes, storage::Store& store,
                     Day today) -> Outcome<std::vector<intake::NewTeamCode>> {
                   return program::at("team-code add", codes.add(store, options.count, today),
                                      "withdraw some first, with `team-code remove`");
                 });
  if (!made.ok()) return console.fail(made.error());
  boost::json::array all;
  for (const auto& each : *made) {
    auto json = in_json(each.code);
    json["code"] = each.words.reveal();
    if (console.json()) all.push_back(std::move(json));
    if (!console.json()) {
      std::string line = each.code.handle();
      console.print(line.append("  ").append(each.words.reveal()).append("\n"));
    }
  }
  if (console.json()) console.print(boost::json::object{{"codes", std::move(all)}});
  console.note("These codes are shown only now. Write down who gets which handle, on paper.");
  return console.finish();
}

program::ExitCode list_team_codes(const TeamCodeOptions& options, program::Console& console) {
  const auto all =
      with_codes(options,
                 [](const intake::TeamCodes& codes, storage::Store&,
                    Day) -> Outcome<std::vector<intake::TeamCode>> { return codes.list(); });
  if (!all.ok()) return console.fail(all.error());
  boost::json::array json;
  for (const auto& each : *all) {
    if (console.json()) json.push_back(in_json(each));
    if (!console.json()) {
      std::string line = each.handle();
      console.print(line.append("  made ").append(to_string(each.made)).append("\n"));
    }
  }
  if (console.json()) console.print(boost::json::object{{"codes", std::move(json)}});
  return console.finish();
}

program::ExitCode remove_team_codes(const TeamCodeOptions& options, program::Console& console) {
  const auto done = with_codes(
      options, [&](intake::TeamCodes& codes, storage::Store& store, Day) -> Outcome<Done> {
        return withdraw(codes, store, options.handles);
      });
  return program::conclude(console, done);
}

}  // namespace resguardo::commands
