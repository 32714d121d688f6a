// SPDX-License-Identifier: AGPL-3.0-or-later
// `check --deep` of a report that was added to on the day on which it closed.
#include <gtest/gtest.h>

#include <array>

#include "bot/commands/deep_check.h"
#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "storage/memory_store.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

constexpr Day kAddedDay{20000};

// One segment of one row, closed at once with an entry over it.
storage::Turn closing(std::uint32_t index, LogKind kind, RandomSource& salts) {
  const Bytes header = to_bytes(as_bytes("header " + std::to_string(index)));
  const Bytes row(10, static_cast<std::uint8_t>(index));
  auto chain = SegmentChain::begin(header);
  chain.add(row);
  const std::array<Digest, 1> chains{chain.digest()};
  LogFact fact;
  fact.kind = kind;
  fact.id = Bytes(16, 0);
  fact.digest = report_digest(chains);
  fact.day = kAddedDay;
  storage::Turn turn;
  turn.day = kAddedDay;
  turn.report.emplace();
  turn.report->day = kAddedDay;
  turn.report->change = storage::ReportChange::kClose;
  turn.report->segments.push_back({blake2b(header), index, header});
  turn.report->rows.push_back({blake2b(header), 0, row});
  turn.report->log_entries.push_back(make_log_entry(fact, salts));
  return turn;
}

TEST(DeepAdditionTest, IsAsLoggedInWhateverOrderItsEntriesWait) {
  const LogKey key = LogKey::generate().value();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    testing_support::SeededRandom salts{seed};
    const auto store = storage::make_memory_store();
    ASSERT_TRUE(store->record(closing(0, LogKind::kReport, salts)).ok());
    for (const std::uint32_t index : {1U, 2U})
      ASSERT_TRUE(store->record(closing(index, LogKind::kAddendum, salts)).ok());
    const auto found = check_deep(*store, key.public_key(), {}).value();
    EXPECT_TRUE(found.problems.empty()) << seed;
    EXPECT_EQ(found.reports, 1U);
  }
}

}  // namespace
}  // namespace resguardo::commands
