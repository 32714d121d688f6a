// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/file_intake.h"

#include "crypto/open/record_parser.h"

namespace resguardo::analyst {

Status FileIntake::note_record(const StoredSegment& addendum, StreamId stream,
                               const SecretBuffer& record) {
  if (record.empty()) return success();
  const auto said = open::parse_record(record);
  if (!said.ok()) return success();  // shown as none when the report is read
  for (const pb::Entry& entry : said->entries()) {
    const pb::Media& media = entry.media();
    const auto file = MediaId::from(as_bytes(media.media_id()));
    if (!entry.has_media() || !file || addendum_index(*file) != addendum.index) continue;
    if (brought_ == addendum.digest) break;
    brought_ = addendum.digest;
    if (media.key().empty() && !media.lost()) continue;
    RESGUARDO_CHECK(
        media_.note_record(addendum.digest, *file, stream, media.chunks(), media.lost()));
  }
  return success();
}

Result<bool> FileIntake::begin(const MediaId& file) {
  RESGUARDO_TRY(const FileState state, media_.begin(file));
  RESGUARDO_TRY(announced_, media_.announced(file));
  if (state == FileState::kOpens) {
    known_.insert(file);
    return false;
  }
  came_.insert(file);
  RESGUARDO_CHECK(media_.changed(file));
  return true;
}

Result<bool> FileIntake::put(const WalkedChunk& chunk) {
  if (current_ != chunk.file) {
    RESGUARDO_TRY(wanted_, begin(chunk.file));
    current_ = chunk.file;
  }
  // More than the file has: they open nothing.
  if (!wanted_ || (announced_ && chunk.number >= *announced_)) return false;
  RESGUARDO_CHECK(media_.put_chunk(chunk.file, chunk.number, chunk.sealed));
  return true;
}

Status FileIntake::settle(const MediaId& file, bool came_now, bool split, Came& came) {
  RESGUARDO_TRY(const auto reports, media_.reports_of(file));
  if (reports.empty() && !split) {
    ++came.nobodys;
    return media_.forget(file);
  }
  RESGUARDO_TRY(const FileState state, media_.settle(file));
  RESGUARDO_TRY(const auto announced, media_.announced(file));
  if (state == FileState::kOpens)
    ++came.opened;
  else if (state == FileState::kDamaged)
    came.damaged += came_now ? 1 : 0;
  else if (announced)
    came.not_whole += came_now ? 1 : 0;
  else
    came.sealed += came_now ? 1 : 0;
  came.reports.insert(reports.begin(), reports.end());
  return success();
}

Result<FileIntake::Came> FileIntake::settle(bool split) {
  Came came;
  came.known = known_.size();
  RESGUARDO_TRY(const auto unsettled, media_.unsettled());
  std::set<MediaId> files(unsettled.begin(), unsettled.end());
  files.insert(came_.begin(), came_.end());
  for (const MediaId& file : files)
    RESGUARDO_CHECK(settle(file, came_.contains(file), split, came));
  return came;
}

}  // namespace resguardo::analyst
