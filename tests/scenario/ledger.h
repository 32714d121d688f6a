// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "storage/store.h"
#include "tests/support/bundle_opening.h"

namespace resguardo::testing_support {

// What a turn looks like from outside.
struct TurnShape {
  std::vector<std::size_t> rows;  // sizes
  std::size_t headers = 0;        // their sum
  std::size_t state = 0;          // size of the sealed state
  bool removes = false;
  friend bool operator==(const TurnShape&, const TurnShape&) = default;
};

// Everything that a store acknowledged, so that reports that are still open can be opened too: no
// bundle holds them. Outlives restarts.
class Ledger {
 public:
  struct Segment {
    Digest name;
    Bytes header;
    std::vector<Bytes> rows;
  };
  struct Report {
    ReportId id;
    std::vector<Segment> segments;
    std::size_t turns = 0;  // that said something
    bool closed = false;
    bool erased = false;
  };

  void add(const storage::Turn& turn);
  std::vector<Report> reports() const;  // in the order of their first turns
  std::vector<TurnShape> shapes() const;
  // A store that writes into the ledger what `inner` acknowledges; both must outlive it.
  std::unique_ptr<storage::Store> listen_to(storage::Store& inner);

 private:
  Report& report(const ReportId& id);
  mutable std::mutex mutex_;
  std::vector<Report> reports_;
  std::vector<TurnShape> shapes_;
};

// Throws when anything does not open or parse.
OpenedReport open_report(const Ledger::Report& report, const open::AnalystKeys& keys);

}  // namespace resguardo::testing_support
