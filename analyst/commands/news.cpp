// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/news.h"

#include <boost/json.hpp>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;

std::string line_of(const RosterNews& roster) {
  std::string line = "roster " + std::to_string(roster.number);
  if (roster.accepted) line += ", in force since " + to_string(*roster.accepted);
  line += roster.changes.empty() ? ": readers and keys as before" : ": ";
  for (std::size_t i = 0; i < roster.changes.size(); ++i)
    line.append(i > 0 ? "; " : "").append(roster.changes[i]);
  return line + "\n";
}

}  // namespace

program::Outcome<News> read_news(const RosterShelf& shelf, std::uint64_t seen, Vault& vault,
                                 const Call& call) {
  VaultLog logs(vault);
  News news;
  RESGUARDO_TRY(news.accepted, program::at("vault", accepted_rosters(logs)));
  news.rosters = roster_news(shelf, seen, week_of(call.now), news.accepted);
  news.not_shown = rosters_not_shown(shelf, news.accepted);
  return news;
}

json::array news_json(const News& news) {
  json::array rosters;
  for (const RosterNews& roster : news.rosters) {
    json::array changes;
    for (const std::string& change : roster.changes)
      changes.emplace_back(program::json_text(change));
    json::object one{{"number", roster.number}, {"changes", std::move(changes)}};
    if (roster.accepted) one["inForceSince"] = to_string(*roster.accepted);
    rosters.push_back(std::move(one));
  }
  return rosters;
}

void tell_news(const News& news, Call& call) {
  for (const RosterNews& roster : news.rosters) {
    if (!call.console.json()) call.console.print(line_of(roster));
    if (!roster.accepted && !news.accepted.empty())
      call.console.warn("roster " + std::to_string(roster.number) +
                        " is not in the server's log: nothing says when it came in force");
  }
  for (const LogFact& hidden : news.not_shown)
    call.console.warn("the server's log says that it accepted a roster on " +
                      to_string(hidden.day) + " that no bundle here holds: ask who reads");
}

}  // namespace resguardo::analyst
