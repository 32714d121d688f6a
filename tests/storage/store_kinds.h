// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "crypto/base/random.h"
#include "storage/key_ring.h"
#include "storage/sqlcipher/engine.h"
#include "tests/storage/store_contract.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {

SecretBytes test_master_key();  // the same at every call

// Keys and an empty store in `directory`.
void make_store_directory(const std::filesystem::path& directory);

// A SQLCipher store in a directory of its own; the test may close it and look at the files.
class SqlcipherUnderTest final : public StoreUnderTest {
 public:
  SqlcipherUnderTest();
  Store& store() override { return *store_; }
  void reopen() override;
  void shut() { store_.reset(); }
  const std::filesystem::path& path() const { return directory_.path(); }
  KeyRing& keys() { return *keys_; }

 private:
  testing_support::TemporaryDirectory directory_;
  std::unique_ptr<KeyRing> keys_;
  SystemRandom random_;
  std::unique_ptr<Store> store_;
};

}  // namespace resguardo::storage
