// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/vault/vault_releases.h"

#include <algorithm>
#include <iterator>

#include "analyst/vault/vault_state.h"

namespace resguardo::analyst {
namespace {

std::uint64_t difference(const std::vector<IncidentKey>& a, const std::vector<IncidentKey>& b) {
  std::vector<IncidentKey> apart;
  std::ranges::set_symmetric_difference(a, b, std::back_inserter(apart));
  return apart.size();
}

}  // namespace

Result<std::vector<Release>> VaultReleases::all() {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT number, member, time_ms, what, incidents FROM releases"
                               " ORDER BY number"));
  RESGUARDO_TRY(auto rows, find.query());
  std::vector<Release> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    Release one;
    one.number = static_cast<std::uint64_t>(rows.integer(0));
    RESGUARDO_TRY(one.member, id_column<MemberId>(rows, 1));
    one.time = TimePoint{std::chrono::milliseconds(rows.integer(2))};
    one.what = rows.text(3);
    one.incidents = static_cast<std::uint64_t>(rows.integer(4));
    found.push_back(std::move(one));
  }
}

Result<std::vector<IncidentKey>> VaultReleases::incidents_of(std::uint64_t release) {
  RESGUARDO_TRY(auto find, vault_.state_->database.prepare(
                               "SELECT report, incident FROM released WHERE release = ?"
                               " ORDER BY report, incident"));
  RESGUARDO_TRY(auto rows, find.query(release));
  std::vector<IncidentKey> found;
  for (;;) {
    RESGUARDO_TRY(const bool more, rows.next());
    if (!more) return found;
    RESGUARDO_TRY(const auto report, id_column<ReportId>(rows, 0));
    found.push_back({report, static_cast<std::uint32_t>(rows.integer(1))});
  }
}

Result<std::optional<Release>> VaultReleases::too_close(const std::vector<IncidentKey>& incidents,
                                                        std::uint64_t k) {
  RESGUARDO_TRY(const auto earlier, all());
  for (const Release& one : earlier) {
    RESGUARDO_TRY(const auto of_it, incidents_of(one.number));
    const std::uint64_t apart = difference(incidents, of_it);
    if (apart > 0 && apart < k) return std::optional(one);
  }
  return std::optional<Release>();
}

Status VaultReleases::add(const std::string& what, const std::vector<IncidentKey>& incidents,
                          const JournalFact& fact, VaultCustody& custody, TimePoint now) {
  RESGUARDO_TRY(auto into, vault_.begin());
  RESGUARDO_TRY(const auto earlier, all());
  const std::uint64_t number = earlier.empty() ? 1 : earlier.back().number + 1;
  RESGUARDO_TRY(auto put, vault_.state_->database.prepare(
                              "INSERT INTO releases (number, member, time_ms, what, incidents)"
                              " VALUES (?, ?, ?, ?, ?)"));
  RESGUARDO_CHECK(put.run(number, custody.member(), milliseconds(now), std::string_view(what),
                          static_cast<std::uint64_t>(incidents.size())));
  RESGUARDO_TRY(auto each,
                vault_.state_->database.prepare(
                    "INSERT INTO released (release, report, incident) VALUES (?, ?, ?)"));
  for (const IncidentKey& one : incidents)
    RESGUARDO_CHECK(each.run(number, one.report, one.number));
  RESGUARDO_CHECK(custody.append(fact, now));
  return into.commit();
}

}  // namespace resguardo::analyst
