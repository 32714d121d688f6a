// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_turnover.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "storage/sqlcipher/journal_list.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Transaction;

namespace {

constexpr std::size_t kItemsAtOnce = 256;  // in one transaction of the new file
constexpr std::size_t kPrintsAtOnce = 4096;
constexpr Error kNotThere = {Fault::kMalformed, "a conversation is missing from the journal"};

// Calls `use` with one slice after another.
template <class Items, class Use>
Status in_slices(const Items& items, std::size_t size, Use use) {
  std::span rest(items);
  while (!rest.empty()) {
    const auto slice = rest.first(std::min(size, rest.size()));
    rest = rest.subspan(slice.size());
    RESGUARDO_CHECK(use(slice));
  }
  return success();
}

}  // namespace

void JournalTurnover::want_all() {
  const std::shared_lock lock(parts_.mutex);
  wanted_.reserve(parts_.index.reports());
  parts_.index.each_report(
      [this](ReportName name, const ReportEntry&) { wanted_.push_back(item_of(name)); });
  parts_.index.each_conversation([this](TagName name, const auto& entry) {
    if (!entry.report) wanted_.push_back(item_of(name));
  });
  delivered_ = parts_.index.delivered().all();
}

void JournalTurnover::want(const JournalChanges& changes) {
  const auto changed = [&](const Item& item) {
    return item.is_report ? changes.reports.contains(report_in(item))
                          : changes.conversations.contains(tag_in(item));
  };
  for (const Item& item : copied_)
    if (item.position != 0 && changed(item)) stale_.push_back(item.position);
  std::erase_if(copied_, changed);
  std::erase_if(gone_, changed);
  wanted_ = std::exchange(gone_, {});
  for (const ReportName name : changes.reports) wanted_.push_back(item_of(name));
  for (const TagName name : changes.conversations) wanted_.push_back(item_of(name));
  delivered_ = changes.delivered;
}

Status JournalTurnover::copy(While meanwhile) {
  RESGUARDO_CHECK(remove_stale());
  shuffle_wanted();
  const auto wanted = std::exchange(wanted_, {});
  RESGUARDO_CHECK(
      in_slices(wanted, kItemsAtOnce, [&](auto items) { return copy_items(items, meanwhile); }));
  const auto delivered = std::exchange(delivered_, {});
  return in_slices(delivered, kPrintsAtOnce, [&](auto prints) { return deliver(prints); });
}

void JournalTurnover::shuffle_wanted() {
  for (std::size_t left = wanted_.size(); left > 1; --left)
    std::swap(wanted_[left - 1], wanted_[parts_.random.below(static_cast<std::uint32_t>(left))]);
}

// Nothing: it has ended, or its state lies in its report's row.
std::optional<JournalTurnover::Wanted> JournalTurnover::look_up(const Item& item) const {
  Wanted wanted{item, {}, {}};
  if (!item.is_report) {
    wanted.conversation = parts_.index.conversation(tag_in(item));
    if (!wanted.conversation || wanted.conversation->report) return std::nullopt;
    return wanted;
  }
  wanted.report = parts_.index.report(report_in(item));
  if (!wanted.report) return std::nullopt;
  if (wanted.report->writer)
    wanted.conversation = parts_.index.conversation(*wanted.report->writer);
  return wanted;
}

Status JournalTurnover::copy_items(std::span<const Item> items, While meanwhile) {
  std::vector<Wanted> slice;
  {
    const std::shared_lock lock(parts_.mutex);
    for (const Item& item : items)
      if (auto wanted = look_up(item)) slice.push_back(std::move(*wanted));
  }
  RESGUARDO_TRY(auto transaction, Transaction::begin(parts_.next->connection()));
  for (const Wanted& wanted : slice) {
    const auto position = copy_one(wanted);
    const bool gone = !position.ok() && position.error().fault == Fault::kMalformed;
    if (gone && meanwhile == While::kTurnsArrive) {
      gone_.push_back(wanted.item);
      continue;
    }
    if (!position.ok()) return position.error();
    copied_.push_back({wanted.item.name, wanted.item.is_report, *position});
  }
  return transaction.commit();
}

// 0: it stays behind.
Result<std::uint64_t> JournalTurnover::copy_one(const Wanted& wanted) {
  RESGUARDO_TRY(auto row, read(wanted));
  if (!row) return std::uint64_t{0};
  return parts_.next->add(*row);
}

// What a position says never changes, it can only go: no snapshot is needed to read a whole report.
Result<std::optional<OpenRow>> JournalTurnover::read(const Wanted& wanted) {
  OpenRow row;
  if (wanted.conversation) {
    const std::uint64_t position = wanted.conversation->position;
    RESGUARDO_TRY(const auto ids, parts_.source.ids_at(position));
    if (!ids || !ids->tag) return kNotThere;
    RESGUARDO_TRY(auto found, parts_.source.state(position, *ids->tag));
    if (!found) return kNotThere;
    row.day = found->day;
    row.state = {*ids->tag, std::move(found->conversation)};
  }
  if (wanted.report) {
    const ReportEntry& entry = *wanted.report;
    RESGUARDO_TRY(const auto ids, parts_.source.ids_at(entry.position));
    if (!ids || !ids->report) return kNotThere;
    RESGUARDO_TRY(const auto parts, parts_.source.parts(*ids->report, entry.position));
    row.day = entry.last_turn;
    row.report = {*ids->report,
                  entry.keep_partial,
                  entry.closing,
                  encode_sealed_part(parts),
                  prints_of(parts.segments),
                  first_week(parts.segments)};
  } else if (row.day < parts_.oldest) {
    return std::optional<OpenRow>();
  }
  return std::optional(std::move(row));
}

Status JournalTurnover::deliver(std::span<const std::pair<Print, Day>> prints) {
  RESGUARDO_TRY(auto transaction, Transaction::begin(parts_.next->connection()));
  for (const auto& [print, day] : prints) RESGUARDO_CHECK(parts_.next->deliver(print, day));
  return transaction.commit();
}

Status JournalTurnover::remove_stale() {
  if (stale_.empty()) return success();
  RESGUARDO_TRY(auto transaction, Transaction::begin(parts_.next->connection()));
  for (const std::uint64_t position : std::exchange(stale_, {}))
    RESGUARDO_CHECK(parts_.next->remove(position));
  return transaction.commit();
}

// They lie by random id: their order says nothing.
Status JournalTurnover::copy_media() {
  RESGUARDO_TRY(const auto rows, journal_media(parts_.source.connection()));
  RESGUARDO_TRY(auto transaction, Transaction::begin(parts_.next->connection()));
  for (const MediaRow& row : rows) RESGUARDO_CHECK(parts_.next->add(row));
  return transaction.commit();
}

bool JournalTurnover::is_whole() const {
  std::size_t reports = 0;
  std::size_t conversations = 0;
  for (const Item& item : copied_) {
    if (!item.is_report) {
      ++conversations;
      continue;
    }
    ++reports;
    const auto entry = parts_.index.report(report_in(item));
    if (!entry) return false;
    if (entry->writer) ++conversations;
  }
  return reports == parts_.index.reports() && conversations == parts_.index.conversations();
}

Status JournalTurnover::finish() {
  RESGUARDO_CHECK(parts_.next->finish());
  next_position_ = parts_.next->next_position();
  parts_.next.reset();
  return success();
}

void JournalTurnover::apply_to(JournalIndex& index) const {
  index.begin_at(first_position_);
  for (const Item& item : copied_) {
    if (item.is_report) {
      index.place(report_in(item), item.position);
    } else if (item.position != 0) {
      index.place_alone(tag_in(item), item.position);
    } else {
      index.remove(tag_in(item));
    }
  }
}

}  // namespace resguardo::storage
