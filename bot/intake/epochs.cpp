// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/epochs.h"

#include <algorithm>
#include <limits>

#include "crypto/log/log_entry.h"
#include "proto/envelope.pb.h"

namespace resguardo::intake {
namespace {

constexpr std::string_view kFact = "epochs";
constexpr std::chrono::hours kAfterItsWeek{24};  // no segment outlives that
constexpr std::size_t kHead = 12;
constexpr Week kAnyWeek{std::numeric_limits<std::int32_t>::min()};  // it may be any

void put(Bytes& bytes, std::int32_t value) {
  const auto number = static_cast<std::uint32_t>(value);
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

std::int32_t get(ByteView bytes) {
  std::uint32_t number = 0;
  for (unsigned i = 0; i < 4; ++i) number |= std::uint32_t{bytes[i]} << (8 * i);
  return static_cast<std::int32_t>(number);
}

// day(4) ‖ week(4) ‖ closed(4) ‖ leaf, little endian.
Bytes encode(const EpochRecord& record) {
  Bytes bytes;
  put(bytes, record.epoch.day.number);
  put(bytes, record.epoch.week.number);
  put(bytes, record.epoch.closed->number);
  bytes.insert(bytes.end(), record.leaf.begin(), record.leaf.end());
  return bytes;
}

Result<EpochRecord> decode(ByteView bytes) {
  if (bytes.size() < kHead)
    return Error{Fault::kMalformed, "the store's record of days and weeks is damaged"};
  EpochRecord record;
  record.epoch.day.number = get(bytes);
  record.epoch.week.number = get(bytes.subspan(4));
  record.epoch.closed = Week{get(bytes.subspan(8))};
  record.leaf = to_bytes(bytes.subspan(kHead));
  return record;
}

Status write(storage::Store& store, const EpochRecord& record) {
  return store.set_fact(kFact, encode(record));
}

// The earlier of the two streams' weeks. Nothing: it cannot be told.
std::optional<Week> week_of_header(ByteView header) {
  pb::SegmentHeader segment;
  if (!segment.ParseFromArray(header.data(), static_cast<int>(header.size()))) return std::nullopt;
  std::optional<Week> earliest;
  for (const auto* stream : {&segment.testimony(), &segment.identity()}) {
    pb::EnvelopeSet set;
    if (!set.ParseFromString(stream->envelope_set())) return std::nullopt;
    const auto week = parse_week(set.week());
    if (!week) return std::nullopt;
    earliest = earliest ? std::min(*earliest, *week) : *week;
  }
  return earliest;
}

}  // namespace

Result<std::optional<EpochRecord>> stored_epochs(storage::Store& store) {
  RESGUARDO_TRY(const auto fact, store.fact(kFact));
  if (!fact) return std::optional<EpochRecord>();
  RESGUARDO_TRY(auto record, decode(*fact));
  return std::optional(std::move(record));
}

Result<EpochRecord> read_epochs(storage::Store& store, TimePoint now) {
  RESGUARDO_TRY(auto stored, stored_epochs(store));
  if (stored) return std::move(*stored);
  const Week week = week_of(now);
  EpochRecord first{{day_of(now), week, Week{week.number - 1}}, {}};
  RESGUARDO_CHECK(write(store, first));
  return first;
}

Status accept_clock(storage::Store& store, TimePoint now) {
  RESGUARDO_TRY(auto record, read_epochs(store, now));
  record.epoch.day = day_of(now);
  record.epoch.week = std::max(week_of(now), Week{record.epoch.closed->number + 1});
  return write(store, record);
}

Status log_closed_week(storage::Store& store) {
  RESGUARDO_TRY(const auto record, stored_epochs(store));
  if (!record || record->leaf.empty()) return success();
  RESGUARDO_TRY(const auto fact, parse_log_entry(record->leaf));
  return store.log(fact.day, record->leaf);
}

Status replace_leaf(storage::Store& store, ByteView leaf) {
  RESGUARDO_TRY(auto record, stored_epochs(store));
  if (!record) return success();
  record->leaf = to_bytes(leaf);
  return write(store, *record);
}

Epochs::Epochs(storage::Store& store, SealingGate& gate, EpochRecord record, RandomSource& salts,
               Log log)
    : store_(store), gate_(gate), record_(std::move(record)), salts_(salts), log_(std::move(log)) {}

Status Epochs::run(TimePoint now) {
  if (clock_state(record_.epoch.day, now) != ClockState::kBelieved) return success();
  RESGUARDO_CHECK(log_leaf());
  EpochRecord next = record_;
  next.epoch.day = std::max(next.epoch.day, day_of(now));
  next.epoch.week = std::max(next.epoch.week, week_of(now));
  if (next.epoch.day != record_.epoch.day || next.epoch.week != record_.epoch.week)
    RESGUARDO_CHECK(keep(std::move(next)));
  return close_next(now);
}

// On disk before anybody acts on it.
Status Epochs::keep(EpochRecord next) {
  RESGUARDO_CHECK(write(store_, next));
  record_ = std::move(next);
  gate_.set(record_.epoch);
  return success();
}

Status Epochs::log_leaf() {
  if (logged_ || record_.leaf.empty()) return success();
  RESGUARDO_TRY(const auto fact, parse_log_entry(record_.leaf));
  RESGUARDO_CHECK(log_(fact.day, record_.leaf));
  logged_ = true;
  return success();
}

Status Epochs::close_next(TimePoint now) {
  for (;;) {
    const Week week{record_.epoch.closed->number + 1};
    const TimePoint end = start_of(monday_of(Week{week.number + 1}));
    if (week >= record_.epoch.week || now < end + kAfterItsWeek) return success();
    if (gate_.in_use(week)) return success();
    RESGUARDO_TRY(const bool open, still_open(week));
    if (open) return success();
    LogFact fact;
    fact.kind = LogKind::kEpochClosed;
    fact.day = day_of(now);
    fact.week = week;
    EpochRecord next = record_;
    next.epoch.closed = week;
    next.leaf = make_log_entry(fact, salts_);
    RESGUARDO_CHECK(keep(std::move(next)));
    logged_ = false;
    RESGUARDO_CHECK(log_leaf());
  }
}

Result<bool> Epochs::still_open(Week week) {
  RESGUARDO_TRY(const auto unmoved, store_.unmoved_reports());
  if (unmoved > 0) return true;
  bool found = false;
  const auto says_nothing = [&](const storage::OpenReport& report) {
    found = found || (report.begun && *report.begun <= week);
    return !report.begun;  // an older version's turns do not say
  };
  RESGUARDO_TRY(const auto open, store_.open_reports_that(says_nothing));
  std::map<ReportId, Week> asked;
  for (const auto& report : open) {
    RESGUARDO_TRY(const auto first, ask(report.report));
    if (first) asked.emplace(report.report, *first);
    found = found || (first && *first <= week);
  }
  asked_ = std::move(asked);
  return found;
}

// Nothing: no segment of it.
Result<std::optional<Week>> Epochs::ask(const ReportId& report) {
  if (const auto known = asked_.find(report); known != asked_.end())
    return std::optional(known->second);
  RESGUARDO_TRY(const auto contents, store_.open_contents(report));
  std::optional<Week> first;
  if (!contents) return std::optional(kAnyWeek);  // ended meanwhile: look again
  for (const auto& segment : contents->segments) {
    const auto of = week_of_header(segment.header);
    if (!of) return std::optional(kAnyWeek);
    first = first ? std::min(*first, *of) : *of;
  }
  return first;
}

}  // namespace resguardo::intake
