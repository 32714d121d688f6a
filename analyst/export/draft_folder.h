// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>

#include "program/problem.h"

namespace resguardo::analyst {

// A folder beside the place where an export will be, ".NAME.resguardo-draft", that nobody else can
// enter: what is written for it lies there, and nowhere else, until it is whole. Held by a lock, so
// that what a killed run left there is known from what another run is writing, and is removed.
//
// WARNING: what was removed was deleted, not overwritten; the disk it lay on should be encrypted.
class DraftFolder {
 public:
  // kFailed: `out` exists, another run is writing it, or something that no export made is there.
  static program::Outcome<DraftFolder> create(const std::filesystem::path& out);

  DraftFolder(DraftFolder&& other) noexcept;
  DraftFolder& operator=(DraftFolder&&) = delete;
  ~DraftFolder();  // with all that is in it

  const std::filesystem::path& path() const { return draft_; }
  // Files that a run that was cut short had left here; they are gone.
  std::size_t removed() const { return removed_; }
  // The folder itself becomes `out`, never in the place of something.
  program::Outcome<Done> commit();

 private:
  DraftFolder(std::filesystem::path draft, std::filesystem::path out, int lock)
      : draft_(std::move(draft)), out_(std::move(out)), lock_(lock) {}
  program::Outcome<Done> empty();
  std::filesystem::path draft_;  // empty: there is none any more
  std::filesystem::path out_;
  int lock_ = -1;
  std::size_t removed_ = 0;
};

}  // namespace resguardo::analyst
