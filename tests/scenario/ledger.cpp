// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/scenario/ledger.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace resguardo::testing_support {
namespace {

using namespace storage;

class ListeningStore final : public Store {
 public:
  ListeningStore(Store& inner, Ledger& ledger) : inner_(inner), ledger_(ledger) {}

  void submit(Turn turn, Completion done) override {
    auto copy = std::make_shared<const Turn>(turn);
    inner_.submit(std::move(turn),
                  [this, copy, done = std::move(done)](const Result<Recorded>& result) {
                    if (result.ok()) ledger_.add(*copy);
                    done(result);
                  });
  }
  Result<std::optional<StoredConversation>> find(const ConversationTag& tag) override {
    return inner_.find(tag);
  }
  Result<bool> seen(const DedupeTag& tag) override { return inner_.seen(tag); }
  Result<std::vector<OpenReport>> open_reports() override { return inner_.open_reports(); }
  Result<std::optional<OpenContents>> open_contents(const ReportId& report) override {
    return inner_.open_contents(report);
  }
  Result<std::size_t> unmoved_reports() override { return inner_.unmoved_reports(); }
  Status forget_deliveries_before(Day day) override { return inner_.forget_deliveries_before(day); }
  Status turn_over_journal(Day day, Day oldest) override {
    return inner_.turn_over_journal(day, oldest);
  }
  StoreHealth health() override { return inner_.health(); }
  Status try_to_write() override { return inner_.try_to_write(); }
  Result<std::vector<StoredReport>> reports() override { return inner_.reports(); }
  Result<std::vector<StoredSegment>> segments(const ReportId& report) override {
    return inner_.segments(report);
  }
  Status rows(const Digest& segment, const RowVisitor& visit) override {
    return inner_.rows(segment, visit);
  }
  Status copy_reports(BackupSink& sink) override { return inner_.copy_reports(sink); }
  Status copy_slots(BackupSink& sink) override { return inner_.copy_slots(sink); }
  Result<std::size_t> erase(std::span<const Erasure> reports) override {
    return inner_.erase(reports);
  }
  Result<bool> acknowledge(std::size_t segments,
                           std::span<const storage::ReportAcknowledgement> said) override {
    return inner_.acknowledge(segments, said);
  }
  Result<std::vector<storage::ReportAcknowledgement>> acknowledgements() override {
    return inner_.acknowledgements();
  }
  Result<std::vector<Bytes>> log_entries() override { return inner_.log_entries(); }
  Status log(Day day, ByteView entry) override { return inner_.log(day, entry); }
  Status turn_over_log(Day day, LogBuilder& builder) override {
    return inner_.turn_over_log(day, builder);
  }
  Result<std::optional<StoredCheckpoint>> last_checkpoint() override {
    return inner_.last_checkpoint();
  }
  Result<std::optional<StoredCheckpoint>> checkpoint_of(Day day) override {
    return inner_.checkpoint_of(day);
  }
  Status logged(std::uint64_t from, std::uint64_t to, const EntryVisitor& visit) override {
    return inner_.logged(from, to, visit);
  }
  Result<std::optional<Bytes>> fact(std::string_view name) override { return inner_.fact(name); }
  Status set_fact(std::string_view name, ByteView value) override {
    return inner_.set_fact(name, value);
  }

 private:
  Store& inner_;
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
