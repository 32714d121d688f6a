// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/teller.h"

#include <algorithm>

#include "crypto/base/hash.h"
#include "crypto/format/segment_layout.h"
#include "crypto/open/record_parser.h"

namespace resguardo::analyst {
namespace {

// One question, one key: the node and its place in repeats.
template <class Asked>
std::string question_key(const Asked& asked) {
  std::string key = asked.node();
  for (const std::uint32_t step : asked.instance()) key += '\0' + std::to_string(step);
  return key;
}

// Picks that were not finished: codes, and no words of anybody.
bool is_unfinished(const pb::Answer& answer) {
  return answer.remark() && answer.codes_size() > 0 && answer.text().empty();
}
bool goes_on_from(const pb::Answer& later, const pb::Answer& earlier) {
  return later.codes_size() >= earlier.codes_size() &&
         std::equal(earlier.codes().begin(), earlier.codes().end(), later.codes().begin());
}

}  // namespace

Teller::Teller(ReportView& view, const std::set<Digest>& new_receipts, Totals totals)
    : view_(view), totals_(totals), new_receipts_(new_receipts) {
  for (const StoredSegment& segment : view.segments) segments_.emplace(segment.digest, &segment);
}

void Teller::add(const StoredRecord& stored) {
  const auto segment = segments_.find(stored.segment);
  if (segment == segments_.end()) return;
  const bool addendum = segment->second->index >= kFirstAddendum;
  if (!addendum && totals_ == Totals::kChecked)
    count(stored, segment->second->index);  // a report's totals are of its conversation
  auto record = open::parse_record(stored.content);
  if (!record.ok()) {
    view_.flags.insert(Flag::kMalformedRecord);
    return;
  }
  const Place place{segment->second->index, stored.segment,    stored.sequence,
                    stored.stream,          record->time_ms(), record->message_id()};
  for (pb::Entry& entry : *record->mutable_entries())
    addendum ? add_addendum(entry, place) : add_entry(entry, place);
}

void Teller::add_addendum(const pb::Entry& entry, const Place& place) {
  if (entry.has_padding()) return;
  const auto file = MediaId::from(as_bytes(entry.media().media_id()));
  const bool own = entry.has_media() && file && addendum_index(*file) == place.segment;
  if (own && brought_.insert(place.segment_digest).second)
    add_media(entry.media(), place);
  else
    view_.flags.insert(Flag::kMalformedRecord);
}

void Teller::count(const StoredRecord& stored, std::uint32_t segment) {
  Running& running = running_.at(static_cast<std::size_t>(stored.stream));
  ++running.rows;
  running.before = running.after;
  if (stored.stream == StreamId::kIdentity) identity_before_.push_back(running.before);
  const auto digest = record_digest(stored.content.view());
  if (digest.ok()) running.after = blake2b({running.before.view(), digest->view()});
  records_.at(static_cast<std::size_t>(stored.stream))
      .emplace_back(segment, digest.ok() ? *digest : Digest{});
}

// The totals of the first `until` records, from a segment on.
Teller::Running Teller::counted(StreamId stream, std::uint32_t first_segment,
                                std::size_t until) const {
  Running running;
  const auto& all = records_.at(static_cast<std::size_t>(stream));
  for (std::size_t i = 0; i < until && i < all.size(); ++i) {
    if (all[i].first < first_segment) continue;
    ++running.rows;
    running.before = running.after;
    running.after = blake2b({running.before.view(), all[i].second.view()});
  }
  return running;
}

void Teller::add_entry(pb::Entry& entry, const Place& place) {
  switch (entry.body_case()) {
    case pb::Entry::kAnswer:
      add_answer(std::move(*entry.mutable_answer()), place);
      break;
    case pb::Entry::kCorrection:
      add_correction(entry.correction(), place);
      break;
    case pb::Entry::kRetraction:
      retract(entry.retraction(), place);
      break;
    case pb::Entry::kMedia:
      add_media(entry.media(), place);
      break;
    case pb::Entry::kEvent:
      add_event(entry.event(), place);
      break;
    case pb::Entry::kFinal:
      add_final(entry.final(), place);
      break;
    case pb::Entry::kPadding:
    case pb::Entry::kPause:
    case pb::Entry::BODY_NOT_SET:
      break;
  }
}

// What a turn said of a file, and what its addendum says.
void Teller::join_media(MediaView& sent, const pb::Media& addendum, const Place& place) {
  pb::Media media = addendum;
  const pb::Media& told = sent.media;
  media.set_node(told.node());
  *media.mutable_instance() = told.instance();
  media.set_voice(told.voice() || addendum.voice());
  media.set_forwarded(told.forwarded() || addendum.forwarded());
  if (!told.caption().empty()) media.set_caption(told.caption());
  if (!told.file_name().empty()) media.set_file_name(told.file_name());
  if (media.mime().empty()) media.set_mime(told.mime());
  sent.media = std::move(media);
  sent.addendum = place;
}

void Teller::add_media(const pb::Media& media, const Place& place) {
  const auto waits = waiting_.find(media.media_id());
  if (place.segment >= kFirstAddendum && waits != waiting_.end()) {
    MediaView& sent = view_.media[waits->second];
    if (!media.key().empty()) waiting_.erase(waits);
    if (!media.key().empty() || !sent.media.lost()) return join_media(sent, media, place);
  }
  if (media.key().empty()) waiting_.emplace(media.media_id(), view_.media.size());
  view_.media.push_back({place, media});
}

void Teller::add_answer(pb::Answer answer, const Place& place) {
  const std::size_t index = view_.answers.size();
  const std::string key = question_key(answer);
  if (!answer.remark()) supersede(current_[key], answer, place);
  if (!answer.remark() || is_unfinished(answer)) supersede_picks(unfinished_[key], answer, place);
  if (is_unfinished(answer)) unfinished_[key].push_back(index);
  if (!answer.remark()) current_[key].push_back(index);
  view_.answers.push_back({.place = place, .answer = std::move(answer)});
}

void Teller::supersede(Indices& earlier, const pb::Answer& answer, const Place& place) {
  std::erase_if(earlier, [&](std::size_t index) {
    AnswerView& told = view_.answers[index];
    if (told.state != AnswerState::kCurrent) return true;
    if (twins(told.place, place) || told.answer.part() < answer.part()) return false;
    told.state = AnswerState::kSuperseded;
    return true;
  });
}

// More picks supersede the last ones, an answer all of them.
void Teller::supersede_picks(Indices& picks, const pb::Answer& answer, const Place& place) {
  const auto superseded = [&](std::size_t index) {
    AnswerView& told = view_.answers[index];
    if (twins(told.place, place)) return false;
    if (answer.remark() && !goes_on_from(answer, told.answer)) return false;
    told.state = AnswerState::kSuperseded;
    return true;
  };
  if (!answer.remark()) {
    std::erase_if(picks, superseded);
  } else if (!picks.empty() && superseded(picks.back())) {
    picks.pop_back();
  }
}

void Teller::add_correction(const pb::Correction& correction, const Place& place) {
  view_.answers.push_back({.place = place,
                           .correction = true,
                           .of_message = correction.of_message(),
                           .answer = correction.answer()});
}

void Teller::retract_question(const pb::Retraction& retraction, const Place& place) {
  const auto found = current_.find(question_key(retraction));
  if (found == current_.end()) return;
  std::erase_if(found->second, [&](std::size_t index) {
    AnswerView& told = view_.answers[index];
    if (twins(told.place, place)) return false;
    if (told.state == AnswerState::kCurrent) told.state = AnswerState::kRetracted;
    return true;
  });
}

void Teller::retract(const pb::Retraction& retraction, const Place& place) {
  if (retraction.of_message().empty()) return retract_question(retraction, place);
  taken_back_.push_back({retraction.of_message(), place});
}

void Teller::add_event(const pb::Event& event, const Place& place) {
  if (event.kind() == pb::EVENT_DURESS || event.kind() == pb::EVENT_PANIC)
    view_.flags.insert(Flag::kDuress);
  view_.events.push_back({place, event});
}

void Teller::add_final(const pb::Final& final, const Place& place) {
  view_.status = ReportStatus::kComplete;
  believe_final(final, place);
  if (place.stream != StreamId::kTestimony) return;
  const Running& testimony = running_.front();
  finals_.push_back({final, place.segment + 1, testimony, testimony.rows});
}

// Whoever runs the server later can seal one more part to the readers. So what was allowed, and
// where answers go, is what the report said when it was first finished; but where a log proves that
// another receipt took the first one's place, answers go to that (docs/adr/161).
void Teller::believe_final(const pb::Final& final, const Place& place) {
  if (!finished_in_) finished_in_ = place.segment;
  if (place.segment == *finished_in_) return view_.final.MergeFrom(final);
  if (new_receipts_.contains(place.segment_digest) && !final.mailbox_public_key().empty())
    view_.final.set_mailbox_public_key(final.mailbox_public_key());
  const auto differs = [](const auto& said, const auto& before) {
    return !said.empty() && !std::ranges::equal(said, before);
  };
  if (differs(final.mailbox_public_key(), view_.final.mailbox_public_key()) ||
      differs(final.consent(), view_.final.consent()))
    view_.flags.insert(Flag::kFinishedAnew);
}

void Teller::finish() {
  settle_changes(view_.answers, taken_back_);
  const bool whole =
      std::all_of(view_.segments.begin(), view_.segments.end(), [](const StoredSegment& segment) {
        return segment.index >= kFirstAddendum || segment.opened == segment.rows;
      });
  const bool plain = !view_.flags.contains(Flag::kTwoOfOneSegment) &&
                     !view_.flags.contains(Flag::kMissingSegment) &&
                     !view_.flags.contains(Flag::kMalformedRecord);
  if (whole && plain && totals_ == Totals::kChecked) check_totals();
}

void Teller::check_totals() {
  const bool reads_identity = identity_before_.size() == running_.front().rows;
  for (const SeenFinal& seen : finals_) {
    const bool adds = seen.final.first_segment() > 0;
    const std::uint32_t first = seen.final.first_segment();
    const Running testimony =
        adds ? counted(StreamId::kTestimony, first, seen.of_row) : seen.testimony;
    bool fits = first < seen.segments && seen.final.rows() == testimony.rows &&
                seen.final.segments() == seen.segments - first &&
                seen.final.testimony_digest() == testimony.before.str();
    if (reads_identity) {
      const Digest before = adds ? counted(StreamId::kIdentity, first, seen.of_row).before
                                 : identity_before_[seen.of_row - 1];
      fits = fits && seen.final.identity_digest() == before.str();
    }
    if (!fits) view_.flags.insert(Flag::kTotalsDiffer);
  }
}

}  // namespace resguardo::analyst
