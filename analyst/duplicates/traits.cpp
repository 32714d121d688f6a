// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/duplicates/traits.h"

#include <algorithm>

#include "bot/dialogue/fold.h"

namespace resguardo::analyst {
namespace {

// Answers that say nothing: two reports do not agree because neither knew, or neither found it in
// the list.
bool says_something(const std::string& value) {
  constexpr std::array<std::string_view, 8> kNothing = {
      "", "unknown", "UNKNOWN", "UNK", "unsure", "other", "other_place", "other_person"};
  return std::find(kNothing.begin(), kNothing.end(), value) == kNothing.end();
}

class Gatherer {
 public:
  explicit Gatherer(IncidentTraits& traits) : traits_(traits) {}
  void put(Trait trait, const std::string& value) {
    if (says_something(value)) traits_.values.at(static_cast<std::size_t>(trait)).insert(value);
  }
  void codes(Trait trait, const Fields& fields, std::string_view field) {
    for (const std::string& value : values_of(fields, field)) put(trait, value);
  }
  // Words as people write the same name twice: without accents, case or signs.
  void words(Trait trait, const Fields& words, std::string_view field) {
    for (const std::string& value : values_of(words, field))
      if (value.size() <= dialogue::kLongestFolded) put(trait, dialogue::fold_name(value));
  }

 private:
  IncidentTraits& traits_;
};

void take_people(const CodedReport& report, const Incident& incident, Gatherer& into) {
  for (const Victim& victim : incident.victims) {
    into.put(Trait::kNationality, victim.nationality);
    into.put(Trait::kGender, victim.gender);
    into.put(Trait::kAge, victim.age_band);
  }
  into.codes(Trait::kRole, report.fields, "source.connection");
  into.codes(Trait::kTravelGroup, report.fields, "reporter.travel_group");
  into.put(Trait::kLanguage, report.language);
  const auto papers = values_of(report.words, "interview.paper_ref");
  const auto who = values_of(report.words, "interview.interviewer_id");
  for (const std::string& paper : papers)
    for (const std::string& one : who)
      into.put(Trait::kPaper, dialogue::fold_name(one) + " / " + dialogue::fold_name(paper));
}

void take_deed(const Incident& incident, Gatherer& into) {
  for (const Involvement& one : incident.involvements) into.put(Trait::kActors, one.actor);
  into.words(Trait::kGroupName, incident.words, "perpetrator.group_name");
  into.words(Trait::kIdentifiers, incident.words, "perpetrator.identifiers_text");
  into.codes(Trait::kSite, incident.fields, "place.location_type");
  into.codes(Trait::kSite, incident.fields, "act.kidnapping.abduction_site");
  into.codes(Trait::kSite, incident.fields, "act.detention.facility");
  into.codes(Trait::kMethods, incident.fields, "act.method_of_violence");
  into.codes(Trait::kAmount, incident.fields, "act.kidnapping.ransom_amount");
  into.codes(Trait::kAmount, incident.fields, "act.extortion.amount");
  into.codes(Trait::kDuration, incident.fields, "act.kidnapping.duration");
  into.codes(Trait::kDuration, incident.fields, "act.detention.duration");
  into.codes(Trait::kEnd, incident.fields, "act.kidnapping.end");
  into.put(Trait::kChildren, incident.child_band);
  into.put(Trait::kUsLink, incident.us_link);
  into.codes(Trait::kMotive, incident.fields, "event.apparent_motive");
}

void take_files(const ReportView& view, IncidentTraits& traits) {
  for (const MediaView& one : view.media) {
    const auto digest = Digest::from(as_bytes(one.media.sha256()));
    if (!digest || *digest == Digest{}) continue;
    traits.files.insert(*digest);
    if (one.media.forwarded()) traits.forwarded.insert(*digest);
  }
}

// Also what waits for a person's decision: that two reports may be of one kidnapping does not
// depend on whether anybody has called it torture yet.
std::set<std::string> categories_of(const Incident& incident, const Codes& codes) {
  std::set<std::string> found;
  for (const CodedValue& value : incident.violations) {
    if (value.standing == CodeStanding::kRejected) continue;
    if (const auto* violation = codes.violation(value.code)) found.insert(violation->category());
  }
  return found;
}

std::string border_pair_of(const std::string& place, const Codes& codes) {
  const pb::PlaceFacts* facts = codes.place(place);
  return facts == nullptr || facts->mirror().empty() ? place : facts->mirror();
}

}  // namespace

IncidentTraits traits_of(const ReportView& view, const CodedReport& report,
                         const Incident& incident, const Codes& codes) {
  IncidentTraits traits;
  traits.key = {report.id, incident.number};
  traits.categories = categories_of(incident, codes);
  traits.days = incident.when.days;
  const std::string& precision = incident.when.precision;
  traits.to_the_day = precision == "day" || precision == "approx";
  traits.place = incident.where.place;
  traits.border_pair = border_pair_of(traits.place, codes);
  if (says_something(incident.victim_band)) traits.victim_band = incident.victim_band;
  Gatherer into(traits);
  take_people(report, incident, into);
  take_deed(incident, into);
  std::vector<std::string> told = values_of(incident.words, "event.description");
  const auto typed = values_of(incident.words, "act.type_text");
  told.insert(told.end(), typed.begin(), typed.end());
  traits.story = sketch_of(told);
  take_files(view, traits);
  return traits;
}

}  // namespace resguardo::analyst
