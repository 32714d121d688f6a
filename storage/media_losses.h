// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

namespace resguardo::storage {

// What a backup cannot have of the files that reporters sent, because the disk lost it. A
// BackupSink that is one of these too is told by BackupStore::copy_reports().
class MediaLosses {
 public:
  virtual ~MediaLosses() = default;
  virtual void missing() = 0;  // one more is not there, and its report is
  virtual void
  changed() = 0;  // one more has another SHA-256 than was written
};

}  // namespace resguardo::storage
