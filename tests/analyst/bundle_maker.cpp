// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/analyst/bundle_maker.h"

#include <sstream>
#include <stdexcept>

#include "crypto/base/hash.h"
#include "crypto/format/bundle.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/segment_chain.h"
#include "crypto/seal/media_writer.h"
#include "crypto/seal/segment_writer.h"
#include "tests/support/must.h"

namespace resguardo::testing_support {
namespace {

pb::Entry padding() {
  pb::Entry entry;
  entry.mutable_padding();
  return entry;
}

}  // namespace

pb::Entry answer_entry(const std::string& node, const std::string& text,
                       const std::vector<std::string>& codes) {
  pb::Entry entry;
  entry.mutable_answer()->set_node(node);
  entry.mutable_answer()->set_language("es");
  entry.mutable_answer()->set_text(text);
  for (const std::string& code : codes) entry.mutable_answer()->add_codes(code);
  return entry;
}

ScriptTurn say(const std::string& node, const std::string& text,
               const std::vector<std::string>& codes) {
  return {{answer_entry(node, text, codes)}, {}, ""};
}

MediaId media_id(std::uint8_t fill) {
  MediaId id;
  id.bytes.fill(fill);
  return id;
}

pb::Entry sent_entry(const MediaId& file, const std::string& node, const std::string& caption) {
  pb::Entry entry;
  entry.mutable_media()->set_media_id(file.str());
  entry.mutable_media()->set_node(node);
  entry.mutable_media()->set_caption(caption);
  return entry;
}

BundleMaker::BundleMaker(VerifiedRoster roster, std::string form, TimePoint now, std::uint64_t seed)
    : roster_(std::move(roster)),
      form_(std::move(form)),
      form_digest_(blake2b(as_bytes(form_))),
      now_(now),
      ids_(seed),
      slab_(must(LockedSlab::create(SegmentWriter::cell_size(), 4))) {}

Bytes BundleMaker::record(const std::vector<pb::Entry>& entries, const std::string& message) {
  pb::Record record;
  record.set_salt(ids_.make<ReportId>().str());
  record.set_time_ms(now_.time_since_epoch().count());
  record.set_message_id(message);
  for (const pb::Entry& entry : entries) *record.add_entries() = entry;
  if (entries.empty()) *record.add_entries() = padding();
  return serialize_canonical(record);
}

Digest BundleMaker::seal(const ReportId& report, std::uint32_t index, const ScriptSegment& segment,
                         const pb::Final* final) {
  const Recipients recipients = must(roster_.recipients(week_of(now_)));
  auto writer = must(SegmentWriter::begin(recipients, {report, index, form_digest_}, *slab_, ids_));
  SegmentChain chain = SegmentChain::begin(writer.header());
  const std::size_t at = segments_.size();
  segments_.emplace_back();
  for (std::size_t i = 0; i < segment.turns.size(); ++i) {
    ScriptTurn turn = segment.turns[i];
    const bool last = i + 1 == segment.turns.size();
    if (last && final != nullptr) {
      pb::Entry entry;
      *entry.mutable_final() = *final;
      entry.mutable_final()->set_rows(rows_ + 1);
      entry.mutable_final()->set_testimony_digest(testimony_.str());
      entry.mutable_final()->set_identity_digest(identity_.str());
      turn.testimony.push_back(entry);
    }
    const TurnRecords records{SecretBuffer(record(turn.testimony, turn.message)),
                              SecretBuffer(record(turn.identity, turn.message))};
    const auto sealed =
        must(last && segment.finished ? writer.finish(records) : writer.seal(records));
    testimony_ = blake2b({testimony_.view(), sealed.testimony_digest.view()});
    identity_ = blake2b({identity_.view(), sealed.identity_digest.view()});
    ++rows_;
    chain.add(sealed.row);
    segments_.emplace_back().mutable_row()->set_row(to_string(sealed.row));
  }
  pb::BundleSegment& sent = *segments_[at].mutable_segment();
  sent.set_header(to_string(writer.header()));
  sent.set_rows(segment.turns.size());
  sent.set_day(day_of(now_).number);
  sent.set_closed(segment.finished);
  return chain.digest();
}

ReportId BundleMaker::add(const ScriptReport& report) {
  const auto id = ids_.make<ReportId>();
  testimony_ = identity_ = Digest{};
  rows_ = 0;
  std::vector<Digest> chains;
  pb::Final final;
  final.set_form_id("small");
  final.set_form_version("1.0.0");
  final.set_language("es");
  for (const std::string& purpose : report.consent.value_or(std::vector<std::string>{"research"}))
    final.add_consent(purpose);
  final.set_mailbox_public_key(report.mailbox);
  final.set_segments(static_cast<std::uint32_t>(report.segments.size()));
  for (std::size_t i = 0; i < report.segments.size(); ++i) {
    const bool last = i + 1 == report.segments.size();
    chains.push_back(seal(id, static_cast<std::uint32_t>(i), report.segments[i],
                          last && report.complete ? &final : nullptr));
  }
  if (report.logged)
    log_.push_back(make_log_entry(
        {report.complete ? LogKind::kReport : LogKind::kIncomplete,
         to_bytes(id.view()),
         report_digest(chains),
         day_of(now_),
         report.complete ? std::optional(report.key_hash.value_or(Digest{})) : std::nullopt,
         {}},
        ids_));
  return id;
}

void BundleMaker::add_segment(const ReportId& report, std::uint32_t index,
                              const ScriptSegment& segment) {
  seal(report, index, segment, nullptr);
}

void BundleMaker::add_file(const ReportId& report, const MediaId& file, const ScriptFile& script) {
  pb::Entry entry = sent_entry(file, "evidence");
  pb::Media& media = *entry.mutable_media();
  media.set_mime(script.mime);
  media.set_file_name(script.file_name);
  media.set_lost(script.lost);
  std::vector<Digest> ciphertext;
  if (!script.lost) {
    std::uint32_t number = 0;
    auto writer = must(MediaWriter::begin(file, [&](ByteView sealed) {
      pb::BundleMediaChunk& chunk = *chunks_.emplace_back().mutable_media_chunk();
      chunk.set_media_id(file.str());
      chunk.set_index(number++);
      chunk.set_ciphertext(to_string(sealed));
      return success();
    }));
    must(writer.write(as_bytes(script.content)));
    const SealedMedia sealed = must(writer.finish());
    media.set_key(sealed.key.read([](ByteView key) { return to_string(key); }));
    media.set_header(to_string(sealed.header));
    media.set_length(sealed.length);
    media.set_padded_length(sealed.padded_length);
    media.set_chunks(static_cast<std::uint32_t>(sealed.chunks));
    media.set_sha256(sealed.original.str());
    ciphertext.push_back(sealed.ciphertext);
  }
  ScriptTurn turn{{entry}, {}, ""};
  if (script.identity) std::swap(turn.testimony, turn.identity);
  const Digest chain = seal(report, addendum_index(file), {{turn}, true}, nullptr);
  if (script.logged)
    log_.push_back(make_log_entry({LogKind::kAddendum,
                                   to_bytes(report.view()),
                                   report_digest(std::vector{chain}, ciphertext),
                                   day_of(now_),
                                   std::nullopt,
                                   {}},
                                  ids_));
}

void BundleMaker::forge_addendum(const ReportId& report, std::uint32_t index,
                                 const std::vector<pb::Entry>& testimony) {
  segments_.resize(segments_.size() - 2);  // its segment and its row
  chunks_.clear();
  add_segment(report, index, {{{testimony, {}, ""}}, true});
}

std::vector<pb::BundleFrame> BundleMaker::frames() const {
  std::vector<pb::BundleFrame> frames(3);
  pb::BundleHeader& header = *frames[0].mutable_header();
  header.set_format(1);
  header.set_log_origin("example.org/resguardo");
  header.set_day(day_of(now_).number);
  header.set_bundle_id(std::string(16, 'b'));
  auto file = must(parse_strict<pb::RosterFile>(roster_.file()));
  *frames[1].mutable_roster()->mutable_file() = std::move(file);
  frames[2].mutable_questionnaire()->set_form(form_);
  frames[2].mutable_questionnaire()->set_digest(form_digest_.str());
  for (const Bytes& logged : log_) {
    pb::BundleLogEntry& entry = *frames.emplace_back().mutable_log_entry();
    entry.set_pending(true);
    entry.set_entry(to_string(logged));
  }
  frames.insert(frames.end(), segments_.begin(), segments_.end());
  frames.insert(frames.end(), chunks_.begin(), chunks_.end());
  return frames;
}

std::string BundleMaker::bytes() const {
  return write_bundle(frames());
}

std::string write_bundle(const std::vector<pb::BundleFrame>& frames, bool last_part) {
  std::ostringstream out;
  BundleWriter writer(out);
  for (const pb::BundleFrame& frame : frames) must(writer.write(frame));
  must(writer.finish(last_part));
  return out.str();
}

std::vector<std::string> write_parts(const std::vector<pb::BundleFrame>& frames,
                                     std::size_t segments_each) {
  std::vector<pb::BundleFrame> before;
  std::vector<std::vector<pb::BundleFrame>> parts;
  std::size_t segments = 0;
  for (const pb::BundleFrame& frame : frames) {
    if (!frame.has_segment() && !frame.has_row() && !frame.has_media_chunk()) {
      before.push_back(frame);
      continue;
    }
    if (frame.has_segment() && segments++ % segments_each == 0) {
      before.at(0).mutable_header()->set_part(static_cast<std::uint32_t>(parts.size()));
      parts.push_back(before);
    }
    parts.back().push_back(frame);
  }
  std::vector<std::string> files;
  for (std::size_t i = 0; i < parts.size(); ++i)
    files.push_back(write_bundle(parts[i], i + 1 == parts.size()));
  return files;
}

}  // namespace resguardo::testing_support
