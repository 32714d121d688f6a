// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/ledger.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/forwarding_store.h"

namespace resguardo::testing_support {
namespace {

using namespace storage;

class ListeningStore final : public ForwardingStore {
 public:
  ListeningStore(Store& inner, Ledger& ledger) : ForwardingStore(inner), ledger_(ledger) {}

  void submit(Turn turn, Completion done) override {
    auto copy = std::make_shared<const Turn>(turn);
    inner_.submit(std::move(turn),
                  [this, copy, done = std::move(done)](const Result<Recorded>& result) {
                    if (result.ok()) ledger_.add(*copy);
                    done(result);
                  });
  }

 private:
  Ledger& ledger_;
};

TurnShape shape_of(const Turn& turn) {
  TurnShape shape;
  if (turn.conversation) {
    shape.state = turn.conversation->sealed_state.size();
    shape.removes = turn.conversation->remove;
  }
  if (!turn.report) return shape;
  for (const auto& row : turn.report->rows) shape.rows.push_back(row.row.size());
  for (const auto& segment : turn.report->segments) shape.headers += segment.header.size();
  return shape;
}

}  // namespace

Ledger::Report& Ledger::report(const ReportId& id) {
  for (Report& known : reports_)
    if (known.id == id) return known;
  reports_.push_back({id, {}, 0, false, false});
  return reports_.back();
}

void Ledger::add(const Turn& turn) {
  const std::lock_guard lock(mutex_);
  shapes_.push_back(shape_of(turn));
  if (!turn.report) return;
  Report& into = report(turn.report->report);
  ++into.turns;
  into.closed = turn.report->change == ReportChange::kClose;
  into.erased = turn.report->change == ReportChange::kErase;
  for (const auto& segment : turn.report->segments)
    into.segments.push_back({segment.segment, segment.header, {}});
  // A row out of its place or without its segment would not open.
  for (const auto& row : turn.report->rows) {
    auto at = std::find_if(into.segments.begin(), into.segments.end(),
                           [&](const Segment& segment) { return segment.name == row.segment; });
    if (at == into.segments.end()) at = into.segments.insert(at, {row.segment, {}, {}});
    at->rows.push_back(row.row);
  }
}

std::vector<Ledger::Report> Ledger::reports() const {
  const std::lock_guard lock(mutex_);
  return reports_;
}

std::vector<TurnShape> Ledger::shapes() const {
  const std::lock_guard lock(mutex_);
  return shapes_;
}

std::unique_ptr<Store> Ledger::listen_to(Store& inner) {
  return std::make_unique<ListeningStore>(inner, *this);
}

OpenedReport open_report(const Ledger::Report& report, const open::AnalystKeys& keys) {
  OpenedReport opened;
  opened.report = report.id;
  for (const auto& segment : report.segments) {
    auto reader = open::SegmentReader::begin(segment.header, keys);
    if (!reader.ok()) throw std::runtime_error(reader.error().why.c_str());
    ++opened.segments;
    for (const Bytes& row : segment.rows) open_row(*reader, row, opened);
    if (!reader->finished()) ++opened.interrupted;
  }
  return opened;
}

}  // namespace resguardo::testing_support
