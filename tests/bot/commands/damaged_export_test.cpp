// SPDX-License-Identifier: AGPL-3.0-or-later
// A report whose key is damaged does not keep the others on the server.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "bot/commands/bundle_export.h"
#include "storage/slot_cell.h"
#include "storage/sqlcipher/connection.h"
#include "storage/sqlcipher/engine.h"
#include "tests/storage/script.h"
#include "tests/storage/store_setup.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::commands {
namespace {

TEST(DamagedExportTest, AReportThatCannotBeReadIsCountedAndTheOthersLeave) {
  const testing_support::TemporaryDirectory directory(testing_support::quick_parent());
  const auto keys = storage::ensure_store(directory.path()).value();
  SystemRandom random;
  const auto store =
      storage::open_store({.directory = directory.path(), .today = storage::kDay}, *keys, random)
          .value();
  for (std::uint32_t n = 1; n <= 3; ++n) {
    storage::Turn turn = storage::state_turn(n, n, 0, "");
    storage::add_row(turn, n, 10 * n, 0, "row");
    storage::close(turn, n);
    ASSERT_TRUE(store->record(turn).ok());
  }
  ASSERT_EQ(store->reports().value().size(), 3U);
  std::int64_t cell = 0;
  {
    auto db = sqlcipher::Connection::open(directory.path() / "reports.db",
                                          keys->store_key().value(), {.read_only = true})
                  .value();
    auto query = db.prepare("SELECT slot FROM report WHERE id = ?").value();
    const auto id = storage::report_id(2);
    auto rows = query.query(id).value();
    ASSERT_TRUE(rows.next().value());
    cell = rows.integer(0);
  }
  {
    std::fstream slots(directory.path() / "slots", std::ios::in | std::ios::out | std::ios::binary);
    slots.seekp((cell + 1) * static_cast<std::int64_t>(storage::kSlotCell) + 100);
    slots << "noise";
  }
  std::ostringstream bundle;
  const auto totals = write_bundle(*store, TimePoint(), random, bundle);
  ASSERT_TRUE(totals.ok()) << totals.error().why.c_str();
  EXPECT_EQ(totals->reports, 2U);
  EXPECT_EQ(totals->segments, 2U);
  EXPECT_EQ(totals->unreadable, 1U);
  EXPECT_TRUE(smallest_part(*store, TimePoint()).ok());
}

}  // namespace
}  // namespace resguardo::commands
