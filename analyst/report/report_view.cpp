// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/report_view.h"

#include <algorithm>
#include <array>
#include <map>

#include "analyst/report/teller.h"

namespace resguardo::analyst {
namespace {

void flag_segments(const StoredReport& stored, ReportView& view) {
  std::map<std::uint32_t, int> seen;
  for (const StoredSegment& segment : stored.segments) {
    ++seen[segment.index];
    if (segment.opened < segment.rows) view.flags.insert(Flag::kUnreadable);
    if (segment.opened == segment.rows && !segment.final) view.flags.insert(Flag::kInterrupted);
    if (segment.roster_verdict == RosterVerdict::kUnknownRoster)
      view.flags.insert(Flag::kUnknownRoster);
    if (segment.roster_verdict == RosterVerdict::kOtherMembers)
      view.flags.insert(Flag::kOtherReaders);
  }
  std::uint32_t expected = 0;
  for (const auto& [index, count] : seen) {
    if (count > 1) view.flags.insert(Flag::kTwoOfOneSegment);
    if (index != expected) view.flags.insert(Flag::kMissingSegment);
    expected = index + 1;
  }
}

void flag_log(const StoredReport& stored, ReportView& view) {
  switch (stored.log) {
    case LogVerdict::kNotLogged:
      view.flags.insert(Flag::kNotLogged);
      break;
    case LogVerdict::kDiffers:
      view.flags.insert(Flag::kLogDiffers);
      break;
    case LogVerdict::kFits:
      break;
  }
  if (stored.withdrawal_claimed) view.flags.insert(Flag::kWithdrawalClaimed);
}

}  // namespace

std::string_view flag_text(Flag flag) {
  constexpr std::array<std::string_view, 13> kTexts = {
      "interrupted",   "unreadable",   "malformed-record",  "missing-segment", "two-of-one-segment",
      "totals-differ", "unknown-form", "unknown-roster",    "other-readers",   "not-logged",
      "log-differs",   "duress",       "withdrawal-claimed"};
  return kTexts.at(static_cast<std::size_t>(flag));
}

std::string_view status_text(ReportStatus status) {
  return status == ReportStatus::kComplete ? "complete" : "incomplete";
}

std::string_view state_text(AnswerState state) {
  constexpr std::array<std::string_view, 3> kTexts = {"current", "superseded", "retracted"};
  return kTexts.at(static_cast<std::size_t>(state));
}

bool twins(const Place& a, const Place& b) {
  return a.segment == b.segment && a.segment_digest != b.segment_digest;
}

bool AnswerView::wordless() const {
  return correction && !answer.skipped() && answer.codes().empty() && answer.text().empty() &&
         answer.raw().empty() && answer.value_case() == pb::Answer::VALUE_NOT_SET;
}

std::size_t ReportView::current_answers() const {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [](const AnswerView& told) {
        return told.state == AnswerState::kCurrent && !told.answer.skipped() && !told.wordless();
      }));
}

ReportView view_of(const StoredReport& stored) {
  ReportView view;
  view.id = stored.id;
  view.day = stored.day;
  view.segments = stored.segments;
  if (!stored.segments.empty()) view.form = stored.segments.front().form;
  flag_segments(stored, view);
  flag_log(stored, view);
  Teller teller(view);
  for (const StoredRecord& record : stored.records) teller.add(record);
  teller.finish();
  return view;
}

}  // namespace resguardo::analyst
