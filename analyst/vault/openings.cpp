// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

Result<std::vector<Vault::Opened>> Vault::opened(const MemberId& member, std::string_view origin) {
  RESGUARDO_TRY(auto all, state_->database.prepare(
                              "SELECT segment, chain, streams FROM openings AS o"
                              " WHERE member = ? AND origin = ? AND streams > 0 AND NOT EXISTS"
                              " (SELECT 1 FROM openings_without_file AS w WHERE w.segment ="
                              "  o.segment AND w.member = o.member AND w.origin = o.origin)"
                              " ORDER BY segment"));
  RESGUARDO_TRY(auto rows, all.query(member, origin));
  std::vector<Opened> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    RESGUARDO_TRY(const auto segment, id_column<Digest>(rows, 0));
    RESGUARDO_TRY(const auto chain, id_column<Digest>(rows, 1));
    result.push_back({segment, chain, static_cast<std::uint8_t>(rows.integer(2))});
  }
}

Result<std::vector<Vault::NotOpened>> Vault::not_opened(const MemberId& member) {
  RESGUARDO_TRY(
      auto all,
      state_->database.prepare(
          "SELECT report, position, digest, rows, opened, 0 FROM segments AS s WHERE NOT EXISTS"
          " (SELECT 1 FROM openings AS o WHERE o.segment = s.digest AND o.member = ?1"
          "  AND o.rows >= s.rows)"
          " UNION ALL SELECT report, position, digest, rows, opened, 1 FROM segments AS s"
          " WHERE EXISTS (SELECT 1 FROM openings_without_file AS w"
          "  WHERE w.segment = s.digest AND w.member = ?1) ORDER BY 1, 2, 3"));
  RESGUARDO_TRY(auto rows, all.query(member));
  std::vector<NotOpened> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, 0));
    result.push_back({report, static_cast<std::uint32_t>(rows.integer(1)),
                      static_cast<std::uint64_t>(rows.integer(3)),
                      static_cast<std::uint64_t>(rows.integer(4)), rows.integer(5) != 0});
  }
}

Result<std::vector<std::string>> Vault::origins(const MemberId& member) {
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT DISTINCT origin FROM openings "
                                                   "WHERE member = ? ORDER BY origin"));
  RESGUARDO_TRY(auto rows, all.query(member));
  std::vector<std::string> result;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return result;
    result.emplace_back(rows.text(0));
  }
}

Status Vault::visit_log(std::string_view origin, const EntryVisitor& visitor) {
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT position, entry FROM log_entries "
                                                   "WHERE origin = ? ORDER BY position"));
  RESGUARDO_TRY(auto rows, all.query(origin));
  for (std::int64_t next = 0;; ++next) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more || rows.integer(0) != next) return success();
    RESGUARDO_CHECK(visitor(rows.bytes(1)));
  }
}

}  // namespace resguardo::analyst
