// SPDX-License-Identifier: AGPL-3.0-or-later
// How closed reports end, in every store (storage/retention_store.h).
#include <gmock/gmock.h>

#include "tests/storage/chain_builder.h"
#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing_support::FaultyStore;

constexpr Day kErased{kDay.number + 40};

Erasure end_of(std::uint32_t report, std::string_view entry) {
  return {report_id(report), kErased, text(entry)};
}

Result<std::size_t> erase_all(Store& store, const std::vector<Erasure>& reports) {
  return store.erase(reports);
}

// Report n has segments 10n and 10n+1 and two rows.
void close_report(Store& store, std::uint32_t n, std::uint32_t delivery) {
  Turn turn = state_turn(delivery, n, 0, "");
  add_row(turn, n, 10 * n, 0, "words of " + std::to_string(n));
  add_row(turn, n, 10 * n + 1, 0, "more of " + std::to_string(n));
  close(turn, n);
  ASSERT_TRUE(store.record(turn).ok());
}

std::vector<std::string> waiting_entries(Store& store) {
  std::vector<std::string> entries;
  const auto all = store.log_entries().value();
  for (const Bytes& entry : all) entries.push_back(to_string(entry));
  return entries;
}

std::size_t rows_in(Store& store, std::uint32_t segment) {
  std::size_t count = 0;
  EXPECT_TRUE(store
                  .rows(segment_id(segment),
                        [&](std::uint64_t, ByteView) {
                          ++count;
                          return success();
                        })
                  .ok());
  return count;
}

void expect_gone(Store& store, std::uint32_t n) {
  const auto all = store.reports().value();
  for (const StoredReport& one : all) EXPECT_NE(one.report, report_id(n));
  EXPECT_THAT(store.segments(report_id(n)).value(), IsEmpty());
  EXPECT_EQ(rows_in(store, 10 * n) + rows_in(store, 10 * n + 1), 0U);
}

void expect_there(Store& store, std::uint32_t n) {
  const auto segments = store.segments(report_id(n)).value();
  ASSERT_EQ(segments.size(), 2U);
  EXPECT_EQ(segments[0].header, text("header of segment " + std::to_string(10 * n)));
  EXPECT_EQ(rows_in(store, 10 * n) + rows_in(store, 10 * n + 1), 2U);
}

MemberId member_id(std::uint32_t n) {
  return numbered<MemberId>(6, n);
}

// Both streams.
std::vector<ReportAcknowledgement> said_of(std::uint32_t report, std::uint32_t member, Day day) {
  return {{report_id(report), member_id(member), false, day},
          {report_id(report), member_id(member), true, day}};
}

// By report and member, the testimony first.
std::vector<std::string> all_said(Store& store) {
  const auto all = store.acknowledgements().value();
  std::vector<std::string> lines;
  for (std::uint32_t report = 1; report < 10; ++report)
    for (std::uint32_t member = 1; member < 10; ++member)
      for (const bool identity : {false, true})
        for (const ReportAcknowledgement& one : all)
          if (one.report == report_id(report) && one.member == member_id(member) &&
              one.identity == identity)
            lines.push_back(std::to_string(report) + " by " + std::to_string(member) + " on " +
                            std::to_string(one.day.number - kDay.number) +
                            (identity ? " i" : " t"));
  EXPECT_EQ(lines.size(), all.size());
  return lines;
}

}  // namespace

TEST_P(StoreContract, AnErasedReportIsGoneAndTheLogSaysSo) {
  for (const std::uint32_t n : {1U, 2U}) close_report(store(), n, n);
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED 1")}).value(), 1U);
  for (int look = 0; look < 2; ++look) {
    expect_gone(store(), 1);
    expect_there(store(), 2);
    EXPECT_THAT(
        waiting_entries(store()),
        UnorderedElementsAre("log entry of report 1", "log entry of report 2", "EXPIRED 1"));
    reopen();
  }
}

TEST_P(StoreContract, ManyReportsEndTogether) {
  std::vector<Erasure> ends;
  for (std::uint32_t n = 1; n <= 20; ++n) {
    close_report(store(), n, n);
    if (n % 2 == 0) ends.push_back(end_of(n, "EXPIRED " + std::to_string(n)));
  }
  EXPECT_EQ(erase_all(store(), ends).value(), 10U);
  reopen();
  EXPECT_EQ(store().reports().value().size(), 10U);
  for (std::uint32_t n = 1; n <= 20; ++n)
    n % 2 == 0 ? expect_gone(store(), n) : expect_there(store(), n);
}

TEST_P(StoreContract, AReportIsErasedOnce) {
  close_report(store(), 1, 1);
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED"), end_of(1, "EXPIRED again")}).value(), 1U);
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED later")}).value(), 0U);
  reopen();
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED later")}).value(), 0U);
  EXPECT_THAT(waiting_entries(store()), UnorderedElementsAre("log entry of report 1", "EXPIRED"));
}

TEST_P(StoreContract, WhatIsOpenOrUnknownIsPassedOver) {
  Turn open = state_turn(1, 1, 0, "state");
  add_row(open, 1, 10, 0, "words");
  ASSERT_TRUE(store().record(open).ok());
  close_report(store(), 2, 2);
  Turn again = state_turn(3, 2, 0, "state");  // its reporter is back
  add_row(again, 2, 22, 0, "an addition");
  ASSERT_TRUE(store().record(again).ok());
  EXPECT_EQ(erase_all(store(), {end_of(1, "1"), end_of(2, "2"), end_of(9, "9")}).value(), 0U);
  EXPECT_EQ(store().open_reports().value().size(), 2U);
  expect_there(store(), 2);
  EXPECT_THAT(waiting_entries(store()), UnorderedElementsAre("log entry of report 2"));
  EXPECT_EQ(erase_all(store(), {}).value(), 0U);
}

TEST_P(StoreContract, NothingIsErasedWithAnEntryThatIsTooLong) {
  for (const std::uint32_t n : {1U, 2U}) close_report(store(), n, n);
  const auto refused =
      erase_all(store(), {end_of(1, "fits"), end_of(2, std::string(kMostErasureEntry + 1, 'e'))});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::kRefused);
  reopen();
  for (const std::uint32_t n : {1U, 2U}) expect_there(store(), n);
  EXPECT_EQ(erase_all(store(), {end_of(2, std::string(kMostErasureEntry, 'e'))}).value(), 1U);
}

TEST_P(StoreContract, AReportOfTheSameNameMayComeAfterwards) {
  close_report(store(), 1, 1);
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED")}).value(), 1U);
  close_report(store(), 1, 2);
  expect_there(store(), 1);
  reopen();
  expect_there(store(), 1);
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED again")}).value(), 1U);
  expect_gone(store(), 1);
}

TEST_P(StoreContract, AnErasureThatFailedIsMadeAgainAndLoggedOnce) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    const auto fresh = GetParam().make();
    for (const std::uint32_t n : {1U, 2U}) close_report(fresh->store(), n, n);
    FaultyStore faulty(fresh->store());
    faulty.fail_at(1, fate);
    EXPECT_EQ(erase_all(faulty, {end_of(1, "EXPIRED")}).error().fault, Fault::kUnavailable);
    EXPECT_EQ(erase_all(faulty, {end_of(1, "EXPIRED")}).value(),
              fate == FaultyStore::Fate::kBefore ? 1U : 0U);
    fresh->reopen();
    expect_gone(fresh->store(), 1);
    expect_there(fresh->store(), 2);
    EXPECT_EQ(waiting_entries(fresh->store()).size(), 3U);
  }
}

TEST_P(StoreContract, WhatWasErasedHasItsPlaceInTheLogToo) {
  close_report(store(), 1, 1);
  ChainBuilder first;
  ASSERT_TRUE(store().turn_over_log(kDay, first).ok());
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED")}).value(), 1U);
  ChainBuilder second;
  ASSERT_TRUE(store().turn_over_log(kErased, second).ok());
  EXPECT_EQ(logged_entries(store()),
            (std::vector<std::string>{"log entry of report 1", "EXPIRED"}));
}

TEST_P(StoreContract, WhatMembersSaidOfAReportIsKeptOnceWithItsFirstDay) {
  for (const std::uint32_t n : {1U, 2U}) close_report(store(), n, n);
  EXPECT_TRUE(store().acknowledge(2, said_of(1, 7, kDay)).value());
  EXPECT_TRUE(store().acknowledge(2, said_of(1, 7, kErased)).value());
  EXPECT_TRUE(store().acknowledge(2, said_of(1, 8, kErased)).value());
  reopen();
  EXPECT_EQ(all_said(store()), (std::vector<std::string>{"1 by 7 on 0 t", "1 by 7 on 0 i",
                                                         "1 by 8 on 40 t", "1 by 8 on 40 i"}));
}

TEST_P(StoreContract, NobodyVouchesForAReportThatIsNotThereOrIsAnother) {
  close_report(store(), 1, 1);
  EXPECT_FALSE(store().acknowledge(1, said_of(1, 7, kDay)).value()) << "it has two segments";
  EXPECT_FALSE(store().acknowledge(3, said_of(1, 7, kDay)).value());
  EXPECT_FALSE(store().acknowledge(2, said_of(2, 7, kDay)).value());
  EXPECT_FALSE(store().acknowledge(0, said_of(2, 7, kDay)).value());
  EXPECT_THAT(all_said(store()), IsEmpty());
}

TEST_P(StoreContract, WhatWasSaidOfAReportGoesWhenItGrowsAndWhenItGoes) {
  for (const std::uint32_t n : {1U, 2U}) {
    close_report(store(), n, n);
    EXPECT_TRUE(store().acknowledge(2, said_of(n, 7, kDay)).value());
  }
  Turn more = state_turn(3, 1, 0, "");
  add_row(more, 1, 12, 0, "an addition");
  close(more, 1);
  more.report->receipt.reset();
  ASSERT_TRUE(store().record(more).ok());
  ASSERT_EQ(store().segments(report_id(1)).value().size(), 3U);
  EXPECT_EQ(all_said(store()), (std::vector<std::string>{"2 by 7 on 0 t", "2 by 7 on 0 i"}));
  EXPECT_TRUE(store().acknowledge(3, said_of(1, 7, kDay)).value());
  EXPECT_EQ(erase_all(store(), {end_of(1, "EXPIRED"), end_of(2, "EXPIRED")}).value(), 2U);
  EXPECT_THAT(all_said(store()), IsEmpty());
}

TEST_P(StoreContract, AReportThatHasGrownSinceItsEndWasDecidedStays) {
  close_report(store(), 1, 1);
  Erasure end = end_of(1, "EXPIRED");
  end.segments = 1;
  EXPECT_EQ(erase_all(store(), {end}).value(), 0U);
  expect_there(store(), 1);
  end.segments = 2;
  EXPECT_EQ(erase_all(store(), {end}).value(), 1U);
  expect_gone(store(), 1);
}

}  // namespace resguardo::storage
