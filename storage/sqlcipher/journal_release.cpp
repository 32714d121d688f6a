// SPDX-License-Identifier: AGPL-3.0-or-later
// What leaves a journal, and what is listed of it: every statement that takes something out of a
// turn's row takes it out of the list too.
#include <algorithm>

#include "storage/sqlcipher/journal_statements.h"

namespace resguardo::storage {

namespace {

constexpr Error kBrokenChain = {Fault::kMalformed, "the journal's chain of turns is broken"};

std::optional<std::uint64_t> position_in(const sqlcipher::Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return static_cast<std::uint64_t>(rows.integer(column));
}

}  // namespace

Status Journal::deliver(ByteView tags, Day day) {
  for (; !tags.empty(); tags = tags.subspan(DedupeTag::kSize)) {
    if (tags.size() < DedupeTag::kSize) return kBrokenChain;
    Bytes key;
    append_print(key, print_of(*DedupeTag::from(tags.first(DedupeTag::kSize))));
    RESGUARDO_CHECK(statements_->deliver.run(key, day.number));
  }
  return success();
}

// The row goes; that its messages were delivered stays, without their order.
Status Journal::remove_row(std::uint64_t position) {
  Bytes delivered;
  Day day;
  {
    RESGUARDO_TRY(auto rows, statements_->of_row.query(position));
    RESGUARDO_TRY(const bool found, rows.next());
    if (!found) return kBrokenChain;
    day.number = static_cast<std::int32_t>(rows.integer(0));
    delivered = to_bytes(rows.bytes(1));
  }
  RESGUARDO_CHECK(deliver(delivered, day));
  if (position <= listed_) RESGUARDO_CHECK(statements_->list.remove(position));
  return statements_->remove_row.run(position);
}

Status Journal::clear_state(std::uint64_t position) {
  if (position <= listed_) RESGUARDO_CHECK(statements_->list.clear_state(position));
  return statements_->clear_state.run(position);
}

Status Journal::clear_report(std::uint64_t position) {
  if (position <= listed_) RESGUARDO_CHECK(statements_->list.clear_report(position));
  return statements_->clear_report.run(position);
}

Status Journal::release_states(const ConversationTag& tag, std::uint64_t position) {
  released_ = true;
  for (std::optional<std::uint64_t> at = position; at;) {
    const std::uint64_t current = *at;
    bool alone = false;
    {
      RESGUARDO_TRY(auto rows, statements_->next_state.query(current, tag));
      RESGUARDO_TRY(const bool found, rows.next());
      if (!found) return kBrokenChain;
      at = position_in(rows, 0);
      alone = rows.is_null(1);
    }
    if (at && *at >= current) return kBrokenChain;
    RESGUARDO_CHECK(alone ? remove_row(current) : clear_state(current));
  }
  return success();
}

Status Journal::release(const ReportId& id, std::uint64_t position, IndexChanges& changes) {
  released_ = true;
  for (std::optional<std::uint64_t> at = position; at;) {
    const std::uint64_t current = *at;
    RESGUARDO_TRY(const auto turn, statements_->chain.turn(id, current));
    at = turn.earlier;
    if (turn.sealed) {
      RESGUARDO_TRY(const auto part, decode_sealed_part(*turn.sealed));
      for (const Print segment : prints_of(part.segments)) changes.remove_segment(segment);
    }
    RESGUARDO_CHECK(turn.alone ? remove_row(current) : clear_report(current));
  }
  return success();
}

Result<ClosedReport> Journal::collect(const ReportId& id, const ReportEntry& entry) {
  RESGUARDO_TRY(auto parts, statements_->chain.parts(id, entry.position));
  RESGUARDO_TRY(auto files, statements_->media.fetched(id));
  return ClosedReport{id, entry.last_turn, std::move(parts), std::move(files)};
}

JournalMedia& Journal::media() {
  return statements_->media;
}

Result<bool> Journal::has_addendum(const ReportId& id, const ReportEntry& entry,
                                   std::uint32_t index) {
  RESGUARDO_TRY(const auto parts, statements_->chain.parts(id, entry.position));
  return std::ranges::any_of(parts.segments,
                             [index](const SegmentWrite& one) { return one.index == index; });
}

Result<std::optional<std::uint64_t>> Journal::next_sequence(const ReportId& id,
                                                            const ReportEntry& entry,
                                                            const Digest& segment) {
  return statements_->chain.next_sequence(id, entry.position, segment);
}

void Journal::note_deliveries(std::size_t count, Day day) {
  if (count > 0) oldest_deliveries_ = std::min(oldest_deliveries_.value_or(day), day);
}

Status Journal::forget_deliveries_before(Day day) {
  RESGUARDO_TRY(auto alone, connection_.prepare("DELETE FROM delivered WHERE day < ?"));
  RESGUARDO_CHECK(alone.run(day.number));
  if (!oldest_deliveries_ || *oldest_deliveries_ >= day) return success();
  RESGUARDO_TRY(auto in_list, connection_.prepare("UPDATE listed SET delivered = x''"
                                                  " WHERE day < ? AND length(delivered) > 0"));
  RESGUARDO_CHECK(in_list.run(day.number));
  RESGUARDO_TRY(auto in_turns, connection_.prepare("UPDATE turn SET delivered = x''"
                                                   " WHERE day < ? AND length(delivered) > 0"));
  return in_turns.run(day.number);
}

void Journal::list_turns(const Listing& listing) {
  listing_ = listed_;
  if (next_position_ <= listed_ + listing.behind + listing.at_once) return;
  const std::uint64_t last = listed_ + listing.at_once;
  const Status added =
      each_turn(connection_, listed_, last, [this](const ListedTurn& turn) -> Status {
        RESGUARDO_CHECK(statements_->list.add(turn));
        listing_ = turn.position;
        return success();
      });
  if (added.ok()) listing_ = last;
}

}  // namespace resguardo::storage
