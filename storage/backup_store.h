// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// Where files go: each begun by its name, then its bytes in order.
class BackupSink {
 public:
  virtual ~BackupSink() = default;
  virtual Status begin(std::string_view name) = 0;
  virtual Status write(ByteView bytes) = 0;
};

// What of a store a backup is made of (protocol.md §7). Thread-safe; turns are recorded meanwhile.
// Never call it from a completion.
class BackupStore {
 public:
  virtual ~BackupStore() = default;

  // The key of the report store, wrapped (keys/store.key); and the report store as it was at one
  // moment of the call, with all that was acknowledged as closed before it; and the sealed files
  // of its reports (media/ID), one piece at a time; then the slots, which may know of more reports,
  // and of none that had been erased by then. Not the journal: of conversations that are open a
  // backup knows nothing. kRefused: this engine has no files. kMalformed: the copy was read back
  // and is not sound, or a report's key is not in the slots; an error of the sink is returned as it
  // is. Needs room for a copy in the store's directory.
  virtual Status copy_reports(BackupSink& sink) = 0;
  virtual Status copy_slots(BackupSink& sink) = 0;

  // The reports lie under another random key from now on, and the one before is destroyed: all of
  // it or nothing, also when the process ends at any moment. What closes meanwhile waits in the
  // journal. kUnavailable: the old key stays; or nobody knows which of the two would be there after
  // a power cut, and until the next start nothing changes in the report store. Needs room for a
  // copy.
  virtual Status replace_key() = 0;
};

}  // namespace resguardo::storage
