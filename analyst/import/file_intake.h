// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "analyst/import/bundle_walk.h"
#include "analyst/vault/vault_media.h"

namespace resguardo::analyst {

// Takes the files of a bundle into the vault, sealed as they are, and looks at the end which of
// them open. Part of an import, within its transactions. What is there and opens stays as it is;
// what is not whole, or does not open, is mended by what comes.
class FileIntake {
 public:
  explicit FileIntake(Vault& vault) : media_(vault) {}  // which outlives it

  // What an addendum's record says of its file: its first one, which alone is told.
  Status note_record(const StoredSegment& addendum, StreamId stream, const SecretBuffer& record);
  // False: there is nothing to keep of it.
  Result<bool> put(const WalkedChunk& chunk);

  struct Came {
    std::uint64_t opened = 0, known = 0, not_whole = 0, damaged = 0, sealed = 0, nobodys = 0;
    std::set<ReportId> reports;  // of which something is known that was not
  };
  // `split`: the segment that names a file may be in another part.
  Result<Came> settle(bool split);

 private:
  Result<bool> begin(const MediaId& file);
  Status settle(const MediaId& file, bool came_now, bool split, Came& came);

  VaultMedia media_;
  std::set<MediaId> came_;   // of which chunks came in this bundle
  std::set<MediaId> known_;  // … and open already
  std::optional<MediaId> current_;
  std::optional<Digest> brought_;  // the addendum whose file was noted last
  bool wanted_ = false;
  std::optional<std::uint64_t> announced_;
};

}  // namespace resguardo::analyst
