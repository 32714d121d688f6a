// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/replies.h"

#include <gtest/gtest.h>

#include "crypto/mailbox/mailbox_opener.h"
#include "crypto/mailbox/reply.h"
#include "storage/memory_store.h"
#include "tests/storage/script.h"
#include "tests/support/faulty_store.h"
#include "tests/support/roster_fixture.h"

namespace resguardo::commands {
namespace {

using storage::report_id;
using testing_support::FaultyStore;

constexpr Day kToday{20700};

testing_support::RosterFixture a_roster() {
  const auto log_key = open::SecretKey<RootRole>::generate().value().public_key();
  return testing_support::make_roster(
      {.analysts = 2,
       .first_week = week_of(start_of(kToday)),
       .weeks = 1,
       .reserve = false,
       .valid_days = 365,
       .log_keys = {PublicKey<LogRole>::from_bytes(log_key.view()).value()},
       .log_origin = "example.org/log"});
}

class RepliesTest : public testing::Test {
 protected:
  void SetUp() override {
    storage::Turn turn = storage::state_turn(1, 1, 0, "");
    storage::add_row(turn, 1, 10, 0, "words");
    storage::close(turn, 1);
    ASSERT_TRUE(store_->record(turn).ok());
  }
  SignedReply signed_reply(std::uint8_t n, std::uint32_t report, const open::AnalystKeys& by,
                           const std::string& origin = "example.org/log") const {
    const Reply reply{ReplyId{{n}},
                      report_id(report),
                      mailbox_.public_key(),
                      seal_reply(mailbox_.public_key(), {SecretText("words"), "es", "Uno"}).value(),
                      kToday,
                      by.member(),
                      roster_.roster.anchor().digest,
                      origin};
    Bytes exact = reply_bytes(reply).value();
    Bytes signature = by.identity().sign(Label::kSignReply, exact);
    return {std::move(exact), by.identity().public_key(), std::move(signature)};
  }
  Result<storage::Delivered> take(const std::vector<SignedReply>& replies, storage::Store& store) {
    return take_replies(store, roster_.roster, as_bytes(reply_file(replies).value()), kToday);
  }
  const testing_support::RosterFixture roster_ = a_roster();
  const MailboxOpener mailbox_ = MailboxOpener::from_seed(SecretBytes::random(32).value()).value();
  const std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
};

TEST_F(RepliesTest, ADeliveryIsKeptOnceAndSaysWhatWasForNobody) {
  const auto& ana = roster_.analysts[0];
  const std::vector<SignedReply> both = {signed_reply(1, 1, ana), signed_reply(2, 9, ana)};
  const auto first = take(both, *store_).value();
  EXPECT_EQ(first.added, 1U);
  EXPECT_EQ(first.unknown, 1U);
  const auto again = take(both, *store_).value();
  EXPECT_EQ(again.added, 0U);
  EXPECT_EQ(again.known, 1U);
  const auto waiting = store_->replies(report_id(1)).value();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(mailbox_.open(waiting[0].sealed).value().text.reveal(), "words");
}

TEST_F(RepliesTest, NothingIsKeptOfWhatIsNotByAMemberOrNotForThisServer) {
  const auto& ana = roster_.analysts[0];
  const auto stranger = a_roster();
  EXPECT_EQ(take({signed_reply(1, 1, ana), signed_reply(2, 1, stranger.analysts[0])}, *store_)
                .error()
                .fault,
            Fault::kUnauthentic);
  EXPECT_EQ(take({signed_reply(1, 1, ana), signed_reply(2, 1, ana, "example.net/log")}, *store_)
                .error()
                .fault,
            Fault::kRefused);
  EXPECT_TRUE(store_->replies(report_id(1)).value().empty());
}

TEST_F(RepliesTest, WhatTheDiskRefusedIsDeliveredAgain) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    FaultyStore faulty(*store_);
    faulty.fail_at(1, fate);
    const std::vector<SignedReply> one = {signed_reply(3, 1, roster_.analysts[1])};
    EXPECT_EQ(take(one, faulty).error().fault, Fault::kUnavailable);
    EXPECT_TRUE(take(one, faulty).ok());
  }
  EXPECT_EQ(store_->replies(report_id(1)).value().size(), 1U);
}

}  // namespace
}  // namespace resguardo::commands
