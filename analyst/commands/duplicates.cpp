// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/commands/duplicates.h"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "analyst/commands/custody.h"
#include "analyst/commands/duplicates_text.h"
#include "analyst/commands/logs.h"
#include "analyst/duplicates/blocking.h"
#include "crypto/base/hash.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::at;
using program::Outcome;
using program::Problem;
using program::usage_problem;

constexpr std::size_t kMostPairs = 5'000'000;  // compared; of 20,000 reports some 10,000 are
constexpr std::size_t kLongestReason = 500;

// All incidents of a vault as they are compared.
struct Compared {
  std::vector<IncidentTraits> traits;
  TraitFrequencies frequencies;
};

Outcome<Compared> read_compared(OpenVault& open, const ReportCoder& coder) {
  Compared all;
  RESGUARDO_CHECK(walk_reports(open, [&](const ReportView& view) -> Outcome<Done> {
    const CodedReport report = coder.code(view, open.forms);
    for (const Incident& incident : report.incidents) {
      all.traits.push_back(traits_of(view, report, incident, coder.codes()));
      all.frequencies.add(all.traits.back());
    }
    return Done{};
  }));
  return all;
}

// One incident again, with what is shown of it.
Outcome<ToldIncident> read_told(OpenVault& open, const ReportCoder& coder, const IncidentKey& key) {
  RESGUARDO_TRY(const ReportView view, read_report(open, key.report));
  ToldIncident told;
  told.report = coder.code(view, open.forms);
  const auto found = std::ranges::find(told.report.incidents, key.number, &Incident::number);
  if (found == told.report.incidents.end())
    return Problem{incident_name(key.report, key.number), "there is no such incident",
                   "`incidents` names them"};
  told.traits = traits_of(view, told.report, *found, coder.codes());
  return told;
}

std::vector<FoundPair> find_pairs(const Compared& all,
                                  const std::set<std::pair<IncidentKey, IncidentKey>>& decided,
                                  bool& whole) {
  std::vector<FoundPair> found;
  whole = candidate_pairs(all.traits, kMostPairs, [&](std::size_t i, std::size_t j) {
    const auto [a, b] = all.traits[i].key < all.traits[j].key ? std::pair(i, j) : std::pair(j, i);
    if (decided.contains({all.traits[a].key, all.traits[b].key})) return;
    PairScore score = compare(all.traits[a], all.traits[b], all.frequencies);
    if (score.proposal != PairProposal::kNone) found.push_back({a, b, std::move(score)});
  });
  std::ranges::sort(found, [](const FoundPair& x, const FoundPair& y) {
    return std::tuple(-x.score.incident_bits, -x.score.person_bits, x.a, x.b) <
           std::tuple(-y.score.incident_bits, -y.score.person_bits, y.a, y.b);
  });
  return found;
}

// What is shown of reports is written down before it is shown.
Outcome<Done> note_shown(OpenVault& open, const DuplicateOptions& options, JournalKind kind,
                         std::vector<ReportId> reports, Call& call) {
  JournalFact fact = journal_fact(kind, std::move(reports));
  fact.note = "duplicates";
  return keep_in_journal(open.vault, options.vault.as, fact, call);
}

Outcome<Done> print_pairs(OpenVault& open, const ReportCoder& coder, const Compared& all,
                          const std::vector<FoundPair>& shown, Call& call) {
  json::array pairs;
  program::Table table({"incident", "and", "proposal", "bits", "person", "when", "and when",
                        "where", "in common", "different"});
  for (const FoundPair& pair : shown) {
    if (call.console.json()) {
      pairs.push_back(pair_json(all.traits[pair.a], all.traits[pair.b], pair.score));
      continue;
    }
    RESGUARDO_TRY(const auto a, read_told(open, coder, all.traits[pair.a].key));
    RESGUARDO_TRY(const auto b, read_told(open, coder, all.traits[pair.b].key));
    add_pair_line(a, b, pair.score, table);
  }
  if (call.console.json())
    call.console.print(json::object{{"pairs", std::move(pairs)}});
  else
    call.console.print(table.text());
  return Done{};
}

Outcome<Done> list_pairs(OpenVault& open, const ReportCoder& coder, const DuplicateOptions& options,
                         Call& call) {
  RESGUARDO_TRY(const Compared all, read_compared(open, coder));
  RESGUARDO_TRY(const auto standing, at(open.where, VaultPairs(open.vault).standing()));
  std::set<std::pair<IncidentKey, IncidentKey>> decided;
  for (const PairDecision& one : standing) decided.emplace(one.pair.a, one.pair.b);
  bool whole = true;
  std::vector<FoundPair> found = find_pairs(all, decided, whole);
  const auto is_review = [](const FoundPair& pair) {
    return pair.score.proposal == PairProposal::kReview;
  };
  const auto reviews = static_cast<std::size_t>(std::ranges::count_if(found, is_review));
  if (!options.review) std::erase_if(found, is_review);
  const std::size_t more = found.size() - std::min(found.size(), options.limit);
  found.resize(found.size() - more);
  std::vector<ReportId> shown;
  for (const FoundPair& pair : found)
    for (const std::size_t at : {pair.a, pair.b}) shown.push_back(all.traits[at].key.report);
  RESGUARDO_CHECK(note_shown(open, options, JournalKind::kSearched, std::move(shown), call));
  RESGUARDO_CHECK(print_pairs(open, coder, all, found, call));
  if (more > 0) call.console.note(std::to_string(more) + " more: --limit shows them");
  if (!options.review && reviews > 0)
    call.console.note(std::to_string(reviews) + " pairs more are worth a look: --review");
  if (!decided.empty())
    call.console.note(std::to_string(decided.size()) + " pairs are decided: --clusters");
  if (!whole)
    call.console.warn("only " + std::to_string(kMostPairs) +
                      " pairs were compared: many incidents share a place, a week or a file");
  return Done{};
}

Outcome<Done> show_clusters(OpenVault& open, Call& call) {
  RESGUARDO_TRY(const auto standing, at(open.where, VaultPairs(open.vault).standing()));
  RESGUARDO_TRY(const Clusters clusters, at(open.where, clusters_of(open.vault)));
  if (call.console.json())
    call.console.print(
        json::object{{"clusters", clusters_json(clusters)}, {"decisions", history_json(standing)}});
  else
    call.console.print(clusters_text(clusters));
  std::size_t contradicted = 0;
  for (const Cluster& cluster : clusters.all()) contradicted += cluster.contradictions.size();
  if (contradicted > 0)
    call.console.warn(std::to_string(contradicted) +
                      " decisions contradict others: look at these pairs again");
  return Done{};
}

Outcome<Done> show_pair(OpenVault& open, const ReportCoder& coder, const DuplicateOptions& options,
                        const IncidentKey& one, const IncidentKey& other, Call& call) {
  RESGUARDO_TRY(const Compared all, read_compared(open, coder));
  RESGUARDO_TRY(const ToldIncident a, read_told(open, coder, std::min(one, other)));
  RESGUARDO_TRY(const ToldIncident b, read_told(open, coder, std::max(one, other)));
  RESGUARDO_TRY(const auto history, at(open.where, VaultPairs(open.vault).history(one, other)));
  const PairScore score = compare(a.traits, b.traits, all.frequencies);
  RESGUARDO_CHECK(
      note_shown(open, options, JournalKind::kViewed, {one.report, other.report}, call));
  if (call.console.json()) {
    json::object object = pair_json(a.traits, b.traits, score);
    object["decisions"] = history_json(history);
    call.console.print(object);
    return Done{};
  }
  call.console.print(side_by_side(a, b, score, history));
  return Done{};
}

// The journal names the reports and the outcome; the reason stays in the vault and goes with them.
JournalFact decided_fact(const DecidedPair& pair) {
  JournalFact fact = journal_fact(JournalKind::kDuplicatesDecided, {pair.a.report, pair.b.report});
  const std::string names = incident_name(pair.a.report, pair.a.number) + " " +
                            incident_name(pair.b.report, pair.b.number);
  fact.note = std::string(outcome_code(pair.outcome)) + ": " + names;
  return fact;
}

Outcome<Done> decide_pair(OpenVault& open, const ReportCoder& coder,
                          const DuplicateOptions& options, const DecidedPair& pair, Call& call) {
  if (options.reason.empty() || options.reason.size() > kLongestReason)
    return usage_problem("--reason", "is needed, of at most 500 bytes",
                         "say what you compared; whoever reviews it reads this");
  RESGUARDO_CHECK(read_told(open, coder, pair.a));
  RESGUARDO_CHECK(read_told(open, coder, pair.b));
  RESGUARDO_TRY(auto custody, custody_of(open.vault, options.vault.as, call));
  PairDecision decision{pair, std::nullopt, call.now, options.reason};
  if (custody) decision.member = custody->member();
  RESGUARDO_TRY(auto into, at(open.where, open.vault.begin()));
  RESGUARDO_CHECK(at(open.where, VaultPairs(open.vault).decide(decision)));
  if (custody) RESGUARDO_CHECK(at(open.where, custody->append(decided_fact(pair), call.now)));
  RESGUARDO_CHECK(at(open.where, into.commit()));
  RESGUARDO_TRY(const Clusters clusters, at(open.where, clusters_of(open.vault)));
  const Cluster* cluster = clusters.of(pair.a);
  if (call.console.json())
    call.console.print(
        json::object{{"outcome", outcome_code(pair.outcome)},
                     {"incidentsInCluster", cluster == nullptr ? 1 : cluster->incidents.size()}});
  else if (cluster != nullptr && cluster == clusters.of(pair.b))
    call.console.print("one incident now, told in " + std::to_string(cluster->sources) +
                       " reports by " + std::to_string(cluster->independent_sources) +
                       " independent sources\n");
  else
    call.console.print("written down: " + std::string(outcome_code(pair.outcome)) + "\n");
  if (cluster != nullptr && !cluster->contradictions.empty())
    call.console.warn("this contradicts what was decided of others of them: --clusters");
  return Done{};
}

}  // namespace

Outcome<Done> find_duplicates(const DuplicateOptions& options, Call& call) {
  if (options.pair.size() == 1)
    return usage_problem("INCIDENT", "two of them are compared", "name another");
  const auto outcome = outcome_of(options.outcome);
  if (!options.outcome.empty() && !outcome)
    return usage_problem("--decide", "is no outcome",
                         "duplicate, corroboration, new-incident, mass-event or unrelated");
  if (options.pair.empty() && !options.outcome.empty())
    return usage_problem("--decide", "of which two incidents?");
  RESGUARDO_TRY(const ReportCoder coder, at("codes", ReportCoder::built_in()));
  RESGUARDO_TRY(OpenVault open, open_vault(options.vault, call));
  if (options.clusters) return show_clusters(open, call);
  if (options.pair.empty()) return list_pairs(open, coder, options, call);
  RESGUARDO_TRY(const IncidentKey one, find_incident(open.vault, options.pair[0]));
  RESGUARDO_TRY(const IncidentKey other, find_incident(open.vault, options.pair[1]));
  if (one.report == other.report)
    return usage_problem("INCIDENT", "both are of one report", "who told it told them apart");
  if (!outcome) return show_pair(open, coder, options, one, other, call);
  return decide_pair(open, coder, options, decided_pair(one, other, *outcome), call);
}

}  // namespace resguardo::analyst
