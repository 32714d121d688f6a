// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/log/log_key.h"
#include "program/problem.h"
#include "storage/store.h"

namespace resguardo::commands {

// What `check --deep` finds (docs/adr/139). Pages, cells and entries are named by number, reports
// by their ids, which are random and in every bundle; nothing of what is in them is read by
// anybody.
struct DeepFindings {
  std::uint64_t pages = 0;
  std::uint64_t cells = 0;
  std::uint64_t reports = 0;
  std::uint64_t rows = 0;
  std::uint64_t media = 0;  // files of reporters
  std::uint64_t log_entries = 0;
  std::vector<program::Problem> problems;
};

// Reads everything that is stored: files page by page; of every closed report its key, its
// segments and rows, none missing and as the log says they were; the files that reporters sent; the
// log's entries, which must make the tree that the last checkpoint signs. Turns are recorded
// meanwhile; a report that closes or goes on the way is looked at or not. An error: it was stopped,
// or the disk is in the way.
Result<DeepFindings> check_deep(storage::Store& store, const PublicKey<LogRole>& log_key,
                                const std::function<bool()>& stop);

}  // namespace resguardo::commands
