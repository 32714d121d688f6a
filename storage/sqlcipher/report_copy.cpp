// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/files.h"
#include "storage/sqlcipher/readers.h"

namespace resguardo::storage {

Status ReportReader::copy_to(const std::filesystem::path& target, const SecretBytes& key) {
  RESGUARDO_TRY(auto copy, sqlcipher::Connection::open(target, key, {.create = true}));
  RESGUARDO_CHECK(connection_.copy_to(copy));
  RESGUARDO_CHECK(copy.truncate_wal());
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
