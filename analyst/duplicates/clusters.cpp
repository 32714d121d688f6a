// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/clusters.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "crypto/base/hash.h"

namespace resguardo::analyst {
namespace {

struct OutcomeCode {
  PairOutcome outcome;
  std::string_view code;
};
constexpr std::array<OutcomeCode, 5> kOutcomes = {{
    {PairOutcome::kDuplicate, "duplicate"},
    {PairOutcome::kCorroboration, "corroboration"},
    {PairOutcome::kNewIncident, "new-incident"},
    {PairOutcome::kMassEvent, "mass-event"},
    {PairOutcome::kUnrelated, "unrelated"},
}};

bool is_one_incident(PairOutcome outcome) {
  return outcome == PairOutcome::kDuplicate || outcome == PairOutcome::kCorroboration;
}

// Sets that were joined; each is known by its least member.
template <class Key>
class Joined {
 public:
  void join(const Key& a, const Key& b) {
    const Key of_a = root(a);
    const Key of_b = root(b);
    if (of_a != of_b) parent_[std::max(of_a, of_b)] = std::min(of_a, of_b);
  }
  Key root(const Key& key) {
    parent_.try_emplace(key, key);
    Key at = key;
    while (parent_.at(at) != at) at = parent_.at(at);
    Key step = key;
    while (parent_.at(step) != at) step = std::exchange(parent_.at(step), at);
    return at;
  }

 private:
  std::map<Key, Key> parent_;
};

}  // namespace

std::string_view outcome_code(PairOutcome outcome) {
  const auto found = std::ranges::find(kOutcomes, outcome, &OutcomeCode::outcome);
  return found == kOutcomes.end() ? "" : found->code;
}

std::optional<PairOutcome> outcome_of(std::string_view code) {
  const auto found = std::ranges::find(kOutcomes, code, &OutcomeCode::code);
  if (found == kOutcomes.end()) return std::nullopt;
  return found->outcome;
}

DecidedPair decided_pair(const IncidentKey& one, const IncidentKey& other, PairOutcome outcome) {
  return {std::min(one, other), std::max(one, other), outcome};
}

Clusters::Clusters(const std::vector<DecidedPair>& pairs) {
  Joined<IncidentKey> incidents;
  Joined<ReportId> people;  // reports of one person
  for (const DecidedPair& pair : pairs) {
    if (is_one_incident(pair.outcome)) incidents.join(pair.a, pair.b);
    if (pair.outcome == PairOutcome::kDuplicate || pair.outcome == PairOutcome::kNewIncident)
      people.join(pair.a.report, pair.b.report);
  }
  std::map<IncidentKey, std::set<IncidentKey>> members;
  for (const DecidedPair& pair : pairs)
    if (is_one_incident(pair.outcome)) members[incidents.root(pair.a)].insert({pair.a, pair.b});
  for (const auto& [first, all] : members) {
    Cluster cluster;
    cluster.incidents.assign(all.begin(), all.end());
    std::set<ReportId> reports, tellers;
    for (const IncidentKey& one : all) {
      where_[one] = clusters_.size();
      reports.insert(one.report);
      tellers.insert(people.root(one.report));
    }
    cluster.sources = static_cast<std::uint32_t>(reports.size());
    cluster.independent_sources = static_cast<std::uint32_t>(tellers.size());
    clusters_.push_back(std::move(cluster));
  }
  for (const DecidedPair& pair : pairs) {
    const Cluster* cluster = of(pair.a);
    if (is_one_incident(pair.outcome) || cluster == nullptr || cluster != of(pair.b)) continue;
    clusters_[where_.at(pair.a)].contradictions.push_back(pair);
  }
  for (Cluster& cluster : clusters_)
    std::ranges::sort(cluster.contradictions, [](const DecidedPair& x, const DecidedPair& y) {
      return std::tie(x.a, x.b) < std::tie(y.a, y.b);
    });
}

const Cluster* Clusters::of(const IncidentKey& incident) const {
  const auto found = where_.find(incident);
  return found == where_.end() ? nullptr : &clusters_[found->second];
}

bool Clusters::counts(const IncidentKey& incident) const {
  const Cluster* cluster = of(incident);
  return cluster == nullptr || cluster->incidents.front() == incident;
}

namespace {

// Names the cluster and none of its reports: it stands in files where not all of them may.
std::string name_of(const Cluster& cluster) {
  std::string names;
  for (const IncidentKey& one : cluster.incidents)
    names += to_hex(one.report.view()) + "-" + std::to_string(one.number) + " ";
  return to_hex(blake2b(as_bytes(names)).view().first(8));
}

}  // namespace

void note_clusters(const Clusters& clusters, CodedReport& report) {
  for (Incident& incident : report.incidents) {
    const Cluster* cluster = clusters.of({report.id, incident.number});
    if (cluster == nullptr) continue;
    incident.cluster = name_of(*cluster);
    incident.sources = cluster->sources;
    incident.independent_sources = cluster->independent_sources;
  }
}

}  // namespace resguardo::analyst
