// SPDX-License-Identifier: AGPL-3.0-or-later
// Phones that are linked to a report's replies (storage/return_store.h, docs/adr/162).
#include "storage/slot_wrap.h"
#include "storage/sqlcipher/report_return.h"
#include "storage/sqlcipher/report_slots.h"
#include "storage/sqlcipher/transaction.h"

namespace resguardo::storage {

using sqlcipher::Connection;
using sqlcipher::Statement;
using sqlcipher::Transaction;

namespace {

constexpr std::string_view kLinkKind = "link";

Bytes link_place(const LinkTag& tag, const ReportId& report) {
  Bytes place = to_bytes(tag.view());
  place.insert(place.end(), report.bytes.begin(), report.bytes.end());
  return place;
}

Result<std::size_t> remove_links(Connection& connection, std::span<const LinkTag> tags) {
  RESGUARDO_TRY(auto remove, connection.prepare("DELETE FROM link WHERE tag = ?"));
  std::size_t gone = 0;
  for (const LinkTag& tag : tags) {
    RESGUARDO_CHECK(remove.run(tag));
    gone += static_cast<std::size_t>(connection.changes());
  }
  return gone;
}

struct LinkRow {
  ReportId report;
  Bytes wrapped;
};

Result<std::optional<LinkRow>> link_row(Statement& query, const LinkTag& tag) {
  RESGUARDO_TRY(auto rows, query.query(tag));
  RESGUARDO_TRY(const bool found, rows.next());
  if (!found) return std::optional<LinkRow>();
  const auto report = ReportId::from(rows.bytes(0));
  if (!report) return std::optional<LinkRow>();
  return std::optional(LinkRow{*report, to_bytes(rows.bytes(1))});
}

}  // namespace

Result<LinkChange> store_link(Connection& connection, const SlotFile& slots, const LinkWrite& link,
                              std::span<const LinkTag> before) {
  if (link.sealed.empty() || link.sealed.size() > kMostSealedLink) return kNoLink;
  const auto cell = slot_of(connection, link.report);
  if (!cell.ok() && cell.error().fault == Fault::kUnavailable) return cell.error();
  const auto key = cell.ok() ? slots.key_of(*cell, link.report) : cell.error();
  if (!key.ok()) return LinkChange{};
  RESGUARDO_TRY(const Bytes wrapped,
                wrap_under_slot(link.sealed, kLinkKind, link_place(link.tag, link.report), *key));
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  LinkChange change{true, 0};
  RESGUARDO_TRY(change.gone, remove_links(connection, before));
  RESGUARDO_TRY(auto others, connection.prepare("DELETE FROM link WHERE report = ? OR tag = ?"));
  RESGUARDO_CHECK(others.run(link.report, link.tag));
  change.gone += static_cast<std::size_t>(connection.changes());
  RESGUARDO_TRY(auto insert, connection.prepare("INSERT INTO link (tag, report, day, sealed)"
                                                " VALUES (?, ?, ?, ?)"));
  RESGUARDO_CHECK(insert.run(link.tag, link.report, link.day.number, wrapped));
  RESGUARDO_CHECK(transaction.commit());
  return change;
}

Result<std::optional<StoredLink>> stored_link(Connection& connection, std::span<const LinkTag> tags,
                                              const SlotKeyOf& key_of) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT report, sealed FROM link WHERE tag = ?"));
  for (const LinkTag& tag : tags) {
    RESGUARDO_TRY(const auto row, link_row(query, tag));
    if (!row) continue;
    const auto key = key_of(row->report);
    if (!key.ok() && key.error().fault == Fault::kUnavailable) return key.error();
    if (!key.ok() || !*key) continue;
    auto sealed = unwrap_under_slot(row->wrapped, kLinkKind, link_place(tag, row->report), **key);
    if (sealed.ok()) return std::optional(StoredLink{tag, std::move(sealed).value()});
  }
  return std::optional<StoredLink>();
}

// Nearly always there is none: then the file stays as it is.
Result<std::size_t> forget_links(Connection& connection, std::span<const LinkTag> tags) {
  RESGUARDO_TRY(auto query, connection.prepare("SELECT report, sealed FROM link WHERE tag = ?"));
  std::vector<LinkTag> there;
  for (const LinkTag& tag : tags) {
    RESGUARDO_TRY(auto rows, query.query(tag));
    RESGUARDO_TRY(const bool found, rows.next());
    if (found) there.push_back(tag);
  }
  if (there.empty()) return std::size_t{0};
  RESGUARDO_TRY(auto transaction, Transaction::begin(connection));
  RESGUARDO_TRY(const std::size_t gone, remove_links(connection, there));
  RESGUARDO_CHECK(transaction.commit());
  return gone;
}

Result<std::size_t> forget_links_before(Connection& connection, Day day) {
  RESGUARDO_TRY(auto remove, connection.prepare("DELETE FROM link WHERE day < ?"));
  RESGUARDO_CHECK(remove.run(day.number));
  return static_cast<std::size_t>(connection.changes());
}

}  // namespace resguardo::storage
