// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>

#include "bot/media/waiting_file.h"
#include "crypto/base/locked_slab.h"
#include "crypto/base/random.h"
#include "crypto/seal/media_writer.h"
#include "crypto/seal/roster.h"
#include "storage/store.h"

namespace resguardo::media {

// Seals what brings a fetched file to its report: a segment of its own with one row (docs/adr/151),
// in the stream that its placeholder is in; nothing: that the file cannot be had any more. The same
// file has the same index each time. Thread-safe.
class AddendumSealer {
 public:
  // kUnavailable: no locked memory.
  static Result<std::unique_ptr<AddendumSealer>> create(
      RandomSource& ids, LockedSlab::Locking locking = LockedSlab::Locking::kRequired);
  static std::size_t locked_bytes();
  // The key is in nothing else afterwards: let `sealed` go.
  Result<storage::ReportWrite> seal(const WaitingFile& file, const SealedMedia* sealed,
                                    const Recipients& recipients, TimePoint now);

 private:
  AddendumSealer(std::unique_ptr<LockedSlab> slab, RandomSource& ids)
      : slab_(std::move(slab)), ids_(ids) {}
  std::unique_ptr<LockedSlab> slab_;
  RandomSource& ids_;
};

}  // namespace resguardo::media
