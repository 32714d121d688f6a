// SPDX-License-Identifier: AGPL-3.0-or-later
// What every store's log must do (storage/log_store.h).
#include <algorithm>
#include <set>
#include <span>

#include "crypto/base/random.h"
#include "tests/storage/chain_builder.h"
#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultyStore;

Day day(int n) {
  return Day{kDay.number + n};
}

std::vector<std::string> sorted(std::vector<std::string> entries) {
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<std::string> waiting(Store& store) {
  std::vector<std::string> entries;
  const auto all = store.log_entries().value();
  for (const Bytes& entry : all) entries.push_back(to_string(entry));
  return sorted(std::move(entries));
}

void add(Store& store, int day_number, std::initializer_list<std::string_view> entries) {
  for (const auto entry : entries) ASSERT_TRUE(store.log(day(day_number), text(entry)).ok());
}

Status turn_over(Store& store, int day_number) {
  ChainBuilder builder;
  return store.turn_over_log(day(day_number), builder);
}

void expect_whole(Store& store) {
  const auto entries = logged_entries(store);
  const auto last = store.last_checkpoint().value();
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->size, entries.size());
  EXPECT_EQ(last->note, chain_note(entries));
}

}  // namespace

TEST_P(StoreContract, LogStartsWithoutACheckpoint) {
  EXPECT_FALSE(store().last_checkpoint().value().has_value());
  EXPECT_FALSE(store().checkpoint_of(kDay).value().has_value());
  EXPECT_TRUE(store().logged(0, 0, [](std::uint64_t, ByteView) { return success(); }).ok());
  EXPECT_FALSE(store().logged(0, 1, [](std::uint64_t, ByteView) { return success(); }).ok());
}

TEST_P(StoreContract, ATurnoverGivesPlacesAndACheckpoint) {
  add(store(), 0, {"a", "b", "c"});
  EXPECT_EQ(waiting(store()).size(), 3U);
  ASSERT_TRUE(turn_over(store(), 0).ok());
  reopen();
  EXPECT_TRUE(waiting(store()).empty());
  EXPECT_EQ(sorted(logged_entries(store())), (std::vector<std::string>{"a", "b", "c"}));
  expect_whole(store());
  const auto last = store().last_checkpoint().value();
  EXPECT_EQ(last->day, kDay);
  EXPECT_EQ(store().checkpoint_of(kDay).value()->note, last->note);
}

TEST_P(StoreContract, ADayHasOneCheckpoint) {
  add(store(), 1, {"a"});
  ASSERT_TRUE(turn_over(store(), 1).ok());
  add(store(), 1, {"late"});
  for (const int again : {1, 0}) {
    const Status refused = turn_over(store(), again);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::kConflict);
  }
  EXPECT_EQ(waiting(store()), std::vector<std::string>{"late"});
  ASSERT_TRUE(turn_over(store(), 2).ok());
  EXPECT_EQ(logged_entries(store()), (std::vector<std::string>{"a", "late"}));
  expect_whole(store());
}

TEST_P(StoreContract, ATurnoverTakesItsDayAndWhatIsOlder) {
  add(store(), 2, {"two"});
  add(store(), 0, {"zero"});
  add(store(), 1, {"one"});
  ASSERT_TRUE(turn_over(store(), 1).ok());
  EXPECT_EQ(logged_entries(store()), (std::vector<std::string>{"zero", "one"}));
  EXPECT_EQ(waiting(store()), std::vector<std::string>{"two"});
  ASSERT_TRUE(turn_over(store(), 2).ok());
  expect_whole(store());
}

TEST_P(StoreContract, AnEntryIsLoggedOnce) {
  add(store(), 0, {"a", "a"});
  EXPECT_EQ(waiting(store()).size(), 1U);
  ASSERT_TRUE(turn_over(store(), 0).ok());
  add(store(), 1, {"a", "b"});
  EXPECT_EQ(waiting(store()), std::vector<std::string>{"b"});
}

TEST_P(StoreContract, ADayWithoutEntriesHasACheckpointToo) {
  ASSERT_TRUE(turn_over(store(), 0).ok());
  add(store(), 1, {"a"});
  ASSERT_TRUE(turn_over(store(), 1).ok());
  ASSERT_TRUE(turn_over(store(), 2).ok());
  EXPECT_EQ(store().checkpoint_of(day(0)).value()->size, 0U);
  EXPECT_EQ(store().checkpoint_of(day(1)).value()->size, 1U);
  EXPECT_EQ(store().last_checkpoint().value()->day, day(2));
  expect_whole(store());
}

TEST_P(StoreContract, ABuilderThatFailsChangesNothing) {
  add(store(), 0, {"a", "b"});
  ChainBuilder builder;
  builder.fails_at_end = Error{Fault::kRefused, "no log key"};
  const Status failed = store().turn_over_log(kDay, builder);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().why, StaticText("no log key"));
  EXPECT_EQ(waiting(store()).size(), 2U);
  EXPECT_FALSE(store().last_checkpoint().value().has_value());
  ASSERT_TRUE(turn_over(store(), 0).ok());
  expect_whole(store());
}

TEST_P(StoreContract, ClosedReportsBringTheirEntries) {
  Turn turn = state_turn(1, 1, 0, "state");
  add_row(turn, 1, 10, 0, "words");
  close(turn, 1);
  ASSERT_TRUE(store().record(turn).ok());
  ASSERT_TRUE(turn_over(store(), 0).ok());
  EXPECT_EQ(logged_entries(store()), std::vector<std::string>{"log entry of report 1"});
}

TEST_P(StoreContract, LogSurvivesAFailureAtEveryCall) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    for (std::size_t call = 1; call <= 6; ++call) {
      const auto fresh = GetParam().make();
      FaultyStore faulty(fresh->store());
      faulty.fail_at(call, fate);
      for (int n = 0; n < 3; ++n) {
        const Bytes entry = text("entry " + std::to_string(n));
        if (!faulty.log(day(n), entry).ok()) {
          ASSERT_TRUE(faulty.log(day(n), entry).ok());
        }
        const Status first = turn_over(faulty, n);
        if (!first.ok() && first.error().fault == Fault::kUnavailable) {
          const Status again = turn_over(faulty, n);
          EXPECT_EQ(again.ok(), fate == FaultyStore::Fate::kBefore);
        }
      }
      fresh->reopen();
      EXPECT_EQ(logged_entries(fresh->store()),
                (std::vector<std::string>{"entry 0", "entry 1", "entry 2"}));
      expect_whole(fresh->store());
    }
  }
}

// The order within a day says nothing of when its entries came.
TEST_P(StoreContract, ADaysOrderIsNotTheirs) {
  std::set<std::vector<std::string>> orders;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto fresh = GetParam().make();
    for (int n = 0; n < 6; ++n) {
      // As real ones do, these begin with a random salt.
      Bytes entry = to_bytes(SystemRandom().make<RowId>().view());
      entry.push_back(static_cast<std::uint8_t>('0' + n));
      ASSERT_TRUE(fresh->store().log(kDay, entry).ok());
    }
    ASSERT_TRUE(turn_over(fresh->store(), 0).ok());
    std::vector<std::string> order;
    for (const std::string& entry : logged_entries(fresh->store()))
      order.push_back(entry.substr(entry.size() - 1));
    orders.insert(order);
  }
  EXPECT_GT(orders.size(), 4U);
}

}  // namespace resguardo::storage
