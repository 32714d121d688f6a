// SPDX-License-Identifier: AGPL-3.0-or-later
// Phones that are linked to a report's replies, in every store (storage/return_store.h, ADR 162).
#include <gtest/gtest.h>

#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing_support::FaultyStore;

LinkTag phone(std::uint32_t n) {
  return numbered<LinkTag>(7, n);
}

LinkWrite link_to(std::uint32_t report, std::uint32_t n, std::int32_t later = 0) {
  return {phone(n), report_id(report), Day{kDay.number + later},
          text("sealed to phone " + std::to_string(n))};
}

std::string found(Store& store, const std::vector<LinkTag>& tags) {
  const auto link = store.find_link(tags).value();
  return link ? to_string(link->sealed) : "nothing";
}

std::string found(Store& store, std::uint32_t n) {
  return found(store, std::vector{phone(n)});
}

void close_it(Store& store, std::uint32_t n) {
  Turn turn = state_turn(n, n, 0, "");
  add_row(turn, n, 10 * n, 0, "words");
  close(turn, n);
  ASSERT_TRUE(store.record(turn).ok());
}

void erase_it(Store& store, std::uint32_t n) {
  const Erasure end{report_id(n), kDay, text("WITHDRAWAL")};
  ASSERT_EQ(store.erase({&end, 1}).value(), 1U);
}

}  // namespace

TEST_P(StoreContract, ALinkIsFoundByItsTagAndByNoOther) {
  for (const std::uint32_t n : {1U, 2U}) close_it(store(), n);
  EXPECT_TRUE(store().link(link_to(1, 1), {}).value());
  EXPECT_TRUE(store().link(link_to(2, 2), {}).value());
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(found(store(), 1), "sealed to phone 1");
    EXPECT_EQ(found(store(), 2), "sealed to phone 2");
    EXPECT_EQ(found(store(), 3), "nothing");
    EXPECT_EQ(found(store(), std::vector{phone(3), phone(2)}), "sealed to phone 2");
    const auto named = store().find_link(std::vector{phone(3), phone(2)}).value();
    EXPECT_EQ(named->tag, phone(2));
    EXPECT_EQ(found(store(), std::vector<LinkTag>{}), "nothing");
    reopen();
  }
}

TEST_P(StoreContract, NobodyIsLinkedToWhatIsNotThere) {
  EXPECT_FALSE(store().link(link_to(1, 1), {}).value());
  close_it(store(), 1);
  erase_it(store(), 1);
  EXPECT_FALSE(store().link(link_to(1, 1), {}).value());
  reopen();
  EXPECT_EQ(found(store(), 1), "nothing");
}

TEST_P(StoreContract, OneReportHasOnePhoneAndOnePhoneOneReport) {
  for (const std::uint32_t n : {1U, 2U}) close_it(store(), n);
  EXPECT_TRUE(store().link(link_to(1, 1), {}).value());
  EXPECT_TRUE(store().link(link_to(1, 3), {}).value());
  EXPECT_EQ(found(store(), 1), "nothing");
  EXPECT_EQ(found(store(), 3), "sealed to phone 3");
  EXPECT_TRUE(store().link(link_to(2, 2), std::vector{phone(3)}).value());
  EXPECT_EQ(found(store(), 3), "nothing");
  LinkWrite same_day = link_to(1, 2);
  same_day.sealed = text("of the other report");
  EXPECT_TRUE(store().link(same_day, {}).value());
  reopen();
  EXPECT_EQ(found(store(), 2), "of the other report");
}

TEST_P(StoreContract, ALinkThatIsNotMadeLeavesWhatThereIs) {
  close_it(store(), 1);
  ASSERT_TRUE(store().link(link_to(1, 1), {}).value());
  EXPECT_FALSE(store().link(link_to(9, 2), std::vector{phone(1)}).value());
  LinkWrite empty = link_to(1, 2);
  empty.sealed.clear();
  EXPECT_EQ(fault_of(store().link(empty, std::vector{phone(1)})), Fault::kRefused);
  LinkWrite longer = link_to(1, 2);
  longer.sealed.assign(kMostSealedLink + 1, 's');
  EXPECT_EQ(fault_of(store().link(longer, std::vector{phone(1)})), Fault::kRefused);
  EXPECT_EQ(found(store(), 1), "sealed to phone 1");
  longer.sealed.pop_back();
  EXPECT_TRUE(store().link(longer, std::vector{phone(1)}).value());
}

TEST_P(StoreContract, ALinkGoesWithItsReport) {
  for (const std::uint32_t n : {1U, 2U}) {
    close_it(store(), n);
    ASSERT_TRUE(store().link(link_to(n, n), {}).value());
  }
  erase_it(store(), 1);
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(found(store(), 1), "nothing");
    EXPECT_EQ(found(store(), 2), "sealed to phone 2");
    reopen();
  }
}

TEST_P(StoreContract, ALinkGoesWithTheReceiptThatGaveWayAndStaysWhereMoreIsAdded) {
  for (const std::uint32_t n : {1U, 2U}) {
    close_it(store(), n);
    ASSERT_TRUE(store().link(link_to(n, n), {}).value());
  }
  Turn more;
  more.delivered = {dedupe(50)};
  more.day = kDay;
  add_row(more, 2, 21, 0, "more");
  more.report->only_more = true;
  more.report->change = ReportChange::kClose;
  Turn other = more;
  ASSERT_TRUE(store().record(more).ok());
  other.delivered = {dedupe(51)};
  other.report->report = report_id(1);
  other.report->segments[0].segment = segment_id(12);
  other.report->rows[0].segment = segment_id(12);
  other.report->receipt = ReceiptWrite{receipt(31), text("another mailbox"), Bytes(32, 8)};
  ASSERT_TRUE(store().record(other).ok());
  ASSERT_TRUE(store().find_receipt(receipt(31)).value()) << "and it has been moved";
  EXPECT_EQ(found(store(), 1), "nothing");
  EXPECT_EQ(found(store(), 2), "sealed to phone 2");
}

TEST_P(StoreContract, LinksAreForgottenByTagAndByDay) {
  for (const std::uint32_t n : {1U, 2U, 3U}) {
    close_it(store(), n);
    ASSERT_TRUE(store().link(link_to(n, n, static_cast<std::int32_t>(n)), {}).value());
  }
  ASSERT_TRUE(store().forget_links(std::vector{phone(9), phone(1)}).ok());
  ASSERT_TRUE(store().forget_links(std::vector{phone(9)}).ok());
  ASSERT_TRUE(store().forget_links(std::vector<LinkTag>{}).ok());
  ASSERT_TRUE(store().forget_links_before(Day{kDay.number + 3}).ok());
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(found(store(), 1), "nothing");
    EXPECT_EQ(found(store(), 2), "nothing") << "of a day before";
    EXPECT_EQ(found(store(), 3), "sealed to phone 3");
    reopen();
  }
}

// A failure at every call, before it was done and after.
TEST_P(StoreContract, ALinkThatFailedIsMadeAgain) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter})
    for (std::size_t call = 1; call <= 4; ++call) {
      const auto fresh = GetParam().make();
      for (const std::uint32_t n : {1U, 2U}) close_it(fresh->store(), n);
      FaultyStore faulty(fresh->store());
      faulty.fail_at(call, fate);
      const auto again = [](auto attempt) {
        if (attempt().ok()) return;
        EXPECT_TRUE(attempt().ok());
      };
      again([&] { return faulty.link(link_to(1, 1), {}); });
      again([&] { return faulty.find_link(std::vector{phone(1)}); });
      again([&] { return faulty.link(link_to(2, 2), std::vector{phone(1)}); });
      again([&] { return faulty.forget_links(std::vector{phone(1)}); });
      again([&] { return faulty.forget_links_before(kDay); });
      fresh->reopen();
      EXPECT_EQ(found(fresh->store(), 1), "nothing");
      EXPECT_EQ(found(fresh->store(), 2), "sealed to phone 2");
    }
}

}  // namespace resguardo::storage
