// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "storage/media_store.h"
#include "storage/store.h"

namespace resguardo::storage {

// The files of a store in memory, and what is known of them. Thread-safe.
class MemoryMedia {
 public:
  // Whether a turn that check_media_parts() has let pass fits what is there.
  Status check(const Turn& turn) const;

  void take(const Turn& turn);            // what it takes begins to wait
  void settle(const ReportWrite& write);  // an addendum's
  void close(const ReportId& report);
  void erase_open(const ReportId& report);  // what came since it was last closed
  void erase(const ReportId& report);

  std::vector<PendingMedia> pending() const;
  std::vector<StoredMedia> closed(const ReportId& report) const;
  Result<std::unique_ptr<MediaFile>> begin(const MediaId& id);
  Status chunks(const MediaId& id, const MediaStore::ChunkVisitor& visit) const;
  std::size_t sweep();

 private:
  struct Known {
    ReportId report;
    Day day;
    std::optional<Bytes> reference;  // while it waits
    std::optional<MediaWrite> file;
    bool closed = false;
  };
  class File;
  template <class Condition>
  void remove_if(Condition condition);

  mutable std::mutex mutex_;
  std::map<MediaId, Known> known_;
  std::map<MediaId, Bytes> files_;
  std::set<MediaId> writing_;
};

}  // namespace resguardo::storage
