// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/report_json.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "program/json_output.h"

namespace resguardo::analyst {
namespace {

namespace json = boost::json;
using program::json_text;

json::string text(std::string_view value) {
  return json::string(json_text(value));
}

template <class List>
json::array texts(const List& list) {
  json::array array;
  for (const auto& item : list) array.push_back(text(item));
  return array;
}

template <class List>
json::array numbers(const List& list) {
  json::array array;
  for (const auto item : list) array.push_back(json::value(static_cast<std::uint64_t>(item)));
  return array;
}

void put_place(json::object& object, const Place& place) {
  object["compartment"] = place.stream == StreamId::kTestimony ? "testimony" : "identity";
  object["time"] = iso_time(place.time_ms);
  object["segment"] = place.segment;
  object["row"] = place.row;
  object["message"] = to_hex(as_bytes(place.message));
}

json::value value_json(const pb::Answer& answer) {
  switch (answer.value_case()) {
    case pb::Answer::kNumber:
      return json::object{{"number", answer.number()}};
    case pb::Answer::kDate:
      return json::object{{"edtf", text(answer.date().edtf())},
                          {"precision", text(answer.date().precision())}};
    case pb::Answer::kPlace:
      return json::object{{"code", text(answer.place().code())},
                          {"precision", text(answer.place().precision())}};
    case pb::Answer::kMoney:
      return json::object{{"minorUnits", answer.money().minor_units()},
                          {"currency", text(answer.money().currency())}};
    case pb::Answer::kPoint:
      return json::object{{"latitude", answer.point().latitude()},
                          {"longitude", answer.point().longitude()},
                          {"source", text(answer.point().source())}};
    case pb::Answer::VALUE_NOT_SET:
      break;
  }
  return nullptr;
}

json::object answer_json(const AnswerView& told) {
  const pb::Answer& answer = told.answer;
  json::object object;
  object["node"] = text(answer.node());
  object["instance"] = numbers(answer.instance());
  object["part"] = answer.part();
  object["state"] = json::string_view(state_text(told.state));
  object["correction"] = told.correction;
  object["ofMessage"] = to_hex(as_bytes(told.of_message));
  object["ofUnknown"] = told.of_unknown;
  object["remark"] = answer.remark();
  object["language"] = text(answer.language());
  object["skipped"] = answer.skipped();
  object["codes"] = texts(answer.codes());
  object["takenBack"] = texts(told.taken_back);
  object["text"] = text(answer.text());
  object["value"] = value_json(answer);
  object["raw"] = text(answer.raw());
  object["textVersion"] = text(answer.text_version());
  put_place(object, told.place);
  return object;
}

json::object media_json(const MediaView& sent) {
  const pb::Media& media = sent.media;
  json::object object;
  object["mediaId"] = to_hex(as_bytes(media.media_id()));
  object["node"] = text(media.node());
  object["instance"] = numbers(media.instance());
  object["mime"] = text(media.mime());
  object["length"] = media.length();
  object["sha256"] = to_hex(as_bytes(media.sha256()));
  object["caption"] = text(media.caption());
  object["fileName"] = text(media.file_name());
  object["voice"] = media.voice();
  object["forwarded"] = media.forwarded();
  object["lost"] = media.lost();
  object["state"] = json::string_view(media_state_text(sent.state));
  object["addendum"] = sent.addendum ? json::value(sent.addendum->segment) : json::value(nullptr);
  put_place(object, sent.place);
  return object;
}

json::object event_json(const EventView& happened) {
  json::object object;
  object["kind"] = json::string_view(event_text(happened.event.kind()));
  object["detail"] = text(happened.event.detail());
  put_place(object, happened.place);
  return object;
}

json::object segment_json(const StoredSegment& segment) {
  return {{"index", segment.index},
          {"digest", to_hex(segment.digest.view())},
          {"week", to_string(segment.week)},
          {"day", to_string(segment.day)},
          {"rows", segment.rows},
          {"opened", segment.opened},
          {"final", segment.final},
          {"roster", to_hex(segment.roster.view())}};
}

json::object form_json(const ReportView& report, const FormShelf& forms) {
  const auto form = forms.find(report.form);
  const bool known = form != forms.end();
  return {{"id", text(known ? form->second.id() : report.final.form_id())},
          {"version", text(known ? form->second.version() : report.final.form_version())},
          {"digest", to_hex(report.form.view())}};
}

template <class List, class Make>
json::array list_json(const List& list, Make make) {
  json::array array;
  for (const auto& item : list) array.push_back(make(item));
  return array;
}

}  // namespace

json::object report_json(const ReportView& report, const FormShelf& forms) {
  json::object object;
  object["schema"] = kReportSchema;
  object["report"] = to_hex(report.id.view());
  object["day"] = to_string(report.day);
  object["status"] = json::string_view(status_text(report.status));
  object["flags"] = list_json(
      report.flags, [](Flag flag) { return json::string(json::string_view(flag_text(flag))); });
  object["form"] = form_json(report, forms);
  object["language"] = text(report.final.language());
  object["channel"] = text(report.final.channel());
  object["role"] = text(report.final.role());
  object["consent"] = texts(report.final.consent());
  object["segments"] = list_json(report.segments, segment_json);
  object["answers"] = list_json(report.answers, answer_json);
  object["media"] = list_json(report.media, media_json);
  object["events"] = list_json(report.events, event_json);
  return object;
}

std::string iso_time(std::int64_t milliseconds) {
  const TimePoint time{std::chrono::milliseconds(milliseconds)};
  const Day day = day_of(time);
  const auto since = static_cast<unsigned>((time - start_of(day)).count() % 86'400'000);
  std::array<char, 32> clock{};
  std::snprintf(clock.data(), clock.size(), "T%02u:%02u:%02u.%03uZ", since / 3'600'000,
                since / 60'000 % 60, since / 1000 % 60, since % 1000);
  return to_string(day) + clock.data();
}

std::string answer_value(const pb::Answer& answer) {
  std::string value;
  const auto add = [&](const std::string& piece, const char* separator) {
    if (piece.empty()) return;
    if (!value.empty()) value += separator;
    value += piece;
  };
  if (answer.skipped()) add("(skipped)", " ");
  for (const std::string& code : answer.codes()) add(code, "|");
  add(answer.text(), "|");
  switch (answer.value_case()) {
    case pb::Answer::kNumber:
      add(std::to_string(answer.number()), "|");
      break;
    case pb::Answer::kDate:
      add(answer.date().edtf(), "|");
      break;
    case pb::Answer::kPlace:
      add(answer.place().code(), "|");
      break;
    case pb::Answer::kMoney:
      add(answer.money().currency() + " " + std::to_string(answer.money().minor_units()) +
              " minor units",
          "|");
      break;
    case pb::Answer::kPoint:
      add(json::serialize(json::value(answer.point().latitude())) + "|" +
              json::serialize(json::value(answer.point().longitude())),
          "|");
      break;
    case pb::Answer::VALUE_NOT_SET:
      break;
  }
  return value;
}

std::string told_value(const AnswerView& told) {
  if (told.wordless()) return "(edited later: the words are with the identity)";
  std::string value = answer_value(told.answer);
  return value.empty() && !told.taken_back.empty() ? "(taken back)" : value;
}

std::string_view event_text(pb::EventKind kind) {
  constexpr std::array<std::string_view, 11> kTexts = {
      "unspecified", "exit",   "duress",     "panic",         "language",   "mode",
      "resumed",     "safety", "help-shown", "media-refused", "unsupported"};
  const auto index = static_cast<std::size_t>(kind);
  return index < kTexts.size() ? kTexts.at(index) : kTexts.front();
}

}  // namespace resguardo::analyst
