// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/names.h"

#include <array>

#include "program/terminal.h"
#include "program/utf8.h"

namespace resguardo::analyst {
namespace {

// Which table's rows are values of which field of the research schema.
constexpr std::array<std::array<std::string_view, 2>, 12> kFields = {{
    {"abduction_place", "act.kidnapping.abduction_site"},
    {"age_band", "victim.age_band"},
    {"asylum_denial_by_place", "act.asylum.denial_form"},
    {"captivity", "act.kidnapping.duration"},
    {"children", "event.child_count_band"},
    {"complaint", "intervention.complaint"},
    {"expressed_fear", "act.asylum.expressed_fear"},
    {"expulsion_conditions", "act.expulsion.conditions"},
    {"gender", "victim.gender"},
    {"ransom", "act.kidnapping.ransom"},
    {"role", "source.connection"},
    {"us_link", "event.us_policy_link"},
}};

// Who tells of themselves is asked the same by another question.
constexpr std::string_view kOfVictim = "victim.";

// No code of ours is as long; cut between two characters.
constexpr std::size_t kLongestCode = 80;

std::string shown_code(const std::string& code) {
  std::string_view rest = code;
  while (!rest.empty() && code.size() - rest.size() < kLongestCode)
    if (!program::take_code_point(rest)) rest.remove_prefix(1);
  return program::visible(code.substr(0, code.size() - rest.size())) + (rest.empty() ? "" : "…");
}

template <class Row>
std::string label_of(const Row* row, const std::string& language) {
  return row == nullptr ? std::string() : label_in(row->labels(), language);
}

}  // namespace

std::string Names::own(std::string_view kind, const std::string& code) const {
  for (const std::string& key : {std::string(kind) + "." + code, "value." + code})
    if (words_.has(key)) return words_(key);
  return shown_code(code);
}

std::string Names::category(const std::string& code) const {
  const std::string label = label_of(codes_.category(code), language_);
  return label.empty() ? own("category", code) : label;
}

std::string Names::actor(const std::string& code) const {
  const auto* actor = codes_.actor(code);
  const std::string label = label_of(actor, language_);
  if (label.empty()) return own("actor", code);
  return actor->country().empty() || label.find(actor->country()) != std::string::npos
             ? label
             : label + " (" + actor->country() + ")";
}

std::string Names::policy(const std::string& code) const {
  const std::string label = label_of(codes_.policy(code), language_);
  return label.empty() ? own("policy", code) : label;
}

std::string Names::nationality(const std::string& code) const {
  for (const pb::NationalityCode& known : codes_.all().nationalities())
    if (known.code() == code && code != "UNK") return label_in(known.names(), language_);
  return own("nationality", code);
}

const pb::GazetteerPlace* Names::gazetteer(const std::string& code) const {
  const pb::GazetteerPlace* found = nullptr;
  for (const auto& [digest, form] : forms_)
    if (const auto* place = form.gazetteer(code)) found = place;
  return found;
}

std::string Names::place(const std::string& code) const {
  if (const auto* place = gazetteer(code)) return program::visible(place->name());
  const auto dash = code.find('-');
  const std::string country = nationality(code.substr(0, dash));
  if (dash != 2) return dash == std::string::npos ? country : own("place", code);
  return country + ", " + shown_code(code);
}

std::string Names::of_forms(std::string_view field, const std::string& code) const {
  std::string label;
  for (const auto& [digest, form] : forms_)
    if (std::string text = form.choice_of_field(field, code, language_); !text.empty())
      label = program::visible(text);
  return label;
}

std::string Names::value(std::string_view field, const std::string& code) const {
  if (code == "unknown") return words_("value.unknown");
  const std::string key = std::string(field) + "." + code;  // in the page's words, not a reporter's
  if (words_.has(key)) return words_(key);
  std::string label = of_forms(field, code);
  if (label.empty() && field.starts_with(kOfVictim))
    label = of_forms("reporter." + std::string(field.substr(kOfVictim.size())), code);
  return label.empty() ? own(field, code) : label;
}

std::string Names::row(std::string_view table, const std::string& code) const {
  if (code == "unknown") return words_("value.unknown");
  if (table == "category_by_month" || table == "month_of_report")
    return table == "month_of_report" ? shown_code(code) : category(code);
  if (table == "place_by_category") return place(code);
  if (table == "nationality") return nationality(code);
  if (table == "perpetrator_by_category") return actor(code);
  if (table == "policy") return policy(code);
  if (table == "language") return own("language", code);
  for (const auto& [id, field] : kFields)
    if (id == table) return value(field, code);
  return own(table, code);
}

std::string Names::column(std::string_view table, const std::string& code) const {
  if (code == "unknown") return words_("value.unknown");
  if (code == "incidents") return words_("incidents");
  if (table == "category_by_month") return shown_code(code);
  if (table == "asylum_denial_by_place") return place(code);
  return category(code);
}

}  // namespace resguardo::analyst
