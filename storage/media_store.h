// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"
#include "crypto/format/media_layout.h"

namespace resguardo::storage {

// A file that a turn has taken and that nobody has fetched yet.
struct PendingMedia {
  MediaId media;
  ReportId report;
  Day day;          // of the turn
  Bytes reference;  // exact bytes of pb::PendingMedia
};

// What is written of a file that was kept, with the addendum that brings it.
struct MediaWrite {
  MediaId media;
  std::uint64_t bytes = 0;  // of the sealed file
  Digest ciphertext;        // SHA-256 of all of them
};

// A sealed file of a closed report.
struct StoredMedia {
  MediaId media;
  ReportId report;
  std::uint64_t bytes = 0;
  Digest ciphertext;
};

// Why an addendum is kUnavailable whose report closed, and is being added to: it waits until that
// has ended, and nothing is wrong.
constexpr Error kReportOpenAgain = {Fault::kUnavailable, "the report is open again"};

// A sealed file on its way to the disk. Hold it until the turn that names it has been recorded:
// until then nothing else says that it is wanted. After a failure every call fails. One thread.
class MediaFile {
 public:
  // What was not kept is thrown away. What was kept and is named by no turn goes at the next sweep.
  virtual ~MediaFile() = default;
  virtual Status write(ByteView sealed) = 0;
  // It is whole, has its name, and is on disk; its time says the day. Once, after the last write().
  virtual Status keep() = 0;
};

// Files that reporters sent (protocol.md §3.9): ciphertext, one file each, beside the databases.
// Thread-safe; never call it from a completion.
class MediaStore {
 public:
  virtual ~MediaStore() = default;

  // What waits to be fetched, of open and of closed reports, with all turns that were recorded
  // before the call. In no order.
  virtual Result<std::vector<PendingMedia>> pending_media() = 0;
  // Begins the file. `today` is all that its time will say. kConflict: it is there, named by a
  // turn, or somebody is writing it. One that was left over goes.
  virtual Result<std::unique_ptr<MediaFile>> begin_media(const MediaId& id, Day today) = 0;

  // Of a closed report; of others nothing. May wait for the writer.
  virtual Result<std::vector<StoredMedia>> media(const ReportId& report) = 0;
  // Its sealed chunks, in order, from 0; one at a time in memory. An error of the visitor is
  // returned as it is. kNotFound: there is no such file. Nobody checks here what the bytes are.
  using ChunkVisitor = std::function<Status(std::uint64_t index, ByteView sealed)>;
  virtual Status media_chunks(const MediaId& id, const ChunkVisitor& visit) = 0;

  // Throws away every file that no turn names and nobody is writing; says how many. Also done when
  // a store is opened.
  virtual Result<std::size_t> sweep_media() = 0;
};

}  // namespace resguardo::storage
