// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/clock.h"
#include "crypto/base/result.h"

namespace resguardo::storage {

// The signed end of a day of the log.
struct StoredCheckpoint {
  Day day;
  std::uint64_t size = 0;  // entries up to it
  Bytes tree;              // what is needed to append to them; the store does not look inside
  std::string note;        // as signed
};

// Makes a checkpoint of the entries that a turnover hands it. The store knows neither hashes nor
// the log key; what builds is crypto/log's, and signs only bytes that depend on nothing but the
// entries, so that a turnover that is made again after a crash cannot contradict one that was.
class LogBuilder {
 public:
  virtual ~LogBuilder() = default;
  // The last checkpoint; nothing: the log is new.
  virtual Status begin(const std::optional<StoredCheckpoint>& last) = 0;
  virtual Status append(ByteView entry) = 0;
  struct Built {
    Bytes tree;
    std::string note;
  };
  virtual Result<Built> finish() = 0;
};

// The transparency log's part of a store (protocol.md §6). Entries wait, in no order, until the
// turnover of their day appends them, once and for ever, and stores the day's one checkpoint.
// Entries of reports come with their turn (ReportWrite::log_entries). Thread-safe; never call it
// from a completion.
class LogStore {
 public:
  virtual ~LogStore() = default;

  // An entry that belongs to no report, to wait with the others. Of one that is there already,
  // waiting or logged, there is no second.
  virtual Status log(Day day, ByteView entry) = 0;
  // What waits for a checkpoint, in no order, with all that was acknowledged before the call.
  virtual Result<std::vector<Bytes>> log_entries() = 0;

  // Gives what waits and is dated `day` or earlier its places in the log, earlier days first and
  // each day's entries in random order, and stores the checkpoint of `day`. All of it or nothing,
  // also when the process ends at any moment. kConflict: there is a checkpoint of that day or a
  // later one. An error of the builder is returned as it is, and changes nothing.
  virtual Status turn_over_log(Day day, LogBuilder& builder) = 0;

  virtual Result<std::optional<StoredCheckpoint>> last_checkpoint() = 0;
  virtual Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day) = 0;
  using EntryVisitor = std::function<Status(std::uint64_t index, ByteView entry)>;
  // Logged entries [from, to) in order, one at a time. kMalformed: one is missing.
  virtual Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) = 0;
};

}  // namespace resguardo::storage
