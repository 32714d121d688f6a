// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/comparing.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace resguardo::analyst {
namespace {

// Whom or what a trait is of.
enum class Of : std::uint8_t { kIncident, kPerson, kBoth };

struct Rule {
  Trait trait;
  std::string_view id;
  Of of;
  // How likely two accounts of one incident, or of one person, agree if both know it. Judgement,
  // and not measured: nobody has a set of such reports of which the truth is known.
  double agree;
};
constexpr std::array<Rule, kTraits> kRules = {{
    {Trait::kNationality, "nationality", Of::kPerson, 0.98},
    {Trait::kGender, "gender", Of::kPerson, 0.97},
    {Trait::kAge, "age", Of::kPerson, 0.90},
    {Trait::kRole, "role", Of::kPerson, 0.80},
    {Trait::kTravelGroup, "travel-group", Of::kPerson, 0.80},
    {Trait::kLanguage, "language", Of::kPerson, 0.93},
    {Trait::kPaper, "paper", Of::kBoth, 0.95},
    {Trait::kActors, "actors", Of::kIncident, 0.80},
    {Trait::kGroupName, "group-name", Of::kIncident, 0.60},
    {Trait::kIdentifiers, "identifiers", Of::kIncident, 0.50},
    {Trait::kSite, "site", Of::kIncident, 0.70},
    {Trait::kMethods, "methods", Of::kIncident, 0.80},
    {Trait::kAmount, "amount", Of::kIncident, 0.60},
    {Trait::kDuration, "duration", Of::kIncident, 0.70},
    {Trait::kEnd, "end", Of::kIncident, 0.80},
    {Trait::kChildren, "children", Of::kIncident, 0.70},
    {Trait::kUsLink, "us-link", Of::kIncident, 0.85},
    {Trait::kMotive, "motive", Of::kIncident, 0.60},
}};

// No single thing decides: the rarest value counts as much as one in 500, and two who differ may
// both be right about one incident.
constexpr double kRarest = 1.0 / 500;
constexpr double kMostAgainst = -4;
// Of two accounts of one incident, one person tells both in three of ten.
constexpr double kSamePersonPrior = -1.2;

// Two texts that are the same, or nearly, were told, written or copied once.
constexpr double kSameText = 0.6;
constexpr double kLikeText = 0.2;

// What nearly everybody has in common says nothing, and where chance agrees more often than memory
// does, agreement is not held against them.
double bits_for(double agree, double chance) {
  return std::max(std::log2(agree / std::clamp(chance, kRarest, 1.0)), 0.0);
}
double bits_against(double agree, double chance) {
  const double differ = 1 - std::clamp(chance, kRarest, 0.99);
  return std::clamp(std::log2((1 - agree) / differ), kMostAgainst, 0.0);
}

std::set<std::string> common(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::set<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

int days_apart(const DaySpan& a, const DaySpan& b) {
  if (a.last < b.first) return b.first.number - a.last.number;
  if (b.last < a.first) return a.first.number - b.last.number;
  return 0;
}

class Comparison {
 public:
  Comparison(const IncidentTraits& a, const IncidentTraits& b, const TraitFrequencies& all)
      : a_(a), b_(b), all_(all) {}

  PairScore score() {
    for (const Rule& rule : kRules) by_rule(rule);
    by_place();
    by_day();
    by_story();
    by_files();
    // Any two incidents of so many are one as rarely as there are many.
    sum_.incident_bits -=
        std::log2(static_cast<double>(std::max<std::size_t>(all_.incidents(), 2)));
    sum_.person_bits += kSamePersonPrior;
    sum_.proposal = proposed();
    std::ranges::sort(sum_.evidence, [](const Evidence& x, const Evidence& y) {
      const auto weight = [](const Evidence& one) {
        return std::abs(one.incident_bits) + std::abs(one.person_bits);
      };
      return weight(x) != weight(y) ? weight(x) > weight(y) : x.id < y.id;
    });
    return sum_;
  }

 private:
  void add(std::string_view id, Agreement agreement, double incident, double person) {
    sum_.incident_bits += incident;
    sum_.person_bits += person;
    sum_.evidence.push_back({id, agreement, incident, person});
  }
  void by_rule(const Rule& rule) {
    const auto at = static_cast<std::size_t>(rule.trait);
    const auto& a = a_.values.at(at);
    const auto& b = b_.values.at(at);
    if (a.empty() || b.empty()) return;
    const auto both = common(a, b);
    double bits = both.empty() ? bits_against(rule.agree, all_.chance(rule.trait)) : 0;
    for (const std::string& value : both)  // of several, the rarest
      bits = std::max(bits, bits_for(rule.agree, all_.of(rule.trait, value)));
    add(rule.id, both.empty() ? Agreement::kDiffers : Agreement::kAgrees,
        rule.of == Of::kPerson ? 0 : bits, rule.of == Of::kIncident ? 0 : bits);
  }
  void by_place() {
    if (a_.place.empty() || b_.place.empty()) return;
    if (a_.border_pair != b_.border_pair)
      return add("place", Agreement::kDiffers, bits_against(0.9, all_.chance_of_place()), 0);
    const bool same = a_.place == b_.place;
    const double bits = bits_for(0.9, all_.of_place(a_.border_pair));
    add("place", same ? Agreement::kAgrees : Agreement::kNearly, same ? bits : bits - 1, 0);
  }
  void by_day() {
    if (!a_.days || !b_.days) return;
    const int apart = days_apart(*a_.days, *b_.days);
    if (!a_.to_the_day || !b_.to_the_day) {
      if (apart == 0) add("day", Agreement::kNearly, bits_for(0.9, all_.of_days(30)), 0);
      return;
    }
    if (apart == 0) return add("day", Agreement::kAgrees, bits_for(0.6, all_.of_days(0)), 0);
    if (apart <= 1) return add("day", Agreement::kNearly, bits_for(0.75, all_.of_days(1)), 0);
    if (apart <= 7) return add("day", Agreement::kNearly, bits_for(0.2, all_.of_days(7)), 0);
    add("day", Agreement::kDiffers, kMostAgainst, 0);
  }
  void by_story() {
    const double alike = resemblance(a_.story, b_.story);
    if (alike >= kSameText) return add("story", Agreement::kAgrees, 12, 8);
    if (alike >= kLikeText) return add("story", Agreement::kNearly, 6, 4);
  }
  // What is passed on from hand to hand shows one thing, and not who was there.
  void by_files() {
    bool shared = false, own = false;
    for (const Digest& file : a_.files) {
      if (!b_.files.contains(file)) continue;
      shared = true;
      own = own || (!a_.forwarded.contains(file) && !b_.forwarded.contains(file));
    }
    if (shared)
      add("file", own ? Agreement::kAgrees : Agreement::kNearly, own ? 10 : 6, own ? 5 : 0);
  }
  PairProposal proposed() const {
    if (sum_.incident_bits < kReviewBits) return PairProposal::kNone;
    if (sum_.incident_bits < kProposeBits) return PairProposal::kReview;
    if (sum_.person_bits >= kProposeBits) return PairProposal::kSamePerson;
    if (sum_.person_bits <= kReviewBits) return PairProposal::kOthers;
    return PairProposal::kSameIncident;
  }

  const IncidentTraits& a_;
  const IncidentTraits& b_;
  const TraitFrequencies& all_;
  PairScore sum_;
};

}  // namespace

void TraitFrequencies::add(const IncidentTraits& traits) {
  ++incidents_;
  for (std::size_t at = 0; at < kTraits; ++at) {
    if (traits.values.at(at).empty()) continue;
    ++counts_.at(at).known;
    for (const std::string& value : traits.values.at(at)) count(counts_.at(at), value);
  }
  if (!traits.place.empty()) {
    ++places_.known;
    count(places_, traits.border_pair);
  }
  if (!traits.days) return;
  if (!days_) days_ = traits.days;
  days_->first = std::min(days_->first, traits.days->first);
  days_->last = std::max(days_->last, traits.days->last);
}

void TraitFrequencies::count(Counts& counts, const std::string& value) {
  const auto before = counts.values[value]++;
  counts.squares += static_cast<double>(2 * before + 1);
}

double TraitFrequencies::share(const Counts& counts, const std::string& value) {
  const auto found = counts.values.find(value);
  if (found == counts.values.end() || counts.known == 0) return kRarest;
  return static_cast<double>(found->second) / static_cast<double>(counts.known);
}

double TraitFrequencies::of(Trait trait, const std::string& value) const {
  return share(counts_.at(static_cast<std::size_t>(trait)), value);
}

double TraitFrequencies::of_place(const std::string& border_pair) const {
  return share(places_, border_pair);
}

double TraitFrequencies::collision(const Counts& counts) {
  if (counts.known == 0) return 1;
  const auto known = static_cast<double>(counts.known);
  return std::min(counts.squares / (known * known), 1.0);
}

double TraitFrequencies::chance(Trait trait) const {
  return collision(counts_.at(static_cast<std::size_t>(trait)));
}

double TraitFrequencies::chance_of_place() const {
  return collision(places_);
}

double TraitFrequencies::of_days(int apart) const {
  if (!days_) return 1;
  const int span = days_->last.number - days_->first.number + 1;
  return std::min(1.0, static_cast<double>(2 * apart + 1) / std::max(span, 1));
}

std::string_view proposal_text(PairProposal proposal) {
  constexpr std::array<std::string_view, 5> kTexts = {"same-person", "others", "same-incident",
                                                      "review", "none"};
  return kTexts.at(static_cast<std::size_t>(proposal));
}

PairScore compare(const IncidentTraits& a, const IncidentTraits& b,
                  const TraitFrequencies& frequencies) {
  return Comparison(a, b, frequencies).score();
}

}  // namespace resguardo::analyst
