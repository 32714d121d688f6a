// SPDX-License-Identifier: AGPL-3.0-or-later
#include "storage/sqlcipher/journal_index.h"

#include <gtest/gtest.h>

#include <map>

#include "storage/entry_table.h"
#include "tests/storage/script.h"
#include "tests/support/seeded_random.h"

namespace resguardo::storage {
namespace {

using testing_support::SeededRandom;

ReportEntry report_entry(std::uint64_t position, std::optional<TagName> writer) {
  ReportEntry entry;
  entry.position = position;
  entry.last_turn = kDay;
  entry.writer = writer;
  return entry;
}

TEST(JournalIndexTest, SaysWhatItWasTold) {
  JournalIndex index;
  index.begin_at(std::uint64_t{1} << 41);
  ReportEntry told = report_entry((std::uint64_t{1} << 41) + 7, std::nullopt);
  told.keep_partial = true;
  told.closing = true;
  told.last = {123, 4};
  told.begun.add(2900);
  told.begun.add(2899);
  index.put(report_id(1), told);
  const auto found = index.report(report_id(1)).value();
  EXPECT_EQ(found.position, told.position);
  EXPECT_EQ(found.last_turn, kDay);
  EXPECT_TRUE(found.keep_partial);
  EXPECT_TRUE(found.closing);
  EXPECT_EQ(found.last.segment, 123U);
  EXPECT_EQ(found.last.next, 4U);
  EXPECT_EQ(found.begun.number(), 2899);
  EXPECT_FALSE(index.report(report_id(2)));
  index.put(tag(1), {(std::uint64_t{1} << 41) + 9, 17, std::nullopt});
  EXPECT_EQ(index.conversation(tag(1))->position, (std::uint64_t{1} << 41) + 9);
  EXPECT_EQ(index.conversation(tag(1))->counter, 17U);
}

TEST(JournalIndexTest, HoldsAsManyPositionsAsItCanTellApart) {
  JournalIndex index;
  index.begin_at(1000);
  EXPECT_FALSE(index.can_hold(999));
  EXPECT_TRUE(index.can_hold(1000));
  EXPECT_TRUE(index.can_hold(1000 + 0xfffffffeULL));
  EXPECT_FALSE(index.can_hold(1000 + 0xffffffffULL));
}

TagName name(const ConversationTag& tag) {
  return JournalIndex().name_of(tag);
}
ReportName name(const ReportId& id) {
  return JournalIndex().name_of(id);
}

TEST(JournalIndexTest, AConversationAndItsReportBelongTogetherOneToOne) {
  JournalIndex index;
  index.put(report_id(1), report_entry(1, std::nullopt));
  index.put(tag(1), {1, 1, name(report_id(1))});
  EXPECT_EQ(index.conversation(tag(1))->report, name(report_id(1)));
  EXPECT_EQ(index.report(report_id(1))->writer, name(tag(1)));
  index.put(tag(2), {2, 1, name(report_id(1))});  // another goes on with it
  EXPECT_EQ(index.report(report_id(1))->writer, name(tag(2)));
  EXPECT_FALSE(index.conversation(tag(1))->report);
  index.put(report_id(2), report_entry(3, name(tag(2))));  // and with another one
  EXPECT_EQ(index.conversation(tag(2))->report, name(report_id(2)));
  EXPECT_FALSE(index.report(report_id(1))->writer);
  auto closing = report_entry(4, name(tag(2)));
  closing.closing = true;
  index.put(report_id(2), closing);
  EXPECT_FALSE(index.conversation(tag(2))->report);
  EXPECT_FALSE(index.report(report_id(2))->writer);
}

TEST(JournalIndexTest, WhatGoesLeavesNobodyLinked) {
  JournalIndex index;
  for (const std::uint32_t n : {1U, 2U}) {
    index.put(report_id(n), report_entry(n, std::nullopt));
    index.put(tag(n), {n, 1, name(report_id(n))});
  }
  index.remove(tag(1));
  index.remove(report_id(2));
  EXPECT_FALSE(index.report(report_id(1))->writer);
  EXPECT_FALSE(index.conversation(tag(2))->report);
  index.put(tag(3), {3, 1, std::nullopt});  // takes a place that was left
  index.put(report_id(3), report_entry(3, std::nullopt));
  EXPECT_FALSE(index.report(report_id(1))->writer);
  EXPECT_FALSE(index.conversation(tag(2))->report);
  EXPECT_EQ(index.conversations(), 2U);
  EXPECT_EQ(index.reports(), 2U);
}

TEST(JournalIndexTest, AReportsPlaceIsItsWritersToo) {
  JournalIndex index;
  index.put(report_id(1), report_entry(1, std::nullopt));
  index.put(tag(1), {1, 1, name(report_id(1))});
  index.put(tag(2), {2, 5, std::nullopt});
  index.begin_at(5'000'000'000);
  index.place(name(report_id(1)), 5'000'000'001);
  index.place_alone(name(tag(2)), 5'000'000'002);
  EXPECT_EQ(index.report(report_id(1))->position, 5'000'000'001U);
  EXPECT_EQ(index.conversation(tag(1))->position, 5'000'000'001U);
  EXPECT_EQ(index.conversation(tag(2))->position, 5'000'000'002U);
  EXPECT_EQ(index.conversation(tag(2))->counter, 5U);
}

// In whichever order a transaction's changes are applied, who wrote last is the writer.
TEST(JournalIndexTest, ATransactionsLastWriterIsTheWriter) {
  for (std::uint32_t reports = 1; reports < 20; ++reports) {
    JournalIndex index;
    IndexChanges changes(index);
    for (std::uint32_t n = 1; n <= reports; ++n) {
      changes.put(tag(100 + n), {n, 1, name(report_id(n))});
      changes.put(report_id(n), report_entry(n, name(tag(100 + n))));
      changes.put(tag(n), {n + 50, 1, name(report_id(n))});
      changes.put(report_id(n), report_entry(n + 50, name(tag(n))));
    }
    std::move(changes).apply_to(index);
    for (std::uint32_t n = 1; n <= reports; ++n) {
      EXPECT_EQ(index.report(report_id(n))->writer, name(tag(n)));
      EXPECT_EQ(index.conversation(tag(n))->report, name(report_id(n)));
      EXPECT_FALSE(index.conversation(tag(100 + n))->report);
    }
  }
}

TEST(JournalIndexTest, WhoseNameIsTakenHasAnotherUntilTheyGo) {
  JournalIndex index;
  index.put(tag(1), {1, 1, std::nullopt});
  index.name(tag(2), name(tag(1)));  // as if their prints were the same
  {
    IndexChanges changes(index);
    changes.name_anew(tag(2));
    EXPECT_FALSE(changes.conversation(tag(2)));
    changes.put(tag(2), {2, 5, std::nullopt});
    EXPECT_EQ(changes.conversation(tag(1))->counter, 1U);
    EXPECT_EQ(changes.conversation(tag(2))->counter, 5U);
    std::move(changes).apply_to(index);
  }
  EXPECT_EQ(index.conversation(tag(1))->counter, 1U);
  EXPECT_EQ(index.conversation(tag(2))->counter, 5U);
  EXPECT_NE(index.name_of(tag(2)), name(tag(1)));
  index.remove(tag(2));
  EXPECT_EQ(index.name_of(tag(2)), name(tag(2))) << "its own print again";
}

TEST(JournalIndexTest, AWeekThatItCannotKeepIsNotKnown) {
  for (const auto& [told, kept] : std::map<std::int32_t, std::optional<std::int32_t>>{
           {0, 0}, {8189, 8189}, {8190, std::nullopt}, {-1, std::nullopt}}) {
    FirstWeek week;
    week.add(told);
    EXPECT_EQ(FirstWeek::unpacked(week.packed()).number(), kept) << told;
  }
  FirstWeek unknown;
  unknown.add(std::nullopt);
  auto after = FirstWeek::unpacked(unknown.packed());
  after.add(2900);
  EXPECT_EQ(after.number(), std::nullopt);
  auto first = FirstWeek::unpacked(FirstWeek().packed());
  first.add(2900);
  EXPECT_EQ(first.number(), 2900);
}

struct Numbered {
  ConversationTag id;
  std::uint32_t value = 0;
};

TEST(EntryTableTest, IsAMapWhateverIsAddedAndTakenOut) {
  SeededRandom random(12);
  EntryTable<Numbered> table;
  std::map<ConversationTag, std::uint32_t> twin;
  for (std::uint32_t step = 1; step < 20000; ++step) {
    const auto id = tag(random.below(3000));
    if (random.below(step < 10000 ? 3 : 5) < 2) {
      table[table.add(id)].value = step;
      twin[id] = step;
    } else if (const auto number = table.find(id); number != EntryTable<Numbered>::kNone) {
      table.erase(number);
      twin.erase(id);
    } else {
      ASSERT_FALSE(twin.contains(id));
    }
    ASSERT_EQ(table.size(), twin.size());
  }
  std::map<ConversationTag, std::uint32_t> found;
  table.each([&](const Numbered& one) { found[one.id] = one.value; });
  EXPECT_EQ(found, twin);
  for (const auto& [id, value] : twin) EXPECT_EQ(table[table.find(id)].value, value);
}

}  // namespace
}  // namespace resguardo::storage
