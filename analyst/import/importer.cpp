// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/importer.h"

#include "analyst/import/log_check.h"
#include "proto/log.pb.h"

namespace resguardo::analyst {

using program::Outcome;
using program::Problem;

Outcome<Done> Importer::into_vault(Status status) const {
  return program::at("vault", std::move(status));
}

Outcome<ImportCounts> Importer::run(const std::filesystem::path& file,
                                    const std::optional<Damage>& damage) {
  file_ = file.string();
  RESGUARDO_TRY(const auto found, walk_bundle(file, *this));
  if (found.has_value() != damage.has_value() ||
      (found && found->place.offset != damage->place.offset))
    return Problem{file_, "changed while it was read", "copy it and try again",
                   program::ExitCode::kFailed};
  RESGUARDO_CHECK(end_segment());
  RESGUARDO_CHECK(end_report());
  RESGUARDO_CHECK(judge_reports());
  counts_.reports = touched_.size();
  return counts_;
}

Outcome<Done> Importer::header(const pb::BundleHeader& header) {
  origin_ = header.log_origin();
  return into_vault(vault_.note_bundle(as_bytes(header.bundle_id()), header.part(),
                                       Day{static_cast<std::int32_t>(header.day())}, origin_));
}

Outcome<Done> Importer::roster(ByteView file) {
  for (const RosterShelf::Entry& entry : shelf_.entries())
    if (equal(entry.roster.file(), file))
      return into_vault(vault_.add_roster({entry.number, entry.digest, to_bytes(file)}));
  return Problem{file_, "holds a roster that was not checked", "", program::ExitCode::kFailed};
}

Outcome<Done> Importer::questionnaire(ByteView form, const Digest& digest) {
  return into_vault(vault_.add_form(digest, form));
}

Outcome<Done> Importer::begin_report(const ReportId& report, Day day) {
  if (addition_ && report_ == report) return Done{};
  RESGUARDO_CHECK(end_report());
  auto begun = vault_.begin(report, day);
  if (!begun.ok()) return program::problem(begun.error(), "vault");
  addition_.emplace(std::move(begun).value());
  report_ = report;
  touched_.insert(report);
  return Done{};
}

Outcome<Done> Importer::segment(const WalkedSegment& walked) {
  RESGUARDO_CHECK(end_segment());
  auto reader = open::SegmentReader::begin(as_bytes(walked.sent.header()), keys_);
  if (!reader.ok() && reader.error().fault == Fault::kNotFound) {
    ++counts_.not_for_these_keys;
    return Done{};
  }
  const Day day{static_cast<std::int32_t>(walked.sent.day())};
  RESGUARDO_CHECK(begin_report(walked.claims.report, day));
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
  RESGUARDO_CHECK(into_vault(addition_->begin_segment(segment, as_bytes(walked.sent.header()))));
  segment_ = std::move(segment);
  if (reader.ok()) reader_.emplace(std::move(reader).value());
  chain_ = SegmentChain::begin(as_bytes(walked.sent.header()));
  return Done{};
}

Outcome<Done> Importer::row(ByteView row) {
  if (!segment_) return Done{};
  chain_->add(row);
  if (!reader_) return Done{};
  const auto opened = reader_->next(row);
  if (!opened.ok()) {
    reader_.reset();  // the rest of the segment cannot be opened
    return Done{};
  }
  const auto put = [&](StreamId stream, const SecretBuffer& content) -> Status {
    if (content.empty()) return success();
    return addition_->add_record(segment_->digest, segment_->opened, stream, content.view());
  };
  RESGUARDO_CHECK(into_vault(put(StreamId::kTestimony, opened->testimony)));
  RESGUARDO_CHECK(into_vault(put(StreamId::kIdentity, opened->identity)));
  ++segment_->opened;
  ++counts_.rows;
  segment_->final = opened->final;
  return Done{};
}

Outcome<Done> Importer::end_segment() {
  if (!segment_) return Done{};
  segment_->chain = to_bytes(chain_->digest().view());
  if (segment_->opened < segment_->rows) ++counts_.unreadable_segments;
  const auto fate = addition_->end_segment(*segment_);
  segment_.reset();
  reader_.reset();
  if (!fate.ok()) return program::problem(fate.error(), "vault");
  switch (*fate) {
    case SegmentFate::kNew:
      ++counts_.new_segments;
      break;
    case SegmentFate::kExtended:
      ++counts_.more_of_segments;
      break;
    case SegmentFate::kKnown:
      ++counts_.known_segments;
      break;
  }
  return Done{};
}

Outcome<Done> Importer::end_report() {
  if (!addition_) return Done{};
  auto committed = into_vault(addition_->commit());
  addition_.reset();
  return committed;
}

Outcome<Done> Importer::log_entry(const pb::BundleLogEntry& entry) {
  RESGUARDO_CHECK(end_segment());
  RESGUARDO_CHECK(end_report());
  const auto fact = parse_log_entry(as_bytes(entry.entry()));
  if (!fact.ok()) return program::problem(fact.error(), file_);
  const bool concerns = concerns_report(*fact);
  return program::at(
      file_,
      vault_.add_log_entry(origin_, {entry.index(), to_bytes(as_bytes(entry.entry()))},
                           concerns ? ByteView(fact->id) : ByteView()),
      "the server changed its log: keep both bundles and tell your colleagues");
}

Outcome<Done> Importer::judge_reports() {
  for (const ReportId& report : touched_) {
    RESGUARDO_TRY(const auto rows, program::at("vault", vault_.log_entries(report)));
    RESGUARDO_TRY(const auto segments, program::at("vault", vault_.segments(report)));
    std::vector<LogFact> facts;
    for (const auto& row : rows)
      if (auto fact = parse_log_entry(row.entry); fact.ok())
        facts.push_back(std::move(fact).value());
    std::vector<Digest> chains;
    for (const StoredSegment& segment : segments)
      if (const auto chain = Digest::from(segment.chain)) chains.push_back(*chain);
    const LogFinding finding = check_log(facts, chains);
    RESGUARDO_CHECK(
        into_vault(vault_.set_verdict(report, finding.verdict, finding.withdrawal_claimed)));
  }
  return Done{};
}

}  // namespace resguardo::analyst
