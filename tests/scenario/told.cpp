// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/told.h"

#include <algorithm>
#include <set>

namespace resguardo::testing_support {
namespace {

using dialogue::Given;

// An answer as text; both sides write it here, from their own fields.
class Line {
 public:
  explicit Line(std::string kind) : text_(std::move(kind)) {}
  Line& with(std::string_view value) {
    text_ += '|';
    text_ += value;
    return *this;
  }
  Line& with(std::uint64_t value) { return with(std::to_string(value)); }
  std::string text() const { return text_; }

 private:
  std::string text_;
};

std::string line_of(const Given& given) {
  if (given.kind == Given::Kind::kEvent)
    return Line("event").with(given.event).with(given.event_detail).text();
  if (given.kind == Given::Kind::kRetraction) return Line("retraction").with(given.node).text();
  Line line(given.kind == Given::Kind::kCorrection ? "correction" : "answer");
  line.with(given.node).with(given.language).with(given.skipped ? 1U : 0U).with(given.part);
  for (const auto& code : given.codes) line.with(code);
  line.with(given.text.reveal()).with(given.raw.reveal()).with(given.text_version);
  if (given.point)
    line.with(std::to_string(given.point->latitude)).with(std::to_string(given.point->longitude));
  return line.text();
}

std::string line_of(const std::string& kind, const pb::Answer& answer) {
  Line line(kind);
  line.with(answer.node()).with(answer.language()).with(answer.skipped() ? 1U : 0U);
  line.with(answer.part());
  for (const auto& code : answer.codes()) line.with(code);
  line.with(answer.text()).with(answer.raw()).with(answer.text_version());
  if (answer.has_point())
    line.with(std::to_string(answer.point().latitude()))
        .with(std::to_string(answer.point().longitude()));
  return line.text();
}

std::string line_of(const pb::Entry& entry) {
  if (entry.has_answer()) return line_of("answer", entry.answer());
  if (entry.has_correction()) return line_of("correction", entry.correction().answer());
  if (entry.has_retraction()) return Line("retraction").with(entry.retraction().node()).text();
  if (entry.has_event())
    return Line("event")
        .with(static_cast<std::uint64_t>(entry.event().kind()))
        .with(entry.event().detail())
        .text();
  return {};
}

// Beside an answer: the questions that it made pointless, and no message.
bool only_names_a_question(const pb::Entry& entry) {
  return entry.has_retraction() && entry.retraction().of_message().empty() &&
         !entry.retraction().node().empty();
}
const std::string* target_in(const pb::Entry& entry) {
  if (entry.has_correction()) return &entry.correction().of_message();
  return entry.has_retraction() ? &entry.retraction().of_message() : nullptr;
}
bool answers(const pb::Record& record) {
  return std::any_of(record.entries().begin(), record.entries().end(),
                     [](const pb::Entry& entry) { return entry.has_answer(); });
}

}  // namespace

void ToldReport::add(const std::vector<Given>& given, bool gap) {
  if (!writing_ && segments > 0) ++interrupted;
  if (!writing_ || gap) ++segments;
  writing_ = true;
  for (const Given& one : given) (one.identity ? identity : testimony).push_back(line_of(one));
}

std::vector<std::string> lines_of(const std::vector<pb::Record>& stream) {
  std::vector<std::string> lines;
  for (const pb::Record& record : stream)
    for (const pb::Entry& entry : record.entries())
      if (auto line = line_of(entry); !line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string wrong_targets(const OpenedReport& report, Changed changed) {
  std::set<std::string> answered;
  for (const auto* stream : {&report.testimony, &report.identity})
    for (const pb::Record& record : *stream)
      if (answers(record)) answered.insert(record.message_id());
  std::string original;
  for (std::size_t i = 0; i < report.testimony.size(); ++i)
    for (const auto* record : {&report.testimony[i], &report.identity[i]})
      for (const pb::Entry& entry : record->entries()) {
        if (entry.has_answer()) original = record->message_id();
        const bool beside = answers(report.testimony[i]) || answers(report.identity[i]);
        if (beside && only_names_a_question(entry)) continue;
        const std::string* target = target_in(entry);
        if (target == nullptr) continue;
        const bool right =
            *target == original || (changed == Changed::kAnything && !answered.contains(*target));
        if (target->size() != 16 || !right)
          return "a change names another message, at record " + std::to_string(i);
      }
  return {};
}

}  // namespace resguardo::testing_support
