// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/store_setup.h"

#include "storage/sqlcipher/engine.h"

namespace resguardo::storage {
namespace {

Status unless_there(const Status& made) {
  return !made.ok() && made.error().fault == Fault::kConflict ? success() : made;
}

}  // namespace

SecretBytes test_master_key() {
  Bytes bytes(32, 0x5a);
  return SecretBytes::take(bytes).value();
}

Result<std::unique_ptr<KeyRing>> ensure_store(const std::filesystem::path& directory) {
  const auto master = test_master_key();
  RESGUARDO_CHECK(unless_there(KeyRing::create(directory, master)));
  RESGUARDO_TRY(auto keys, KeyRing::open(directory, master));
  RESGUARDO_CHECK(unless_there(create_store(directory, *keys)));
  return keys;
}

}  // namespace resguardo::storage
