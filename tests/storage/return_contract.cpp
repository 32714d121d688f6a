// SPDX-License-Identifier: AGPL-3.0-or-later
// Who comes back, in every store (storage/return_store.h).
#include <gmock/gmock.h>

#include "tests/storage/script.h"
#include "tests/storage/store_contract.h"
#include "tests/support/faulty_store.h"

namespace resguardo::storage {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using testing_support::FaultyStore;

ReplyId reply_id(std::uint32_t n) {
  return numbered<ReplyId>(0, n);
}

ReplyWrite reply(std::uint32_t n, std::uint32_t report, std::int32_t later = 0) {
  return {reply_id(n), report_id(report), text("reply " + std::to_string(n)),
          Day{kDay.number + later}};
}

Result<Delivered> deliver(Store& store, const std::vector<ReplyWrite>& replies) {
  return store.deliver(replies);
}

std::string counts(const Result<Delivered>& done) {
  if (!done.ok()) return "failed";
  return std::to_string(done->added) + " new, " + std::to_string(done->known) + " known, " +
         std::to_string(done->unknown) + " for nobody, " + std::to_string(done->full) + " full";
}

std::vector<std::string> waiting_for(Store& store, std::uint32_t report) {
  std::vector<std::string> words;
  const auto all = store.replies(report_id(report)).value();
  for (const StoredReply& one : all) words.push_back(to_string(one.sealed));
  return words;
}

void close_one(Store& store, std::uint32_t n, std::uint32_t delivery) {
  Turn turn = state_turn(delivery, n, 0, "");
  add_row(turn, n, 10 * n, 0, "words of " + std::to_string(n));
  close(turn, n);
  ASSERT_TRUE(store.record(turn).ok());
}

// Its reporter is back, and tells more: a conversation of its own goes on.
Turn more_of(std::uint32_t n, std::uint32_t segment, std::uint32_t delivery) {
  Turn turn = state_turn(delivery, 100 + n, 0, "back");
  add_row(turn, n, segment, 0, "an addition");
  turn.report->only_more = true;
  return turn;
}

// Another receipt for it, with the segment and the entry that say so; all of it in one turn.
Turn another_receipt(std::uint32_t n, std::uint32_t segment, std::uint32_t delivery,
                     std::uint32_t number) {
  Turn turn;
  turn.delivered = {dedupe(delivery)};
  turn.day = kDay;
  add_row(turn, n, segment, 0, "another receipt");
  turn.report->only_more = true;
  turn.report->change = ReportChange::kClose;
  turn.report->receipt = ReceiptWrite{receipt(number), text("another mailbox"), Bytes(32, 8)};
  turn.report->log_entries.push_back(text("ADDENDUM " + std::to_string(number)));
  return turn;
}

std::vector<std::string> entries_in(Store& store) {
  std::vector<std::string> entries;
  const auto all = store.log_entries().value();
  for (const Bytes& entry : all) entries.push_back(to_string(entry));
  return entries;
}

void erase_report(Store& store, std::uint32_t n) {
  const Erasure end{report_id(n), kDay, text("WITHDRAWAL")};
  ASSERT_EQ(store.erase({&end, 1}).value(), 1U);
}

}  // namespace

TEST_P(StoreContract, AReceiptFindsItsReportAndNoOther) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  for (int look = 0; look < 2; ++look) {
    const auto found = store().find_receipt(receipt(2)).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->report, report_id(2));
    EXPECT_EQ(found->next_segment, 1U);
    EXPECT_FALSE(found->open);
    EXPECT_EQ(found->wrapped_mailbox, text("mailbox"));
    EXPECT_EQ(found->withdrawal_key, Bytes(32, 7));
    EXPECT_FALSE(store().find_receipt(receipt(3)).value());
    reopen();
  }
}

TEST_P(StoreContract, AnOpenReportHasNoReceiptYet) {
  Turn open = state_turn(1, 1, 0, "state");
  add_row(open, 1, 10, 0, "words");
  open.report->receipt = ReceiptWrite{receipt(1), text("mailbox"), Bytes(32, 7)};
  ASSERT_TRUE(store().record(open).ok());
  EXPECT_FALSE(store().find_receipt(receipt(1)).value());
}

TEST_P(StoreContract, WhatIsAddedComesAfterWhatIsThere) {
  close_one(store(), 1, 1);
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  for (int look = 0; look < 2; ++look) {
    const auto found = store().find_receipt(receipt(1)).value();
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->open);
    EXPECT_EQ(found->next_segment, 2U);
    reopen();
  }
  Turn end = state_turn(3, 101, 1, "");
  add_row(end, 1, 11, 1, "the last words");
  end.report->change = ReportChange::kClose;
  end.report->log_entries.push_back(text("ADDENDUM"));
  ASSERT_TRUE(store().record(end).ok());
  const auto found = store().find_receipt(receipt(1)).value();
  ASSERT_TRUE(found) << "the old receipt stays good";
  EXPECT_FALSE(found->open);
  EXPECT_EQ(found->next_segment, 2U);
  EXPECT_THAT(store().segments(report_id(1)).value(), SizeIs(2));
  EXPECT_THAT(entries_in(store()), UnorderedElementsAre("log entry of report 1", "ADDENDUM"));
}

// From two phones at once; the second is to look where the first has come to.
TEST_P(StoreContract, TwoWhoComeBackDoNotBeginAtOnePlace) {
  close_one(store(), 1, 1);
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  const auto other = [](std::uint32_t delivery) {
    Turn turn = state_turn(delivery, 200, 0, "back too");
    add_row(turn, 1, 12, 0, "another addition");
    turn.report->only_more = true;
    return turn;
  };
  for (std::uint32_t look = 0; look < 3; ++look) {
    EXPECT_EQ(fault_of(store().record(other(10 + look))), Fault::kConflict);
    Turn on = state_turn(20 + look, 101, 1 + look, "still here");
    add_row(on, 1, 11, 1 + look, "more");
    on.report->only_more = true;
    EXPECT_TRUE(store().record(on).ok()) << look;
    if (look == 0) reopen();
    if (look != 1) continue;
    ASSERT_TRUE(store().turn_over_journal(Day{kDay.number + 1}, Day{0}).ok());
  }
  Turn end = state_turn(30, 101, 4, "");
  add_row(end, 1, 11, 4, "the last words");
  end.report->change = ReportChange::kClose;
  end.report->only_more = true;
  ASSERT_TRUE(store().record(end).ok());
  EXPECT_TRUE(store().record(other(40)).ok()) << "nobody is there any more";
}

TEST_P(StoreContract, AFetchedFileIsNotCountedAmongTheSegments) {
  Turn turn = state_turn(1, 1, 0, "");
  add_row(turn, 1, 10, 0, "words");
  take_media(turn, 5);
  close(turn, 1);
  ASSERT_TRUE(store().record(turn).ok());
  ASSERT_TRUE(store().record(addendum(1, 5, 77, Fetched::kLost)).ok());
  ASSERT_THAT(store().segments(report_id(1)).value(), SizeIs(2));
  EXPECT_EQ(store().find_receipt(receipt(1)).value()->next_segment, 1U);
}

TEST_P(StoreContract, AnAdditionThatIsErasedTakesNothingOfBeforeWithIt) {
  close_one(store(), 1, 1);
  ASSERT_TRUE(deliver(store(), {reply(1, 1)}).ok());
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  Turn away = state_turn(3, 101, 1, "");
  erase(away, 1);
  away.conversation->remove = true;
  ASSERT_TRUE(store().record(away).ok());
  reopen();
  EXPECT_THAT(store().segments(report_id(1)).value(), SizeIs(1));
  EXPECT_FALSE(store().find_receipt(receipt(1)).value()->open);
  EXPECT_THAT(waiting_for(store(), 1), ElementsAre("reply 1"));
}

TEST_P(StoreContract, NobodyAddsToWhatIsGone) {
  close_one(store(), 1, 1);
  erase_report(store(), 1);
  EXPECT_EQ(fault_of(store().record(more_of(1, 11, 2))), Fault::kNotFound);
  EXPECT_THAT(store().open_reports().value(), IsEmpty());
  Turn at_once = more_of(1, 11, 3);
  at_once.report->change = ReportChange::kClose;
  EXPECT_EQ(fault_of(store().record(at_once)), Fault::kNotFound);
  EXPECT_THAT(store().reports().value(), IsEmpty());
}

TEST_P(StoreContract, WhatIsOpenForTheFirstTimeMayBeAddedToAsWell) {
  Turn open = state_turn(1, 1, 0, "state");
  add_row(open, 1, 10, 0, "words");
  ASSERT_TRUE(store().record(open).ok());
  Turn more = state_turn(2, 1, 1, "state");
  add_row(more, 1, 10, 1, "more words");
  more.report->only_more = true;
  EXPECT_TRUE(store().record(more).ok());
}

TEST_P(StoreContract, AReceiptThatComesLaterTakesTheOthersPlace) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  ASSERT_TRUE(deliver(store(), {reply(1, 1), reply(2, 2)}).ok());
  ASSERT_TRUE(store().record(another_receipt(1, 11, 3, 31)).ok());
  for (int look = 0; look < 2; ++look) {
    EXPECT_FALSE(store().find_receipt(receipt(1)).value()) << "the old one opens nothing";
    const auto found = store().find_receipt(receipt(31)).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->report, report_id(1));
    EXPECT_EQ(found->next_segment, 2U);
    EXPECT_FALSE(found->open);
    EXPECT_EQ(found->wrapped_mailbox, text("another mailbox"));
    EXPECT_EQ(found->withdrawal_key, Bytes(32, 8));
    EXPECT_THAT(waiting_for(store(), 1), IsEmpty()) << "nobody could open them";
    EXPECT_THAT(waiting_for(store(), 2), ElementsAre("reply 2"));
    EXPECT_TRUE(store().find_receipt(receipt(2)).value());
    reopen();
  }
  EXPECT_EQ(counts(deliver(store(), {reply(1, 1), reply(3, 1)})),
            "1 new, 1 known, 0 for nobody, 0 full");
  ASSERT_TRUE(store().record(another_receipt(1, 12, 4, 32)).ok());
  EXPECT_FALSE(store().find_receipt(receipt(31)).value());
  EXPECT_TRUE(store().find_receipt(receipt(32)).value());
}

TEST_P(StoreContract, AReceiptTakesThePlaceWhileSomebodyAdds) {
  close_one(store(), 1, 1);
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  Turn end = another_receipt(1, 12, 3, 31);
  EXPECT_TRUE(store().record(end).ok());
  EXPECT_FALSE(store().find_receipt(receipt(1)).value());
  EXPECT_EQ(store().find_receipt(receipt(31)).value()->report, report_id(1));
}

TEST_P(StoreContract, NoReceiptTakesThePlaceOfWhatIsGone) {
  close_one(store(), 1, 1);
  erase_report(store(), 1);
  EXPECT_EQ(fault_of(store().record(another_receipt(1, 11, 2, 31))), Fault::kNotFound);
  EXPECT_FALSE(store().find_receipt(receipt(31)).value());
}

// The turn that closes a report goes on with its conversation, under another name.
TEST_P(StoreContract, AConversationMayOutliveItsReportUnderAnotherName) {
  Turn turn = state_turn(1, 1, 0, "state");
  add_row(turn, 1, 10, 0, "words");
  ASSERT_TRUE(store().record(turn).ok());
  Turn end = state_turn(2, 5, 1, "waits for its receipt");
  end.conversation->found_under = tag(1);
  add_row(end, 1, 10, 1, "the last words");
  close(end, 1);
  end.conversation->remove = false;
  ASSERT_TRUE(store().record(end).ok());
  for (int look = 0; look < 2; ++look) {
    EXPECT_FALSE(store().find(tag(1)).value());
    const auto found = store().find(tag(5)).value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->counter, 2U);
    EXPECT_EQ(found->sealed_state, text("waits for its receipt"));
    EXPECT_TRUE(store().find_receipt(receipt(1)).value());
    reopen();
  }
  ASSERT_TRUE(store().turn_over_journal(Day{kDay.number + 1}, kDay).ok());
  reopen();
  Turn gone = state_turn(3, 5, 2, "");
  gone.conversation->remove = true;
  ASSERT_TRUE(store().record(gone).ok());
  reopen();
  EXPECT_FALSE(store().find(tag(5)).value());
  EXPECT_TRUE(store().find_receipt(receipt(1)).value());
}

TEST_P(StoreContract, RepliesWaitInTheOrderOfTheirDays) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  EXPECT_EQ(counts(deliver(store(), {reply(1, 1, 3), reply(2, 1, 1), reply(3, 2), reply(4, 9)})),
            "3 new, 0 known, 1 for nobody, 0 full");
  for (int look = 0; look < 2; ++look) {
    EXPECT_THAT(waiting_for(store(), 1), ElementsAre("reply 2", "reply 1"));
    EXPECT_THAT(waiting_for(store(), 2), ElementsAre("reply 3"));
    EXPECT_THAT(waiting_for(store(), 9), IsEmpty());
    EXPECT_EQ(store().replies(report_id(1)).value()[0].day, Day{kDay.number + 1});
    EXPECT_EQ(store().replies(report_id(1)).value()[0].id, reply_id(2));
    reopen();
  }
}

TEST_P(StoreContract, AReplyIsNewOnceAlsoAfterItWasTaken) {
  close_one(store(), 1, 1);
  const std::vector<ReplyWrite> both = {reply(1, 1), reply(2, 1)};
  EXPECT_EQ(counts(deliver(store(), both)), "2 new, 0 known, 0 for nobody, 0 full");
  EXPECT_EQ(counts(deliver(store(), both)), "0 new, 2 known, 0 for nobody, 0 full");
  const std::vector<ReplyId> taken = {reply_id(1), reply_id(7)};
  ASSERT_TRUE(store().forget_replies(report_id(1), taken).ok());
  reopen();
  EXPECT_THAT(waiting_for(store(), 1), ElementsAre("reply 2"));
  EXPECT_EQ(counts(deliver(store(), {both[0], both[1], reply(7, 1)})),
            "1 new, 2 known, 0 for nobody, 0 full");
  EXPECT_EQ(counts(deliver(store(), {reply(8, 1), reply(8, 1)})),
            "1 new, 1 known, 0 for nobody, 0 full");
}

TEST_P(StoreContract, NobodyTakesTheRepliesOfAnother) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  ASSERT_TRUE(deliver(store(), {reply(1, 1)}).ok());
  const std::vector<ReplyId> taken = {reply_id(1)};
  ASSERT_TRUE(store().forget_replies(report_id(2), taken).ok());
  EXPECT_THAT(waiting_for(store(), 1), ElementsAre("reply 1"));
}

TEST_P(StoreContract, NoMoreRepliesWaitThanOnePersonWillRead) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  std::vector<ReplyWrite> many;
  for (std::uint32_t n = 1; n <= kMostReplies + 1; ++n) many.push_back(reply(n, 1));
  many.push_back(reply(100, 2));
  EXPECT_EQ(counts(deliver(store(), many)), "33 new, 0 known, 0 for nobody, 1 full");
  const std::vector<ReplyId> taken = {reply_id(1)};
  ASSERT_TRUE(store().forget_replies(report_id(1), taken).ok());
  EXPECT_EQ(counts(deliver(store(), {reply(kMostReplies + 1, 1)})),
            "1 new, 0 known, 0 for nobody, 0 full");
}

TEST_P(StoreContract, ALongReplyIsRefusedWithAllThatCameWithIt) {
  close_one(store(), 1, 1);
  ReplyWrite longest = reply(1, 1);
  longest.sealed.assign(kMostSealedReply, 'r');
  ReplyWrite longer = reply(2, 1);
  longer.sealed.assign(kMostSealedReply + 1, 'r');
  ReplyWrite empty = reply(3, 1);
  empty.sealed.clear();
  EXPECT_EQ(fault_of(deliver(store(), {longest, longer})), Fault::kRefused);
  EXPECT_EQ(fault_of(deliver(store(), {longest, empty})), Fault::kRefused);
  EXPECT_THAT(waiting_for(store(), 1), IsEmpty());
  EXPECT_EQ(counts(deliver(store(), {longest})), "1 new, 0 known, 0 for nobody, 0 full");
}

TEST_P(StoreContract, ReceiptsAndRepliesGoWithTheirReport) {
  for (const std::uint32_t n : {1U, 2U}) close_one(store(), n, n);
  ASSERT_TRUE(deliver(store(), {reply(1, 1), reply(2, 2)}).ok());
  erase_report(store(), 1);
  for (int look = 0; look < 2; ++look) {
    EXPECT_FALSE(store().find_receipt(receipt(1)).value());
    EXPECT_THAT(waiting_for(store(), 1), IsEmpty());
    EXPECT_THAT(waiting_for(store(), 2), ElementsAre("reply 2"));
    EXPECT_EQ(counts(deliver(store(), {reply(1, 1), reply(3, 1)})),
              "0 new, 0 known, 2 for nobody, 0 full");
    reopen();
  }
}

TEST_P(StoreContract, ARepliedReportKeepsItsRepliesWhileMoreIsAdded) {
  close_one(store(), 1, 1);
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  EXPECT_EQ(counts(deliver(store(), {reply(1, 1)})), "1 new, 0 known, 0 for nobody, 0 full");
  EXPECT_THAT(waiting_for(store(), 1), ElementsAre("reply 1"));
}

TEST_P(StoreContract, AChangeOfConsentIsLoggedOnceAndOnlyWhileThereIsAReport) {
  close_one(store(), 1, 1);
  EXPECT_TRUE(store().change_consent(report_id(1), kDay, text("CONSENT_CHANGE")).value());
  EXPECT_TRUE(store().change_consent(report_id(1), kDay, text("CONSENT_CHANGE")).value());
  EXPECT_FALSE(store().change_consent(report_id(2), kDay, text("CONSENT_CHANGE 2")).value());
  reopen();
  EXPECT_THAT(entries_in(store()), UnorderedElementsAre("log entry of report 1", "CONSENT_CHANGE"));
  ASSERT_TRUE(store().record(more_of(1, 11, 2)).ok());
  EXPECT_TRUE(store().change_consent(report_id(1), kDay, text("while open again")).value());
}

// A failure at every call, before it was done and after.
TEST_P(StoreContract, ADeliveryThatFailedIsMadeAgainAndNothingIsThereTwice) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter})
    for (std::size_t call = 1; call <= 4; ++call) {
      const auto fresh = GetParam().make();
      close_one(fresh->store(), 1, 1);
      FaultyStore faulty(fresh->store());
      faulty.fail_at(call, fate);
      const std::vector<ReplyId> taken = {reply_id(1)};
      const auto again = [](auto attempt) {
        if (attempt().ok()) return;
        EXPECT_TRUE(attempt().ok());
      };
      again([&] { return deliver(faulty, {reply(1, 1), reply(2, 1)}); });
      again([&] { return faulty.forget_replies(report_id(1), taken); });
      again([&] { return faulty.change_consent(report_id(1), kDay, text("CONSENT_CHANGE")); });
      again([&] { return faulty.find_receipt(receipt(1)); });
      fresh->reopen();
      EXPECT_THAT(waiting_for(fresh->store(), 1), ElementsAre("reply 2"));
      EXPECT_EQ(entries_in(fresh->store()).size(), 2U);
    }
}

}  // namespace resguardo::storage
