// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/importer.h"

namespace resguardo::analyst {

using program::Outcome;
using program::Problem;

ImportCounts& ImportCounts::operator+=(const ImportCounts& more) {
  reports += more.reports;
  new_segments += more.new_segments;
  more_of_segments += more.more_of_segments;
  known_segments += more.known_segments;
  not_for_these_keys += more.not_for_these_keys;
  quorum_segments += more.quorum_segments;
  cut_segments += more.cut_segments;
  unreadable_segments += more.unreadable_segments;
  rows += more.rows;
  new_files += more.new_files;
  known_files += more.known_files;
  cut_files += more.cut_files;
  damaged_files += more.damaged_files;
  sealed_files += more.sealed_files;
  nobodys_files += more.nobodys_files;
  return *this;
}

Outcome<Done> Importer::into_vault(Status status) const {
  return program::at("vault", std::move(status));
}

Outcome<Vault::Addition*> Importer::addition() {
  if (!addition_) {
    RESGUARDO_TRY(auto begun, program::at("vault", vault_.begin()));
    addition_.emplace(std::move(begun));
    gathered_ = 0;
  }
  return &*addition_;
}

Outcome<Done> Importer::commit() {
  if (!addition_) return Done{};
  auto committed = into_vault(addition_->commit());
  addition_.reset();
  return committed;
}

Outcome<Done> Importer::commit_when_enough() {
  return gathered_ < most_gathered_ ? Outcome<Done>(Done{}) : commit();
}

Outcome<ImportCounts> Importer::run(const std::filesystem::path& file,
                                    const std::optional<Damage>& damage) {
  file_ = file.string();
  part_.state = damage ? Vault::PartState::kSalvaged : Vault::PartState::kWhole;
  opening_.member = keys_.member();
  RESGUARDO_TRY(const auto found, walk_bundle(file, *this));
  if (found.has_value() != damage.has_value() ||
      (found && found->place.offset != damage->place.offset))
    return Problem{file_, "changed while it was read", "copy it and try again",
                   program::ExitCode::kFailed};
  RESGUARDO_CHECK(end_log());
  RESGUARDO_CHECK(end_segment());
  RESGUARDO_CHECK(end_report());
  RESGUARDO_CHECK(end_files());
  if (!bundle_id_.empty()) {
    RESGUARDO_CHECK(addition());
    RESGUARDO_CHECK(into_vault(vault_.note_part(bundle_id_, part_, made_, opening_.origin)));
  }
  RESGUARDO_CHECK(commit());
  return counts_;
}

void Importer::reached(const BundlePlace& place) {
  if (progress_) progress_(place);
}

Outcome<Done> Importer::header(const pb::BundleHeader& header) {
  opening_.origin = header.log_origin();
  bundle_id_ = to_bytes(as_bytes(header.bundle_id()));
  part_.number = header.part();
  made_ = Day{static_cast<std::int32_t>(header.day())};
  RESGUARDO_CHECK(addition());
  const Vault::Part begun{part_.number, Vault::PartState::kBegun, false};
  return into_vault(vault_.note_part(bundle_id_, begun, made_, opening_.origin));
}

Outcome<Done> Importer::roster(ByteView file) {
  RESGUARDO_CHECK(addition());
  for (const RosterShelf::Entry& entry : shelf_.entries())
    if (equal(entry.roster.file(), file))
      return into_vault(vault_.add_roster({entry.number, entry.digest, to_bytes(file)}));
  return Problem{file_, "holds a roster that was not checked", "", program::ExitCode::kFailed};
}

Outcome<Done> Importer::questionnaire(ByteView form, const Digest& digest) {
  RESGUARDO_CHECK(addition());
  return into_vault(vault_.add_form(digest, form));
}

Outcome<Done> Importer::end(const pb::BundleEnd& end) {
  part_.last = end.last_part();
  return Done{};
}

Outcome<Done> Importer::begin_report(const ReportId& report, Day day) {
  if (report_ == report) return Done{};
  RESGUARDO_CHECK(end_report());
  RESGUARDO_TRY(Vault::Addition * into, addition());
  RESGUARDO_TRY(report_new_, program::at("vault", into->begin_report(report, day)));
  report_ = report;
  report_segments_ = 0;
  ++counts_.reports;
  return Done{};
}

// Everything of it that came now was opened by these keys before: there is nothing to do.
Outcome<bool> Importer::opened_before(const WalkedSegment& walked) {
  RESGUARDO_TRY(Vault::Addition * into, addition());
  RESGUARDO_TRY(const auto rows,
                program::at("vault", into->opened_before(walked.digest, opening_)));
  return rows && *rows >= walked.sent.rows();
}

Outcome<Done> Importer::segment(const WalkedSegment& walked) {
  RESGUARDO_CHECK(end_log());
  RESGUARDO_CHECK(end_segment());
  const Day day{static_cast<std::int32_t>(walked.sent.day())};
  RESGUARDO_TRY(const bool known, opened_before(walked));
  if (known) {
    RESGUARDO_CHECK(begin_report(walked.claims.report, day));
    ++report_segments_;
    ++counts_.known_segments;
    return Done{};
  }
  RESGUARDO_CHECK(begin_reading(walked));
  for_member_ = std::ranges::any_of(walked.claims.members, [&](const auto& members) {
    return std::ranges::find(members, keys_.member(), &Recipient::member) != members.end();
  });
  if (!foreign_) RESGUARDO_CHECK(begin_report(walked.claims.report, day));
  StoredSegment segment;
  segment.digest = walked.digest;
  segment.report = walked.claims.report;
  segment.index = walked.claims.index;
  segment.form = walked.claims.questionnaire;
  segment.roster = walked.claims.roster_digest;
  segment.week = walked.claims.week;
  segment.day = day;
  segment.rows = walked.sent.rows();
  segment.roster_verdict = shelf_.judge(walked.claims);
  for (const StreamId stream : kStreams)
    if (walked.claims.policy[static_cast<std::size_t>(stream)] == PolicyType::kQuorum)
      segment.quorum = static_cast<std::uint8_t>(segment.quorum | stream_bit(stream));
  RESGUARDO_TRY(Vault::Addition * into, addition());
  if (foreign_)
    ++counts_.not_for_these_keys;
  else
    RESGUARDO_CHECK(into_vault(into->begin_segment(segment, as_bytes(walked.sent.header()))));
  ++report_segments_;
  gathered_ += walked.sent.header().size();
  segment_ = std::move(segment);
  told_ = {};
  rows_came_ = 0;
  chain_ = SegmentChain::begin(as_bytes(walked.sent.header()));
  opening_.streams = 3;
  return into_vault(keep_shares());
}

Outcome<Done> Importer::row(ByteView row) {
  if (!segment_) return Done{};
  chain_->add(row);
  const std::uint64_t place = rows_came_++;
  if (foreign_) return Done{};
  RESGUARDO_CHECK(into_vault(addition_->add_row(segment_->digest, place, row)));
  if (!reader_) return Done{};
  auto opened = reader_->next(row);
  if (!opened.ok()) {
    reader_.reset();  // the rest of the segment cannot be opened
    return Done{};
  }
  const auto put = [&](StreamId stream, const SecretBuffer& content) -> Status {
    if (!content.empty())
      return addition_->add_record(segment_->digest, segment_->opened, stream, content.view());
    if ((opening_.shares & stream_bit(stream)) == 0)
      opening_.streams = static_cast<std::uint8_t>(opening_.streams & ~stream_bit(stream));
    return success();
  };
  RESGUARDO_CHECK(into_vault(put(StreamId::kTestimony, opened->testimony)));
  RESGUARDO_CHECK(into_vault(put(StreamId::kIdentity, opened->identity)));
  if (segment_->index >= kFirstAddendum) {
    RESGUARDO_CHECK(
        into_vault(files_.note_record(*segment_, StreamId::kTestimony, opened->testimony)));
    RESGUARDO_CHECK(
        into_vault(files_.note_record(*segment_, StreamId::kIdentity, opened->identity)));
  }
  remember(StreamId::kTestimony, std::move(opened->testimony));
  remember(StreamId::kIdentity, std::move(opened->identity));
  gathered_ += row.size();
  ++segment_->opened;
  ++counts_.rows;
  segment_->final = opened->final;
  return Done{};
}

Outcome<Done> Importer::end_segment() {
  if (!segment_) return Done{};
  segment_->chain = to_bytes(chain_->digest().view());
  if (foreign_) {
    foreign_here_ = true;
    auto noted = into_vault(vault_.note_foreign(*segment_, opening_.member, for_member_));
    segment_.reset();
    return noted;
  }
  if (segment_->opened < rows_came_)
    ++counts_.unreadable_segments;
  else if (rows_came_ < segment_->rows)
    ++counts_.cut_segments;
  const auto fate = addition_->end_segment(*segment_, opening_);
  told_.segments.assign(1, std::move(*segment_));
  segment_.reset();
  reader_.reset();
  if (!fate.ok()) return program::problem(fate.error(), "vault");
  told_fate_ = *fate;
  count(*fate);
  return Done{};
}

void Importer::count(SegmentFate fate) {
  switch (fate) {
    case SegmentFate::kNew:
      report_changed_ = true;
      ++counts_.new_segments;
      break;
    case SegmentFate::kExtended:
      report_changed_ = true;
      ++counts_.more_of_segments;
      break;
    case SegmentFate::kKnown:
      ++counts_.known_segments;
      break;
  }
}

// Its verdict goes in with it.
Outcome<Done> Importer::end_report() {
  if (!report_) return Done{};
  if (report_changed_) {
    RESGUARDO_CHECK(judge(*report_));
    RESGUARDO_CHECK(into_vault(index(*report_)));
  }
  told_ = {};
  report_.reset();
  report_changed_ = false;
  return commit_when_enough();
}

Outcome<Done> Importer::media_chunk(const WalkedChunk& chunk) {
  RESGUARDO_CHECK(end_log());
  RESGUARDO_CHECK(end_segment());
  RESGUARDO_CHECK(end_report());
  RESGUARDO_CHECK(addition());
  RESGUARDO_TRY(const bool kept, program::at("vault", files_.put(chunk)));
  if (kept) gathered_ += chunk.sealed.size();
  return commit_when_enough();
}

// Whether they open, and with that whether the log fits.
Outcome<Done> Importer::end_files() {
  RESGUARDO_CHECK(addition());
  const bool split = part_.number > 0 || !part_.last;
  RESGUARDO_TRY(const auto came, program::at("vault", files_.settle(split)));
  counts_.new_files = came.opened;
  counts_.known_files = came.known;
  counts_.cut_files = came.not_whole;
  counts_.damaged_files = came.damaged;
  counts_.sealed_files = came.sealed;
  counts_.nobodys_files = came.nobodys;
  for (const ReportId& report : came.reports) RESGUARDO_CHECK(judge_if_here(report));
  return Done{};
}

}  // namespace resguardo::analyst
