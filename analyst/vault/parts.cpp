// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault.h"
#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {

Status Vault::note_part(ByteView bundle, const Part& part, Day made, std::string_view origin) {
  RESGUARDO_TRY(auto put, state_->database.prepare(
                              "INSERT INTO bundles (bundle, part, made_day, origin, state, last) "
                              "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                              "state = excluded.state, last = excluded.last WHERE state <> 1"));
  return put.run(bundle, part.number, made.number, origin, static_cast<int>(part.state), part.last);
}

Result<std::vector<Vault::Part>> Vault::parts(ByteView bundle) {
  RESGUARDO_TRY(auto all, state_->database.prepare("SELECT part, state, last FROM bundles "
                                                   "WHERE bundle = ? ORDER BY part"));
  RESGUARDO_TRY(auto rows, all.query(bundle));
  std::vector<Part> parts;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return parts;
    parts.push_back({static_cast<std::uint32_t>(rows.integer(0)),
                     static_cast<PartState>(rows.integer(1)), rows.integer(2) != 0});
  }
}

}  // namespace resguardo::analyst
