// SPDX-License-Identifier: AGPL-3.0-or-later
// Every purpose is "no" unless it is picked. The answer's codes are the purposes that were agreed
// to; "none" alone when there are none.
#include <algorithm>

#include "bot/dialogue/question_types/types.h"

namespace resguardo::dialogue {
namespace {

std::vector<const pb::Choice*> choices(const pb::Questionnaire&, const pb::Node& node) {
  const auto& consent = node.consent();
  std::vector<const pb::Choice*> all;
  for (const auto& purpose : consent.purposes()) all.push_back(&purpose.choice());
  if (consent.has_all()) all.push_back(&consent.all());
  all.push_back(&consent.none());
  if (consent.has_more()) all.push_back(&consent.more());
  return all;
}

void check(const pb::Questionnaire&, const pb::Node& node, TypeProblems& problems) {
  const auto& consent = node.consent();
  if (consent.purposes().empty()) problems.add(Rule::kConsentShape, "consent without a purpose");
  if (consent.none().code().empty())
    problems.add(Rule::kConsentShape, "consent needs a way to say no to all");
  if (!consent.none().exclusive()) problems.add(Rule::kConsentShape, "\"none\" must be exclusive");
  if (consent.has_all() && !consent.all().exclusive()) {
    problems.add(Rule::kConsentShape, "\"all\" must be exclusive");
  }
  if (consent.has_more() && consent.more().goto_node() != "@explain") {
    problems.add(Rule::kConsentShape, "\"more\" must go to @explain");
  }
  if (!node.required())
    problems.add(Rule::kConsentShape, "consent cannot be skipped: set required");
  bool opens = false;
  for (const auto& purpose : consent.purposes()) {
    opens = opens || purpose.opens();
    if (purpose.chosen_by_default()) {
      problems.add(Rule::kConsentByDefault,
                   "a purpose is never agreed to by default: " + purpose.choice().code());
    }
    if (purpose.choice().exclusive() || !purpose.choice().goto_node().empty()) {
      problems.add(Rule::kConsentShape, "a purpose is only agreed to: " + purpose.choice().code());
    }
  }
  if (!opens)
    problems.add(Rule::kConsentShape, "no purpose opens a report: nothing could ever be kept");
}

bool is_purpose(const pb::Consent& consent, std::string_view code) {
  return std::any_of(consent.purposes().begin(), consent.purposes().end(),
                     [&](const pb::Purpose& each) { return each.choice().code() == code; });
}
Heard agreed(std::vector<std::string> codes) {
  return {Heard::Kind::kCodes, std::move(codes), nullptr};
}
std::vector<std::string> all_offered(const Scene& scene) {
  std::vector<std::string> codes;
  for (const auto& choice : scene.node.choices) {
    const bool purpose = is_purpose(scene.node.source->consent(), choice.code);
    if (purpose && choice.relevant.holds(scene.values)) codes.push_back(choice.code);
  }
  return codes;
}

Heard hear(const Scene& scene, const Utterance& said) {
  const auto& consent = scene.node.source->consent();
  const auto picked = pick_several(scene, rows_of_several(scene), said);
  if (!picked) return {};
  std::vector<std::string> codes(scene.state.picks().begin(), scene.state.picks().end());
  const Row& first = picked->front();
  if (first.kind == Row::Kind::kDone) return agreed(std::move(codes));
  if (first.choice == nullptr || first.choice->explains) return from_row(first);
  if (consent.has_all() && first.code == consent.all().code()) return agreed(all_offered(scene));
  if (first.code == consent.none().code()) return from_row(first);
  if (said.tapped) return {Heard::Kind::kPicking, {std::string(first.code)}, nullptr};
  for (const Row& row : *picked) codes.emplace_back(row.code);
  return agreed(std::move(codes));
}

}  // namespace

const QuestionType kConsentType = {.arm = pb::Node::kConsent,
                                   .name = "consent",
                                   .variable = VariableType::Kind::kManyCodes,
                                   .many = true,
                                   .choices = choices,
                                   .check = check,
                                   .rows = rows_of_several,
                                   .hear = hear};

}  // namespace resguardo::dialogue
