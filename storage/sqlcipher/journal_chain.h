// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/sealed_part.h"

namespace resguardo::storage {

// A report's turns in a journal: a chain from the newest one back (docs/adr/022).
class JournalChain {
 public:
  static Result<JournalChain> prepare(sqlcipher::Connection& connection);

  struct Turn {
    std::optional<std::uint64_t> earlier;
    bool alone = false;  // no conversation's state is in the same row
    std::optional<Bytes> sealed;
  };
  // kMalformed: there is no such turn, or the one before it is not older.
  Result<Turn> turn(const ReportId& report, std::uint64_t position);
  // What all turns up to the one at `newest` say together, oldest first.
  Result<SealedPart> parts(const ReportId& report, std::uint64_t newest);
  // The sequence that comes next in one of its segments, from the newest turn that names it.
  // Nothing: none of them begins that segment.
  Result<std::optional<std::uint64_t>> next_sequence(const ReportId& report, std::uint64_t newest,
                                                     const Digest& segment);

 private:
  explicit JournalChain(sqlcipher::Statement turn) : turn_(std::move(turn)) {}
  sqlcipher::Statement turn_;
};

}  // namespace resguardo::storage
