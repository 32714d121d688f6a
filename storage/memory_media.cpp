// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/memory_media.h"

#include <algorithm>
#include <utility>

#include "storage/addendum.h"

namespace resguardo::storage {

class MemoryMedia::File final : public MediaFile {
 public:
  File(MemoryMedia& media, const MediaId& id) : media_(media), id_(id) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() override {
    const std::lock_guard lock(media_.mutex_);
    media_.writing_.erase(id_);
  }
  Status write(ByteView sealed) override {
    if (kept_) return kOver;
    bytes_.insert(bytes_.end(), sealed.begin(), sealed.end());
    return success();
  }
  Status keep() override {
    if (std::exchange(kept_, true)) return kOver;
    const std::lock_guard lock(media_.mutex_);
    media_.files_.insert_or_assign(id_, std::move(bytes_));
    return success();
  }

 private:
  static constexpr Error kOver = {Fault::kRefused, "the file was kept already"};
  MemoryMedia& media_;
  const MediaId id_;
  Bytes bytes_;
  bool kept_ = false;
};

Status MemoryMedia::check(const Turn& turn) const {
  const std::lock_guard lock(mutex_);
  if (!turn.report || turn.report->change == ReportChange::kErase) return success();
  std::set<MediaId> taken;
  for (const auto& one : turn.pending_media)
    if (known_.contains(one.media) || !taken.insert(one.media).second) return kMediaThere;
  const ReportWrite& write = *turn.report;
  if (write.settles) {
    const auto at = known_.find(*write.settles);
    const bool waits = at != known_.end() && at->second.reference;
    if (!waits || at->second.report != write.report) return kMediaNotWaiting;
  }
  if (!write.media) return success();
  const auto file = files_.find(write.media->media);
  const bool kept = file != files_.end() && file->second.size() == write.media->bytes;
  return kept ? success() : Status(kMediaNotKept);
}

void MemoryMedia::take(const Turn& turn) {
  const std::lock_guard lock(mutex_);
  for (const auto& one : turn.pending_media)
    known_.emplace(one.media, Known{turn.report->report,
                                    turn.report->day,
                                    one.reference,
                                    {},
                                    turn.report->change == ReportChange::kClose});
}

void MemoryMedia::settle(const ReportWrite& write) {
  if (!write.settles) return;
  const std::lock_guard lock(mutex_);
  if (!write.media) {
    known_.erase(*write.settles);
    return;
  }
  Known& known = known_.at(*write.settles);
  known.reference.reset();
  known.file = write.media;
}

void MemoryMedia::close(const ReportId& report) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, known] : known_)
    if (known.report == report) known.closed = true;
}

template <class Condition>
void MemoryMedia::remove_if(Condition condition) {
  const std::lock_guard lock(mutex_);
  std::erase_if(known_, [&](const auto& one) {
    if (!condition(one.second)) return false;
    if (one.second.file) files_.erase(one.first);
    return true;
  });
}

void MemoryMedia::erase_open(const ReportId& report) {
  remove_if([&](const Known& known) { return known.report == report && !known.closed; });
}

void MemoryMedia::erase(const ReportId& report) {
  remove_if([&](const Known& known) { return known.report == report; });
}

std::vector<PendingMedia> MemoryMedia::pending() const {
  const std::lock_guard lock(mutex_);
  std::vector<PendingMedia> all;
  for (const auto& [id, known] : known_)
    if (known.reference) all.push_back({id, known.report, known.day, *known.reference});
  return all;
}

std::vector<StoredMedia> MemoryMedia::closed(const ReportId& report) const {
  const std::lock_guard lock(mutex_);
  std::vector<StoredMedia> all;
  for (const auto& [id, known] : known_)
    if (known.report == report && known.closed && known.file)
      all.push_back({id, report, known.file->bytes, known.file->ciphertext});
  return all;
}

Result<std::unique_ptr<MediaFile>> MemoryMedia::begin(const MediaId& id) {
  const std::lock_guard lock(mutex_);
  const auto at = known_.find(id);
  if ((at != known_.end() && at->second.file) || !writing_.insert(id).second) return kMediaThere;
  files_.erase(id);
  return std::unique_ptr<MediaFile>(std::make_unique<File>(*this, id));
}

Status MemoryMedia::chunks(const MediaId& id, const MediaStore::ChunkVisitor& visit) const {
  Bytes all;
  {
    const std::lock_guard lock(mutex_);
    const auto at = files_.find(id);
    if (at == files_.end()) return Error{Fault::kNotFound, "there is no such file"};
    all = at->second;
  }
  std::uint64_t index = 0;
  for (ByteView rest(all); !rest.empty(); ++index) {
    const auto chunk = rest.first(std::min(rest.size(), kMediaChunk + kMediaChunkOverhead));
    RESGUARDO_CHECK(visit(index, chunk));
    rest = rest.subspan(chunk.size());
  }
  return success();
}

std::size_t MemoryMedia::sweep() {
  const std::lock_guard lock(mutex_);
  return std::erase_if(files_, [&](const auto& file) {
    const auto at = known_.find(file.first);
    return !writing_.contains(file.first) && (at == known_.end() || !at->second.file);
  });
}

}  // namespace resguardo::storage
