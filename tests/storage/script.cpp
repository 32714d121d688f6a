// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/script.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "crypto/base/hash.h"
#include "crypto/base/sha256.h"
#include "crypto/format/strict_parse.h"
#include "proto/log.pb.h"

namespace resguardo::storage {
namespace {

std::string brief(ByteView content) {
  return std::to_string(content.size()) + ":" + to_hex(ByteView(blake2b(content).bytes).first(6));
}

void dump_report(Store& store, const StoredReport& report, std::ostream& out) {
  out << "report " << to_hex(report.report.view()) << ' ' << to_string(report.closed) << '\n';
  const auto segments = store.segments(report.report).value();
  for (const StoredSegment& segment : segments) {
    out << "  segment " << segment.index << ' ' << brief(segment.header) << ' ' << segment.rows
        << '\n';
    const Status visited = store.rows(segment.segment, [&](std::uint64_t at, ByteView row) {
      out << "    row " << at << ' ' << brief(row) << '\n';
      return success();
    });
    if (!visited.ok()) out << "    unreadable\n";
  }
}

void dump_conversation(Store& store, const ConversationTag& tag, std::ostream& out) {
  const auto found = store.find(tag).value();
  if (found)
    out << "conversation " << to_hex(tag.view()) << ' ' << found->counter << ' '
        << brief(found->sealed_state) << '\n';
}

ReportWrite& report_part(Turn& turn, std::uint32_t report) {
  if (!turn.report) turn.report.emplace();
  turn.report->report = report_id(report);
  turn.report->day = turn.day;
  return *turn.report;
}

}  // namespace

Turn state_turn(std::uint32_t delivery, std::uint32_t conversation, std::uint64_t expected,
                std::string_view state) {
  Turn turn;
  turn.delivered = {dedupe(delivery)};
  turn.day = kDay;
  turn.conversation.emplace();
  turn.conversation->tag = tag(conversation);
  turn.conversation->expected = expected;
  turn.conversation->sealed_state = text(state);
  return turn;
}

void add_row(Turn& turn, std::uint32_t report, std::uint32_t segment, std::uint64_t sequence,
             std::string_view row) {
  ReportWrite& write = report_part(turn, report);
  if (sequence == 0)
    write.segments.push_back(
        {segment_id(segment), segment % 10, text("header of segment " + std::to_string(segment))});
  write.rows.push_back({segment_id(segment), sequence, text(row)});
}

void close(Turn& turn, std::uint32_t report) {
  ReportWrite& write = report_part(turn, report);
  write.change = ReportChange::kClose;
  write.log_entries.push_back(text("log entry of report " + std::to_string(report)));
  write.receipt = ReceiptWrite{receipt(report), text("mailbox"), Bytes(32, 7)};
  if (turn.conversation) turn.conversation->remove = true;
}

void erase(Turn& turn, std::uint32_t report) {
  report_part(turn, report).change = ReportChange::kErase;
  if (turn.conversation) turn.conversation->remove = true;
}

void take_media(Turn& turn, std::uint32_t media) {
  turn.pending_media.push_back({media_id(media), text("reference of " + std::to_string(media))});
}

std::string sealed_media(std::uint32_t media) {
  return std::string(std::size_t{70'000} + media, static_cast<char>('a' + media % 26));
}

std::unique_ptr<MediaFile> keep_media(Store& store, std::uint32_t media) {
  auto file = store.begin_media(media_id(media), kDay);
  if (!file.ok()) return nullptr;
  const std::string sealed = sealed_media(media);
  const ByteView all = as_bytes(sealed);
  const bool kept = (*file)->write(all.first(60'000)).ok() &&
                    (*file)->write(all.subspan(60'000)).ok() && (*file)->keep().ok();
  return kept ? std::move(*file) : nullptr;
}

Bytes addendum_entry(std::uint32_t media, Day day) {
  pb::LogEntry entry;
  entry.set_salt(std::string(16, static_cast<char>(media)));
  entry.set_kind(pb::LOG_ADDENDUM);
  entry.set_digest(std::string(32, static_cast<char>(media)));
  entry.set_day(day.number);
  return serialize_canonical(entry);
}

Turn addendum(std::uint32_t report, std::uint32_t media, std::uint32_t segment, Fetched fetched) {
  Turn turn;
  turn.day = kDay;
  ReportWrite& write = report_part(turn, report);
  write.change = ReportChange::kAddendum;
  write.segments.push_back({segment_id(segment), addendum_index(media_id(media)),
                            text("header of segment " + std::to_string(segment))});
  write.rows.push_back({segment_id(segment), 0, text("key of file " + std::to_string(media))});
  write.log_entries.push_back(addendum_entry(media, Day{}));
  write.settles = media_id(media);
  if (fetched == Fetched::kLost) return turn;
  const std::string sealed = sealed_media(media);
  write.media = MediaWrite{media_id(media), sealed.size(), sha256(as_bytes(sealed))};
  return turn;
}

std::vector<Turn> short_script() {
  std::vector<Turn> turns;
  const auto next = [&](std::uint32_t conversation, std::uint64_t expected) -> Turn& {
    const auto delivery = static_cast<std::uint32_t>(1000 + turns.size());
    return turns.emplace_back(
        state_turn(delivery, conversation, expected, "state " + std::to_string(expected)));
  };
  add_row(next(1, 0), 1, 10, 0, "first words");
  add_row(next(2, 0), 2, 20, 0, "other first words");
  add_row(next(3, 0), 3, 30, 0, "a third one");
  add_row(next(1, 1), 1, 10, 1, std::string(9000, 'l'));
  next(3, 1);  // asks for help: no row
  Turn& moved = next(2, 1);
  moved.day = Day{kDay.number + 1};
  moved.conversation->found_under = moved.conversation->tag;
  moved.conversation->tag = tag(22);
  add_row(moved, 2, 21, 0, "after midnight, in another segment");
  Turn& ended = next(1, 2);
  add_row(ended, 1, 10, 2, "last words");
  close(ended, 1);
  add_row(next(3, 2), 3, 30, 1, "more of the third");
  erase(next(3, 3), 3);
  add_row(next(22, 2), 2, 21, 1, "more of the second");
  add_row(next(4, 0), 4, 40, 0, "never finished");
  Turn& silent = turns.emplace_back();
  silent.delivered = {dedupe(static_cast<std::uint32_t>(999 + turns.size()))};
  silent.day = Day{kDay.number + 4};
  ReportWrite& end = report_part(silent, 4);
  end.change = ReportChange::kClose;
  end.if_version = 0;
  end.log_entries.push_back(text("INCOMPLETE"));
  return turns;
}

Turn up_to_date(Store& store, Turn turn) {
  if (turn.report && turn.report->if_version) {
    const auto open = store.open_reports().value();
    for (const OpenReport& report : open)
      if (report.report == turn.report->report) turn.report->if_version = report.version;
  }
  return turn;
}

Result<Recorded> play(Store& store, const Turn& turn) {
  return store.record(up_to_date(store, turn));
}

std::string dump(Store& store, const std::vector<Turn>& script) {
  std::ostringstream out;
  std::set<ConversationTag> tags;
  for (const Turn& turn : script) {
    if (turn.conversation) tags.insert(turn.conversation->tag);
    for (const DedupeTag& delivered : turn.delivered)
      out << "delivered " << to_hex(delivered.view()) << ' ' << store.seen(delivered).value()
          << '\n';
  }
  for (const ConversationTag& tag : tags) dump_conversation(store, tag, out);
  auto open = store.open_reports().value();
  std::sort(open.begin(), open.end(),
            [](const auto& a, const auto& b) { return a.report < b.report; });
  for (const OpenReport& report : open)
    out << "open " << to_hex(report.report.view()) << ' ' << to_string(report.last_turn) << ' '
        << report.keep_partial << '\n';
  const auto reports = store.reports().value();
  for (const StoredReport& report : reports) dump_report(store, report, out);
  auto entries = store.log_entries().value();
  std::sort(entries.begin(), entries.end());
  for (const Bytes& entry : entries) out << "log " << brief(entry) << '\n';
  return out.str();
}

}  // namespace resguardo::storage
