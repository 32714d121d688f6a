// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_log.h"

#include "crypto/log/log_entry.h"

namespace resguardo::commands {
namespace {

// The report an entry is about, if it is about one.
std::optional<ReportId> report_of(ByteView entry) {
  const auto fact = parse_log_entry(entry);
  if (!fact.ok()) return std::nullopt;
  return ReportId::from(fact->id);
}

}  // namespace

Status add_log(BundleSurround& surround, storage::Store& store,
               const std::optional<storage::StoredCheckpoint>& since) {
  // What waits first: what gets its place in between is then told twice, not never.
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  if (last) {
    const auto add = [&](std::uint64_t index, ByteView entry) {
      auto& frame = *surround.before.emplace_back().mutable_log_entry();
      frame.set_index(index);
      frame.set_entry(to_string(entry));
      return success();
    };
    RESGUARDO_CHECK(store.logged(since ? since->size : 0, last->size, add));
    surround.after.emplace_back().mutable_checkpoint()->set_note(last->note);
  }
  if (since) {
    surround.header.set_since_checkpoint(since->note);
    surround.header.set_since_tree(to_string(since->tree));
  }
  for (const Bytes& entry : waiting) {
    auto& frame = *surround.before.emplace_back().mutable_log_entry();
    frame.set_pending(true);
    frame.set_entry(to_string(entry));
  }
  return success();
}

Result<std::set<ReportId>> reports_before(storage::Store& store,
                                          const storage::StoredCheckpoint& since) {
  std::set<ReportId> known;
  const auto forget = [&](ByteView entry) {
    if (const auto report = report_of(entry)) known.erase(*report);
  };
  RESGUARDO_TRY(const auto waiting, store.log_entries());
  RESGUARDO_TRY(const auto last, store.last_checkpoint());
  const std::uint64_t size = last ? last->size : 0;
  RESGUARDO_CHECK(store.logged(0, size, [&](std::uint64_t index, ByteView entry) {
    if (index >= since.size) {
      forget(entry);
    } else if (const auto report = report_of(entry)) {
      known.insert(*report);
    }
    return success();
  }));
  for (const Bytes& entry : waiting) forget(entry);
  return known;
}

Result<std::set<Digest>> logged_addenda(const BundleSurround& surround, storage::Store& store,
                                        const std::optional<storage::StoredCheckpoint>& since) {
  std::set<Digest> digests;
  const auto add = [&](ByteView entry) {
    const auto fact = parse_log_entry(entry);
    if (fact.ok() && fact->kind == LogKind::kAddendum) digests.insert(fact->digest);
  };
  for (const auto& frame : surround.before)
    if (frame.has_log_entry()) add(as_bytes(frame.log_entry().entry()));
  if (!since) return digests;
  RESGUARDO_CHECK(store.logged(0, since->size, [&](std::uint64_t, ByteView entry) {
    add(entry);
    return success();
  }));
  return digests;
}

}  // namespace resguardo::commands
