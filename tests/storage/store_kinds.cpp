// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/storage/store_kinds.h"

#include "storage/memory_store.h"
#include "tests/storage/script.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

class MemoryUnderTest final : public StoreUnderTest {
 public:
  Store& store() override { return *store_; }
  void reopen() override {}

 private:
  std::unique_ptr<Store> store_ = make_memory_store();
};

// The faulty twin with nothing to fail: it must pass as the store it wraps.
class FaultyUnderTest final : public StoreUnderTest {
 public:
  explicit FaultyUnderTest(std::unique_ptr<StoreUnderTest> inner) : inner_(std::move(inner)) {
    reset();
  }
  Store& store() override { return *faulty_; }
  void reopen() override {
    inner_->reopen();
    reset();
  }

 private:
  void reset() { faulty_ = std::make_unique<testing_support::FaultyStore>(inner_->store()); }
  std::unique_ptr<StoreUnderTest> inner_;
  std::unique_ptr<Store> faulty_;
};

std::unique_ptr<StoreUnderTest> memory() {
  return std::make_unique<MemoryUnderTest>();
}
std::unique_ptr<StoreUnderTest> sqlcipher() {
  return std::make_unique<SqlcipherUnderTest>();
}
std::unique_ptr<StoreUnderTest> sqlcipher_that_lists() {
  return std::make_unique<SqlcipherUnderTest>(SqlcipherUnderTest::Lists::kEveryTurn);
}

}  // namespace

SqlcipherUnderTest::SqlcipherUnderTest(Lists lists) : lists_(lists) {
  EXPECT_TRUE(ensure_store(path()).ok());
  reopen();
}

void SqlcipherUnderTest::reopen() {
  store_.reset();
  keys_ = KeyRing::open(path(), test_master_key()).value();
  EngineOptions options{.directory = path(), .today = kDay};
  if (lists_ == Lists::kEveryTurn) options.unlisted_turns = options.listed_at_once = 1;
  store_ = open_store(options, *keys_, random_).value();
}

std::vector<StoreKind> store_kinds() {
  return {{"Memory", memory},
          {"Sqlcipher", sqlcipher},
          {"SqlcipherThatLists", sqlcipher_that_lists},
          {"FaultyMemory", [] { return std::make_unique<FaultyUnderTest>(memory()); }},
          {"FaultySqlcipher", [] { return std::make_unique<FaultyUnderTest>(sqlcipher()); }}};
}

}  // namespace resguardo::storage
