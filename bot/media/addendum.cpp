// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/media/addendum.h"

#include <array>
#include <utility>
#include <vector>

#include "crypto/format/media_layout.h"
#include "crypto/format/record_writer.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "crypto/seal/segment_writer.h"
#include "proto/record.pb.h"

namespace resguardo::media {
namespace {

constexpr std::size_t kAddendaAtOnce = 16;

WireWriter entry_of(const WaitingFile& file, const SealedMedia* sealed) {
  WireWriter media;
  media.bytes(pb::Media::kMediaIdFieldNumber, file.media.view());
  if (sealed != nullptr) {
    sealed->key.read([&](ByteView key) { media.bytes(pb::Media::kKeyFieldNumber, key); });
    media.bytes(pb::Media::kHeaderFieldNumber, sealed->header);
    media.varint(pb::Media::kLengthFieldNumber, sealed->length);
    media.varint(pb::Media::kPaddedLengthFieldNumber, sealed->padded_length);
    media.varint(pb::Media::kChunksFieldNumber, sealed->chunks);
    media.bytes(pb::Media::kSha256FieldNumber, sealed->original.view());
  }
  media.text(pb::Media::kMimeFieldNumber, file.mime);
  media.text(pb::Media::kNodeFieldNumber, file.node);
  if (!file.instance.empty()) media.packed(pb::Media::kInstanceFieldNumber, file.instance);
  media.text(pb::Media::kFileNameFieldNumber, file.file_name);
  media.varint(pb::Media::kForwardedFieldNumber, file.forwarded ? 1 : 0);
  media.varint(pb::Media::kLostFieldNumber, sealed == nullptr ? 1 : 0);
  media.varint(pb::Media::kVoiceFieldNumber, file.voice ? 1 : 0);
  return media;
}

RecordWriter begin_record(TimePoint now, RandomSource& salts) {
  std::array<std::uint8_t, 16> salt{};
  salts.fill(salt);
  return {salt, now, {}};
}

TurnRecords records_of(const WaitingFile& file, const SealedMedia* sealed, TimePoint now,
                       RandomSource& salts) {
  RecordWriter testimony = begin_record(now, salts);
  RecordWriter identity = begin_record(now, salts);
  (file.identity ? identity : testimony)
      .entry(pb::Entry::kMediaFieldNumber, entry_of(file, sealed));
  return {testimony.finish(), identity.finish()};
}

std::uint64_t sealed_bytes(const SealedMedia& sealed) {
  return sealed.padded_length + sealed.chunks * kMediaChunkOverhead;
}

}  // namespace

Result<std::unique_ptr<AddendumSealer>> AddendumSealer::create(RandomSource& ids,
                                                               LockedSlab::Locking locking) {
  RESGUARDO_TRY(auto slab, LockedSlab::create(SegmentWriter::cell_size(), kAddendaAtOnce, locking));
  return std::unique_ptr<AddendumSealer>(new AddendumSealer(std::move(slab), ids));
}

std::size_t AddendumSealer::locked_bytes() {
  return LockedSlab::size_of(SegmentWriter::cell_size(), kAddendaAtOnce);
}

Result<storage::ReportWrite> AddendumSealer::seal(const WaitingFile& file,
                                                  const SealedMedia* sealed,
                                                  const Recipients& recipients, TimePoint now) {
  const SegmentSpec spec{file.report, addendum_index(file.media), file.questionnaire};
  RESGUARDO_TRY(auto writer, SegmentWriter::begin(recipients, spec, *slab_, ids_));
  RESGUARDO_TRY(auto row, writer.finish(records_of(file, sealed, now, ids_)));
  storage::ReportWrite write;
  write.report = file.report;
  write.day = day_of(now);
  write.change = storage::ReportChange::kAddendum;
  write.settles = file.media;
  auto chain = SegmentChain::begin(writer.header());
  chain.add(row.row);
  LogFact fact;
  fact.kind = LogKind::kAddendum;
  fact.id = to_bytes(file.report.view());
  const std::array chains = {chain.digest()};
  if (sealed != nullptr) {
    write.media = storage::MediaWrite{file.media, sealed_bytes(*sealed), sealed->ciphertext};
    fact.digest = report_digest(chains, std::array{sealed->ciphertext});
  } else {
    fact.digest = report_digest(chains);
  }
  write.log_entries.push_back(make_log_entry(fact, ids_));
  write.segments.push_back({writer.header_digest(), spec.index, writer.header(), recipients.week});
  write.rows.push_back({writer.header_digest(), row.sequence, std::move(row.row)});
  return write;
}

}  // namespace resguardo::media
