// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/report_sealer.h"

#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"

namespace resguardo::intake {
namespace {

TimePoint time_of(std::int64_t milliseconds) {
  return TimePoint{std::chrono::milliseconds(milliseconds)};
}

// d = BLAKE2b-256(d ‖ record digest), from 32 zero bytes (pb::Final).
void run_on(std::string& digest, const Digest& record) {
  if (digest.empty()) digest.assign(32, '\0');
  digest = blake2b({as_bytes(digest), record.view()}).str();
}

SealedFor sealed_for(const Recipients& recipients) {
  return {recipients.roster_digest, recipients.lists_digest, recipients.week};
}

Bytes bytes_of(const std::string& text) {
  return to_bytes(as_bytes(text));
}

}  // namespace

std::uint64_t padded_row_count(std::uint64_t rows) {
  if (rows <= 16) return 16;
  return (rows + 31) / 32 * 32;
}

Result<storage::ReportWrite> ReportSealer::seal(const ReportFrame& frame,
                                                const Recipients& recipients, const SealTurn& turn,
                                                pb::ReportProgress& progress) {
  auto write = seal_all(frame, recipients, turn, progress);
  if (!write.ok()) drop();
  return write;
}

Result<storage::ReportWrite> ReportSealer::seal_all(const ReportFrame& frame,
                                                    const Recipients& recipients,
                                                    const SealTurn& turn,
                                                    pb::ReportProgress& progress) {
  const TimePoint now = turn.stamp.time;
  if (progress.report_id().empty()) {
    drop();  // a writer that is still there is another report's
    progress.set_report_id(ids_->make<ReportId>().str());
  }
  storage::ReportWrite write;
  write.report = *ReportId::from(as_bytes(progress.report_id()));
  write.day = day_of(now);
  write.keep_partial = progress.keep_partial();
  write.only_more = progress.first_segment() > 0;
  if (writer_ && !continues(progress)) drop();
  if (!writer_ || !writer_fits(recipients, progress, now)) {
    if (writer_) RESGUARDO_CHECK(push(pause_records(now, *ids_), true, write, progress));
    RESGUARDO_CHECK(begin_segment(frame, recipients, now, write, progress));
  }
  if (!turn.given->empty())
    RESGUARDO_CHECK(push(records_of(*turn.given, turn.stamp, *ids_), false, write, progress));
  progress.set_last_turn_ms(now.time_since_epoch().count());
  if (turn.close) RESGUARDO_CHECK(close(frame, turn, write, progress));
  return write;
}

// After an exit, or a turn that was never stored, the stream belongs to nothing that is known: it
// is wiped, and not even ended.
bool ReportSealer::continues(const pb::ReportProgress& progress) const {
  if (progress.segments_size() == 0) return false;
  const auto& last = progress.segments(progress.segments_size() - 1);
  return equal(as_bytes(last.header_digest()), writer_->header_digest().view());
}

std::optional<ReportSealer::Parked> ReportSealer::park(const pb::ReportProgress& progress) {
  if (writer_ && !continues(progress)) drop();
  if (!writer_) return std::nullopt;
  auto writer = SegmentWriter::park(std::move(*writer_));
  drop();
  if (!writer) return std::nullopt;
  return Parked{std::move(*writer), sealed_for_, begun_};
}

void ReportSealer::resume(Parked&& parked, const pb::ReportProgress& progress) {
  drop();
  if (progress.segments_size() == 0) return;
  const auto& last = progress.segments(progress.segments_size() - 1);
  const auto digest = Digest::from(as_bytes(last.header_digest()));
  if (!digest) return;
  writer_ = SegmentWriter::resume(std::move(parked.writer), *digest);
  sealed_for_ = parked.sealed_for;
  begun_ = parked.begun;
}

bool ReportSealer::writer_fits(const Recipients& recipients, const pb::ReportProgress& progress,
                               TimePoint now) const {
  return sealed_for(recipients) == sealed_for_ &&
         now - time_of(progress.last_turn_ms()) < kLongestSilence &&
         now - begun_ < kLongestSegment && now >= begun_;
}

Status ReportSealer::begin_segment(const ReportFrame& frame, const Recipients& recipients,
                                   TimePoint now, storage::ReportWrite& write,
                                   pb::ReportProgress& progress) {
  const SegmentSpec spec{write.report, progress.next_segment(), frame.questionnaire};
  RESGUARDO_TRY(auto writer, SegmentWriter::begin(recipients, spec, *slab_, *ids_));
  storage::SegmentWrite segment;
  segment.segment = writer.header_digest();
  segment.index = progress.next_segment();
  segment.header = writer.header();
  segment.week = recipients.week;
  auto* digest = progress.add_segments();
  digest->set_header_digest(segment.segment.str());
  digest->set_chain(SegmentChain::begin(segment.header).digest().str());
  write.segments.push_back(std::move(segment));
  progress.set_next_segment(progress.next_segment() + 1);
  writer.release_header();
  writer_ = std::move(writer);
  sealed_for_ = sealed_for(recipients);
  begun_ = now;
  return success();
}

Status ReportSealer::push(const TurnRecords& records, bool final, storage::ReportWrite& write,
                          pb::ReportProgress& progress) {
  RESGUARDO_TRY(auto sealed, final ? writer_->finish(records) : writer_->seal(records));
  auto* segment = progress.mutable_segments(progress.segments_size() - 1);
  auto chain = SegmentChain::resume(*Digest::from(as_bytes(segment->chain())));
  chain.add(sealed.row);
  segment->set_chain(chain.digest().str());
  run_on(*progress.mutable_testimony_digest(), sealed.testimony_digest);
  run_on(*progress.mutable_identity_digest(), sealed.identity_digest);
  progress.set_rows(progress.rows() + 1);
  write.rows.push_back({writer_->header_digest(), sealed.sequence, std::move(sealed.row)});
  if (final) writer_.reset();
  return success();
}

Status ReportSealer::close(const ReportFrame& frame, const SealTurn& turn,
                           storage::ReportWrite& write, pb::ReportProgress& progress) {
  const TimePoint now = turn.stamp.time;
  const std::uint64_t target = padded_row_count(progress.rows() + 1);
  while (progress.rows() + 1 < target)
    RESGUARDO_CHECK(push(padding_records(now, *ids_), false, write, progress));
  FinalFacts facts;
  facts.rows = progress.rows() + 1;
  facts.segments = progress.next_segment() - progress.first_segment();
  facts.first_segment = progress.first_segment();
  facts.testimony_digest = bytes_of(progress.testimony_digest());
  facts.identity_digest = bytes_of(progress.identity_digest());
  facts.form_id = frame.form_id;
  facts.form_version = frame.form_version;
  facts.channel = frame.channel;
  facts.language = turn.language;
  facts.consent = turn.consent;
  LogFact fact;
  if (turn.receipt != nullptr) {
    facts.mailbox_public_key = turn.receipt->keys.mailbox_public_key;
    fact.withdrawal_key_hash = sha256(turn.receipt->keys.withdrawal_key);
    if (turn.token) fact.replacement_hash = sha256(turn.token->view());
    fact.replacement_token = turn.replaces;
    write.receipt = storage::ReceiptWrite{
        *storage::ReceiptLookup::from(turn.receipt->keys.lookup.view()),
        turn.receipt->keys.wrapped_mailbox, turn.receipt->keys.withdrawal_key};
  }
  RESGUARDO_CHECK(push(final_records(facts, now, *ids_), true, write, progress));
  fact.kind = progress.first_segment() > 0 ? LogKind::kAddendum : LogKind::kReport;
  fact.id = to_bytes(write.report.view());
  fact.day = day_of(now);
  std::vector<Digest> chains;
  for (const auto& segment : progress.segments())
    chains.push_back(*Digest::from(as_bytes(segment.chain())));
  fact.digest = report_digest(chains);
  write.log_entries.push_back(make_log_entry(fact, *ids_));
  write.change = storage::ReportChange::kClose;
  return success();
}

}  // namespace resguardo::intake
