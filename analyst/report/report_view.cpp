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
  std::set<Digest> told;  // segments of which something is open
  for (const StoredRecord& record : stored.records) told.insert(record.segment);
  for (const StoredSegment& segment : stored.segments) {
    ++seen[segment.index];
    if (segment.opened < segment.rows) view.flags.insert(Flag::kUnreadable);
    if ((segment.quorum & ~segment.combined) != 0) view.flags.insert(Flag::kSealedForQuorum);
    // Where nothing is open, nobody knows whether it ended.
    const bool closed = segment.quorum != 0 && !told.contains(segment.digest);
    if (segment.opened == segment.rows && !segment.final && !closed)
      view.flags.insert(Flag::kInterrupted);
    if (segment.roster_verdict == RosterVerdict::kUnknownRoster)
      view.flags.insert(Flag::kUnknownRoster);
    if (segment.roster_verdict == RosterVerdict::kOtherMembers)
      view.flags.insert(Flag::kOtherReaders);
  }
  std::uint32_t expected = 0;
  for (const auto& [index, count] : seen) {
    if (count > 1) view.flags.insert(Flag::kTwoOfOneSegment);
    if (index >= kFirstAddendum) continue;
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
  if (stored.addendum_absent) view.flags.insert(Flag::kAddendumAbsent);
}

using Files = std::map<std::pair<Digest, std::string>, FileState>;  // by addendum and id

MediaState state_of(const MediaView& sent, const Files& files) {
  if (sent.media.lost()) return MediaState::kLost;
  if (sent.media.key().empty()) return MediaState::kSent;
  const Digest& segment = (sent.addendum ? *sent.addendum : sent.place).segment_digest;
  const auto file = files.find({segment, sent.media.media_id()});
  if (file == files.end() || file->second == FileState::kNotWhole) return MediaState::kArrived;
  return file->second == FileState::kOpens ? MediaState::kHere : MediaState::kDamaged;
}

void settle_files(const StoredReport& stored, ReportView& view) {
  Files files;
  for (const StoredFile& file : stored.files)
    files.emplace(std::pair(file.segment, to_string(file.media.view())), file.state);
  for (MediaView& sent : view.media) {
    sent.state = state_of(sent, files);
    if (sent.state == MediaState::kArrived) view.flags.insert(Flag::kFileAbsent);
    if (sent.state == MediaState::kDamaged) view.flags.insert(Flag::kFileDamaged);
  }
}

}  // namespace

std::string_view flag_text(Flag flag) {
  constexpr std::array<std::string_view, 18> kTexts = {
      "interrupted",        "unreadable",    "malformed-record", "missing-segment",
      "two-of-one-segment", "totals-differ", "unknown-form",     "unknown-roster",
      "other-readers",      "not-logged",    "log-differs",      "duress",
      "withdrawal-claimed", "file-absent",   "file-damaged",     "addendum-absent",
      "sealed-for-quorum",  "finished-anew"};
  return kTexts.at(static_cast<std::size_t>(flag));
}

std::string flags_text(const std::set<Flag>& flags, std::string_view between) {
  std::string text;
  for (const Flag flag : flags) {
    if (!text.empty()) text += between;
    text += flag_text(flag);
  }
  return text;
}

std::string_view status_text(ReportStatus status) {
  return status == ReportStatus::kComplete ? "complete" : "incomplete";
}

std::string_view state_text(AnswerState state) {
  constexpr std::array<std::string_view, 3> kTexts = {"current", "superseded", "retracted"};
  return kTexts.at(static_cast<std::size_t>(state));
}

std::string_view media_state_text(MediaState state) {
  constexpr std::array<std::string_view, 5> kTexts = {"sent", "lost", "arrived", "here", "damaged"};
  return kTexts.at(static_cast<std::size_t>(state));
}

bool twins(const Place& a, const Place& b) {
  return a.segment == b.segment && a.segment_digest != b.segment_digest;
}

bool AnswerView::wordless() const {
  return correction && !answer.skipped() && answer.codes().empty() && answer.text().empty() &&
         answer.raw().empty() && answer.value_case() == pb::Answer::VALUE_NOT_SET &&
         taken_back.empty();
}

std::size_t ReportView::current_answers() const {
  return static_cast<std::size_t>(
      std::count_if(answers.begin(), answers.end(), [](const AnswerView& told) {
        return told.state == AnswerState::kCurrent && !told.answer.skipped() && !told.wordless();
      }));
}

std::size_t ReportView::files_here() const {
  return static_cast<std::size_t>(std::count_if(media.begin(), media.end(), [](const auto& sent) {
    return sent.state == MediaState::kHere;
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
  Teller teller(view, stored.new_receipts);
  for (const StoredRecord& record : stored.records) teller.add(record);
  teller.finish();
  settle_files(stored, view);
  return view;
}

}  // namespace resguardo::analyst
