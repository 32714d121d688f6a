// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/incident/told_fields.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace resguardo::analyst {
namespace {

// Fields that are about one event wherever the form asks for them; what else is asked once is about
// the report.
constexpr std::array<std::string_view, 5> kOfAnEvent = {"act", "event", "place", "involvement",
                                                        "perpetrator"};

bool of_an_event(std::string_view field) {
  const auto subject = field.substr(0, field.find('.'));
  return std::find(kOfAnEvent.begin(), kOfAnEvent.end(), subject) != kOfAnEvent.end();
}

std::string money_text(const pb::Money& money) {
  return std::to_string(money.minor_units()) + " minor units " + money.currency();
}

std::string degrees_text(const pb::Point& point) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.6f,%.6f", point.latitude(), point.longitude());
  return text.data();
}

// What was understood, not what was typed.
std::vector<std::string> understood(const pb::Answer& answer) {
  std::vector<std::string> values(answer.codes().begin(), answer.codes().end());
  switch (answer.value_case()) {
    case pb::Answer::kNumber:
      values.push_back(std::to_string(answer.number()));
      break;
    case pb::Answer::kDate:
      values.push_back(answer.date().edtf());
      break;
    case pb::Answer::kPlace:
      if (values.empty()) values.push_back(answer.place().code());
      break;
    case pb::Answer::kMoney:
      values.push_back(money_text(answer.money()));
      break;
    case pb::Answer::kPoint:
      values.push_back(degrees_text(answer.point()));
      break;
    case pb::Answer::VALUE_NOT_SET:
      break;
  }
  return values;
}

void add_values(Fields& fields, const std::string& field, const std::vector<std::string>& values) {
  auto& all = fields[field];
  for (const std::string& value : values)
    if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
}

struct Target {
  Fields& fields;
  Fields& words;
};

void put(const pb::Answer& answer, const std::string& field, Target target) {
  add_values(target.fields, field, understood(answer));
  if (!answer.text().empty()) target.words[field].push_back(answer.text());
}

void put_in_event(const pb::Answer& answer, const std::string& field, bool repeated,
                  ToldFields& told) {
  const int depth = answer.instance_size();
  ToldFields::Event& event = told.events[repeated && depth > 0 ? answer.instance(0) : 0];
  if (answer.has_place()) event.place = answer.place();
  if (answer.has_date()) event.date = answer.date();
  event.answers[answer.node()].insert(answer.codes().begin(), answer.codes().end());
  const int group = repeated ? 1 : 0;
  if (depth > group)
    return put(answer, field, {event.groups[answer.instance(group)].fields, event.words});
  put(answer, field, {event.fields, event.words});
}

}  // namespace

std::string field_name(std::string_view maps_to) {
  std::string name;
  for (const char c : maps_to.substr(0, maps_to.find('|')))
    if (c != '[' && c != ']') name += c;
  return name;
}

ToldFields told_fields(const ReportView& report, const FormTexts& form) {
  ToldFields told;
  for (const AnswerView& view : report.answers) {
    const pb::Answer& answer = view.answer;
    if (view.state != AnswerState::kCurrent || answer.remark() || view.wordless()) continue;
    if (answer.codes_size() > 0)
      told.answers[answer.node()].insert(answer.codes().begin(), answer.codes().end());
    const std::string field = field_name(form.field(answer.node()));
    if (field.empty()) continue;
    const bool repeated = form.in_repeat(answer.node());
    if (repeated || of_an_event(field))
      put_in_event(answer, field, repeated, told);
    else
      put(answer, field, {told.fields, told.words});
  }
  return told;
}

std::string only_value(const Fields& fields, std::string_view field) {
  const auto found = fields.find(field);
  return found == fields.end() || found->second.size() != 1 ? "" : found->second.front();
}

std::vector<std::string> values_of(const Fields& fields, std::string_view field) {
  const auto found = fields.find(field);
  return found == fields.end() ? std::vector<std::string>() : found->second;
}

}  // namespace resguardo::analyst
