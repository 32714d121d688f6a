// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analyst/report/decision.h"
#include "analyst/report/stored_report.h"
#include "proto/record.pb.h"

namespace resguardo::analyst {

// What an analyst must know before believing a report. Texts: flag_text().
enum class Flag : std::uint8_t {
  kInterrupted,        // a segment ended without FINAL
  kUnreadable,         // rows that did not open
  kMalformedRecord,    // a record that opened and is none
  kMissingSegment,     // the indices have a gap
  kTwoOfOneSegment,    // two segments with one index: both are shown
  kTotalsDiffer,       // the last record counts other rows or digests than those that came
  kUnknownForm,        // its questionnaire did not come along
  kUnknownRoster,      // sealed under a roster that root did not sign
  kOtherReaders,       // sealed for others than the roster's members
  kNotLogged,          // the server's log has no entry for it
  kLogDiffers,         // the server's log has other bytes
  kDuress,             // the person said so, or left in a hurry
  kWithdrawalClaimed,  // the server says the person took it back
  kFileAbsent,         // a file came to the server, and is not here whole
  kFileDamaged,        // … and does not open
  kAddendumAbsent,     // the server's log names an addendum that did not come
  kSealedForQuorum,    // a stream that several open together, and did not yet
  kFinishedAnew,       // a later part brings another mailbox, or allows other things: not believed
};
std::string_view flag_text(Flag flag);  // "interrupted", "two-of-one-segment", …
std::string flags_text(const std::set<Flag>& flags, std::string_view between);

enum class ReportStatus : std::uint8_t { kComplete, kIncomplete };
std::string_view status_text(ReportStatus status);

enum class AnswerState : std::uint8_t { kCurrent, kSuperseded, kRetracted };
std::string_view state_text(AnswerState state);

// Where in a report something was said.
struct Place {
  std::uint32_t segment = 0;
  Digest segment_digest;
  std::uint64_t row = 0;
  StreamId stream = StreamId::kTestimony;
  std::int64_t time_ms = 0;
  std::string message;  // keyed hash of the message it was said in
};
// In two segments that claim to be the same part of a report.
bool twins(const Place& a, const Place& b);

// A correction has the node, the instance and the part of what it stands in the place of
// (changes.h): what it was sealed with is only where the conversation stood.
struct AnswerView {
  Place place;
  AnswerState state = AnswerState::kCurrent;
  bool correction = false;
  std::string of_message{};  // a correction: the message that was edited
  bool of_unknown = false;   // which is not among what these keys opened
  pb::Answer answer{};
  std::vector<std::string> taken_back{};  // of a consent: purposes that its reporter took back
  // Of a correction: its words are not here but with the identity.
  bool wordless() const;
};
// How far a file has come.
enum class MediaState : std::uint8_t {
  kSent,     // the person sent it; the server has not fetched it, as far as is known here
  kLost,     // the messenger had it no more
  kArrived,  // its key is here, and not all of it
  kHere,     // all of it is here, and it is what was sent
  kDamaged,  // all of it is here, and it does not open
};
std::string_view media_state_text(MediaState state);  // "sent", "lost", …

// A file as it was sent: what the turn said of it, and what its addendum, if one came (the first
// that brings its key, else the first that says that it is lost).
struct MediaView {
  Place place;  // of the turn; of the addendum, if the turn is not here
  pb::Media media;
  MediaState state = MediaState::kSent;
  std::optional<Place> addendum{};
};
struct EventView {
  Place place;
  pb::Event event;
};

// A report as it was told: everything that was said, nothing left out, in the order in which it was
// said, an edited message where it was first; what was said again later marks the earlier one as
// superseded. Deterministic: two analysts who imported the
// same bundle see the same view.
//
// WARNING: everything in it came from outside. Anyone can seal to a public key.
struct ReportView {
  ReportId id;
  Day day;
  ReportStatus status = ReportStatus::kIncomplete;
  std::set<Flag> flags;
  Digest form;
  std::vector<StoredSegment> segments;
  std::vector<AnswerView> answers;
  std::vector<MediaView> media;
  std::vector<EventView> events;
  pb::Final final;  // of both streams; empty while there is none
  std::vector<Decision> decisions{};  // of analysts, in their order; never the reporter's
  std::size_t current_answers() const;
  std::size_t files_here() const;  // that open
};

ReportView view_of(const StoredReport& stored);

}  // namespace resguardo::analyst
