// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/mailbox/reply.h"

#include <gtest/gtest.h>

#include "crypto/mailbox/mailbox_opener.h"
#include "tests/support/roster_fixture.h"

namespace resguardo {
namespace {

const TimePoint kNow = start_of(Day{20700});

class ReplyTest : public ::testing::Test {
 protected:
  static testing_support::RosterFixture make() {
    return testing_support::make_roster(
        {.analysts = 2,
         .first_week = week_of(kNow),
         .weeks = 1,
         .reserve = false,
         .valid_days = 365,
         .log_keys = {PublicKey<LogRole>::from_bytes(
                          open::SecretKey<RootRole>::generate().value().public_key().view())
                          .value()},
         .log_origin = "example.org/log"});
  }
  Reply content(std::uint8_t n = 1) const {
    return {ReplyId{{n}},
            ReportId{{9}},
            mailbox_.public_key(),
            seal_reply(mailbox_.public_key(), {SecretText("words"), "es", "Uno"}).value(),
            Day{20700},
            fixture_.analysts[0].member(),
            fixture_.roster.anchor().digest,
            "example.org/log"};
  }
  static SignedReply sign(const Reply& reply, const open::AnalystKeys& keys) {
    Bytes exact = reply_bytes(reply).value();
    Bytes signature = keys.identity().sign(Label::kSignReply, exact);
    return {std::move(exact), keys.identity().public_key(), std::move(signature)};
  }
  Result<std::vector<Reply>> verify(const std::vector<SignedReply>& replies) const {
    return verify_replies(as_bytes(reply_file(replies).value()), fixture_.roster);
  }
  const testing_support::RosterFixture fixture_ = make();
  const MailboxOpener mailbox_ = MailboxOpener::from_seed(SecretBytes::random(32).value()).value();
};

TEST_F(ReplyTest, IsReadAsItWasWrittenAndOpensOnlyInItsMailbox) {
  const auto read =
      verify({sign(content(1), fixture_.analysts[0]), sign(content(2), fixture_.analysts[0])});
  ASSERT_TRUE(read.ok()) << read.error().why.c_str();
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->at(1).id, (ReplyId{{2}}));
  EXPECT_EQ(read->at(0).report, (ReportId{{9}}));
  EXPECT_EQ(mailbox_.open(read->at(0).sealed).value().text.reveal(), "words");
}

TEST_F(ReplyTest, OnlyAnActiveMemberOfThisRosterIsHeard) {
  EXPECT_EQ(verify({sign(content(), fixture_.analysts[1])}).error().fault, Fault::kUnauthentic)
      << "one member cannot speak for another";
  const auto stranger = make();
  Reply said = content();
  said.member = stranger.analysts[0].member();
  EXPECT_EQ(verify({sign(said, stranger.analysts[0])}).error().fault, Fault::kUnauthentic);
}

TEST_F(ReplyTest, AReplyForAnotherServerIsRefusedWithAllThatCameWithIt) {
  Reply other = content(2);
  other.origin = "example.net/log";
  EXPECT_EQ(verify({sign(content(1), fixture_.analysts[0]), sign(other, fixture_.analysts[0])})
                .error()
                .fault,
            Fault::kRefused);
}

TEST_F(ReplyTest, AChangedOneIsForgedAndTwoOfOneNameAreNoBundle) {
  SignedReply changed = sign(content(), fixture_.analysts[0]);
  changed.signature[3] ^= 1;
  EXPECT_EQ(reply_file({changed}).error().fault, Fault::kUnauthentic);
  const SignedReply one = sign(content(), fixture_.analysts[0]);
  EXPECT_EQ(reply_file({one, one}).error().fault, Fault::kMalformed);
  EXPECT_EQ(reply_file({}).error().fault, Fault::kMalformed);
}

TEST_F(ReplyTest, HasItsLimits) {
  Reply reply = content();
  reply.sealed.assign(kMostSealedBox, 1);
  EXPECT_TRUE(reply_bytes(reply).ok());
  reply.sealed.assign(kMostSealedBox + 1, 1);
  EXPECT_FALSE(reply_bytes(reply).ok());
  reply.sealed.clear();
  EXPECT_FALSE(reply_bytes(reply).ok());
  reply = content();
  reply.day = Day{0};
  EXPECT_FALSE(reply_bytes(reply).ok());
  reply = content();
  reply.origin = "with space";
  EXPECT_FALSE(reply_bytes(reply).ok());
}

TEST_F(ReplyTest, ATextThatIsNotExactlyAsWrittenIsNone) {
  const std::string text = reply_file({sign(content(), fixture_.analysts[0])}).value();
  for (const std::string& other : {text + "\n", text.substr(1), std::string("x") + text})
    EXPECT_FALSE(open_reply_file(as_bytes(other)).ok());
}

}  // namespace
}  // namespace resguardo
