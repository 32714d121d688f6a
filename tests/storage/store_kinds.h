// SPDX-License-Identifier: AGPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "crypto/base/random.h"
#include "storage/key_ring.h"
#include "storage/sqlcipher/engine.h"
#include "tests/storage/store_contract.h"
#include "tests/storage/store_setup.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::storage {

// A SQLCipher store in a directory of its own; the test may close it and look at the files.
class SqlcipherUnderTest final : public StoreUnderTest {
 public:
  enum class Lists : std::uint8_t { kAsTheBot, kEveryTurn };  // in the table that a start reads
  explicit SqlcipherUnderTest(Lists lists = Lists::kAsTheBot);
  Store& store() override { return *store_; }
  void reopen() override;
  void shut() { store_.reset(); }
  const std::filesystem::path& path() const { return directory_.path(); }
  KeyRing& keys() { return *keys_; }

 private:
  const Lists lists_;
  testing_support::TemporaryDirectory directory_{testing_support::quick_parent()};
  std::unique_ptr<KeyRing> keys_;
  SystemRandom random_;
  std::unique_ptr<Store> store_;
};

// Every store we have, the faulty ones with nothing to fail.
std::vector<StoreKind> store_kinds();

}  // namespace resguardo::storage
