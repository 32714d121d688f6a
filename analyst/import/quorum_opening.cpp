// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/quorum_opening.h"

#include <algorithm>

#include "analyst/import/file_intake.h"
#include "analyst/vault/vault_quorum.h"

namespace resguardo::analyst {

Result<std::vector<open::QuorumItem>> sealed_streams(Vault& vault, const ReportId& report) {
  RESGUARDO_TRY(const auto segments, vault.segments(report));
  std::vector<open::QuorumItem> items;
  for (const StoredSegment& segment : segments)
    for (const StreamId stream : kStreams)
      if ((segment.quorum & ~segment.combined & stream_bit(stream)) != 0)
        items.push_back({segment.digest, stream});
  std::ranges::sort(items);
  return items;
}

Result<open::QuorumStream> quorum_stream(Vault& vault, const open::QuorumItem& item) {
  RESGUARDO_TRY(const auto sealed, vault.sealed(item.segment));
  return open::QuorumStream::of(sealed.header, item.stream);
}

namespace {

Result<StoredSegment> stored_segment(Vault& vault, const Bytes& header, const Digest& name) {
  RESGUARDO_TRY(const auto claims, open::read_claims(header));
  RESGUARDO_TRY(const auto segments, vault.segments(claims.report));
  const auto found = std::ranges::find(segments, name, &StoredSegment::digest);
  if (found == segments.end()) return Error{Fault::kNotFound, "the vault holds no such segment"};
  return *found;
}

}  // namespace

Result<StreamOpened> open_stream(Vault& vault, Vault::Addition& into, const open::QuorumItem& item,
                                 const SecretBytes& key, const open::AnalystKeys& keys) {
  RESGUARDO_TRY(const auto sealed, vault.sealed(item.segment));
  RESGUARDO_TRY(const auto segment, stored_segment(vault, sealed.header, item.segment));
  VaultQuorum quorum(vault);
  RESGUARDO_CHECK(quorum.keep_key(item.segment, item.stream, key));
  open::StreamKeys combined{};
  combined.at(static_cast<std::size_t>(item.stream)) = &key;
  // Nobody's keys beside it: what else they open is here, and their week may be retired.
  const open::AnalystKeys nobody(MemberId{}, open::SecretKey<AnalystRole>::generate().value());
  RESGUARDO_TRY(auto reader, open::SegmentReader::begin(sealed.header, nobody, combined));
  FileIntake files(vault);
  StreamOpened opened{0, sealed.rows.size()};
  bool final = false;
  for (const Bytes& row : sealed.rows) {
    const auto record = reader.next(row);
    if (!record.ok()) break;
    const SecretBuffer& content =
        item.stream == StreamId::kTestimony ? record->testimony : record->identity;
    RESGUARDO_CHECK(into.add_record(item.segment, opened.rows, item.stream, content.view()));
    if (segment.index >= kFirstAddendum)
      RESGUARDO_CHECK(files.note_record(segment, item.stream, content));
    ++opened.rows;
    final = record->final;
  }
  RESGUARDO_CHECK(into.end_rows());
  RESGUARDO_CHECK(quorum.note_opened(item.segment, item.stream, keys.member(), opened.rows, final));
  if (segment.index < kFirstAddendum) return opened;
  const auto came = files.settle(true);
  if (!came.ok()) return came.error();
  return opened;
}

}  // namespace resguardo::analyst
