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

}  // namespace resguardo::storage
