// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/random.h"
#include "crypto/log/log_extension.h"
#include "crypto/log/log_key.h"
#include "program/problem.h"
#include "storage/store.h"

// How the log of a backup ends, and another begins (docs/adr/135).
namespace resguardo::commands {

// The log that a backup holds, checked against its own last checkpoint.
struct OldLog {
  std::string origin;
  std::optional<Checkpoint> last;
  std::string note;  // of the last, as signed
  Day day;           // of the last
  Digest root;       // of `size` entries
  std::uint64_t size = 0;
  std::uint64_t waiting = 0;  // entries without a place
};
// kMalformed, kUnauthentic: it is damaged, or another key signed it.
Result<OldLog> read_old_log(storage::Store& store, const std::string& origin,
                            const PublicKey<LogRole>& key);

// What the analysts hold of it.
struct HeldCheckpoint {
  std::string text;         // a checkpoint, or a LogExtension; empty: nobody has one
  std::string where;        // the file
  bool none_newer = false;  // the operator says so of one that is older than the backup's
};
// How the log before ended: the newer of the two.
struct LogEnd {
  std::string note;  // as signed; empty: it never had a checkpoint
  std::uint64_t size = 0;
  std::uint64_t lost = 0;  // entries that neither were logged nor waited in the backup
};
program::Outcome<LogEnd> judge_end(const OldLog& old, const HeldCheckpoint& held,
                                   const PublicKey<LogRole>& key);

// The entries of the log that begins: RESTART, then what the log before said, in its order, and
// what waited, all dated `day`. What the store itself remembers in exact bytes is replaced, too.
Result<std::vector<Bytes>> entries_of_new_log(storage::Store& store, const LogEnd& end, Day day,
                                              RandomSource& salts);

}  // namespace resguardo::commands
