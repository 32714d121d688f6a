// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/returning.h"

#include <gtest/gtest.h>

#include "crypto/base/random.h"
#include "storage/memory_store.h"
#include "tests/support/faulty_store.h"

namespace resguardo::intake {
namespace {

using testing_support::FaultyStore;

const TimePoint kNow = start_of(Day{20'600});

template <class Id>
Id id_of(std::uint8_t n) {
  Id id;
  id.bytes.fill(n);
  return id;
}

SecretBytes secret_of(std::uint8_t n) {
  Bytes bytes(32, n);
  return SecretBytes::take(bytes).value();
}

// A store with one closed report and its receipt.
class TakeBackTest : public ::testing::Test {
 protected:
  TakeBackTest() {
    storage::Turn turn;
    turn.day = day_of(kNow);
    storage::ReportWrite& report = turn.report.emplace();
    report.report = session_.report;
    report.day = turn.day;
    report.change = storage::ReportChange::kClose;
    report.segments.push_back({id_of<Digest>(1), 0, Bytes(8, 'h')});
    report.rows.push_back({id_of<Digest>(1), 0, Bytes(8, 'r')});
    report.log_entries.push_back(Bytes(8, 'e'));
    report.receipt = storage::ReceiptWrite{session_.lookup, Bytes(8, 'm'), Bytes(32, 'k')};
    EXPECT_TRUE(store_->record(std::move(turn)).ok());
  }
  bool is_there() { return store_->find_receipt(session_.lookup).value().has_value(); }

  SystemRandom random_;
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  ReturnSession session_{id_of<storage::ReceiptLookup>(9),
                         id_of<ReportId>(3),
                         secret_of(1),
                         secret_of(2),
                         Bytes(8, 'm'),
                         {}};
};

TEST_F(TakeBackTest, SaysDoneIfAndOnlyIfTheReportIsGone) {
  // Calls of the store: find, erase, find. One that fails before or after it was done.
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    FaultyStore faulty(*store_);
    faulty.fail_at(2, fate);
    const Status done = take_back(faulty, session_, {}, kNow, random_);
    EXPECT_EQ(done.ok(), !is_there());
    EXPECT_EQ(done.ok(), fate == FaultyStore::Fate::kAfter);
  }
  EXPECT_FALSE(is_there());
  EXPECT_TRUE(take_back(*store_, session_, {}, kNow, random_).ok()) << "asked again: it is gone";
}

TEST_F(TakeBackTest, OfWhatIsGoneNoPurposeIsTakenBack) {
  ASSERT_TRUE(take_back(*store_, session_, {}, kNow, random_).ok());
  EXPECT_FALSE(take_back(*store_, session_, {"publish"}, kNow, random_).ok());
}

}  // namespace
}  // namespace resguardo::intake
