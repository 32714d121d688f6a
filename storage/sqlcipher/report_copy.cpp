// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/readers.h"

namespace resguardo::storage {

Status ReportReader::copy_to(const std::filesystem::path& target, const SecretBytes& key) {
  RESGUARDO_TRY(const auto pages, connection_.number("PRAGMA page_count"));
  RESGUARDO_TRY(const auto size, connection_.number("PRAGMA page_size"));
  RESGUARDO_CHECK(room_for(static_cast<std::uint64_t>(pages * size), target.parent_path(),
                           "the disk has no room for a copy of the reports"));
  RESGUARDO_TRY(auto copy, sqlcipher::Connection::open(target, key,
                                                       {.create = true, .throw_away = true}));
  RESGUARDO_CHECK(connection_.copy_to(copy));
  return copy.check();
}

Status ReportReader::find_all_keys() {
  RESGUARDO_TRY(const auto all, reports());
  for (const StoredReport& one : all) {
    const auto key = key_of(one.report);
    if (key.ok()) continue;
    if (key.error().fault != Fault::kMalformed) return key.error();
    return Error{Fault::kMalformed,
                 "the slots are damaged, or older than the reports: some have no key there"};
  }
  return success();
}

}  // namespace resguardo::storage
