// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <vector>

#include "analyst/commands/call.h"
#include "analyst/import/roster_news.h"

namespace resguardo::analyst {

// What an import brings of rosters: who reads, with which keys, and what the server does not show.
struct News {
  std::vector<RosterNews> rosters;
  std::vector<LogFact> accepted;   // by the server, as its log says
  std::vector<LogFact> not_shown;  // of those, what no bundle holds
};
// `seen`: the last roster that the vault had before.
program::Outcome<News> read_news(const RosterShelf& shelf, std::uint64_t seen, Vault& vault,
                                 const Call& call);

boost::json::array news_json(const News& news);
// For people (with --json only what they must not miss).
void tell_news(const News& news, Call& call);

}  // namespace resguardo::analyst
