// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "analyst/commands/incidents.h"
#include "analyst/duplicates/comparing.h"
#include "analyst/vault/vault_pairs.h"
#include "program/terminal.h"

namespace resguardo::analyst {

// An incident with all that two are compared by and shown with.
struct ToldIncident {
  IncidentTraits traits;
  CodedReport report;  // of which it is one
  const Incident& incident() const;
};

struct FoundPair {
  std::size_t a = 0, b = 0;  // places in what was compared
  PairScore score;
};

// "+8.1", of a sum of bits.
std::string bits_text(double bits);

void add_pair_line(const ToldIncident& a, const ToldIncident& b, const PairScore& score,
                   program::Table& table);
boost::json::object pair_json(const IncidentTraits& a, const IncidentTraits& b,
                              const PairScore& score);
// Both, side by side, what weighs how much, and what was decided before.
std::string side_by_side(const ToldIncident& a, const ToldIncident& b, const PairScore& score,
                         const std::vector<PairDecision>& history);
boost::json::array history_json(const std::vector<PairDecision>& history);
std::string clusters_text(const Clusters& clusters);
boost::json::array clusters_json(const Clusters& clusters);

}  // namespace resguardo::analyst
