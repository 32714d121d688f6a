// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "crypto/base/locked_slab.h"
#include "crypto/base/secret_bytes.h"

// Inside crypto/open only.
namespace resguardo::open {

// Where a reader's stream states are. A segment is read in a moment and the next one follows, so
// they lie in a slab, locked and wiped like the writer's: to open and close pages of their own for
// each row cost more than the row (docs/adr/173). Where the slab is full, or cannot be locked, they
// have pages of their own.
class ReaderMemory {
 public:
  static constexpr std::size_t kSize = 208;
  static Result<ReaderMemory> allocate();  // zeros

  template <class Use>
  decltype(auto) write(Use&& use) {
    return pages_ ? pages_->write(std::forward<Use>(use)) : std::forward<Use>(use)(cell_.bytes());
  }

 private:
  explicit ReaderMemory(LockedSlab::Cell cell) : cell_(std::move(cell)) {}
  explicit ReaderMemory(SecretBytes pages) : pages_(std::move(pages)) {}
  LockedSlab::Cell cell_;
  std::optional<SecretBytes> pages_;  // instead
};

}  // namespace resguardo::open
