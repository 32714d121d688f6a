// SPDX-License-Identifier: AGPL-3.0-or-later
// What a receipt gave, and the words of a reply, are nowhere in the memory of the process once
// their stay has ended, however it ended. The program is linked like the bot's
// (resguardo::wiping).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_fixture.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/memory_scan.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing_support::ForwardingStore;
using testing_support::Masked;
using testing_support::WorldOptions;

class Unwritable final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  void submit(storage::Turn turn, Completion done) override {
    if (refuses) return done(Error{Fault::kUnavailable, "a failure that a test asked for"});
    ForwardingStore::submit(std::move(turn), std::move(done));
  }
  bool refuses = false;
};

struct Inside {
  std::optional<Unwritable> store;
  std::optional<Masked> seed;  // of the mailbox, which a reply was opened with
  WorldOptions options() {
    WorldOptions options;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return store.emplace(inner);
    };
    options.open_reply = [this](const SecretBytes& opens, ByteView) -> Result<SecretText> {
      seed = opens.read([](ByteView bytes) { return Masked::of(bytes); });
      return SecretText("Gracias.");
    };
    return options;
  }
};

class ReturnWipingTest : protected Inside, public Returning {
 protected:
  ReturnWipingTest() : Returning(Inside::options()) {}
  void SetUp() override {
    Returning::SetUp();
    const auto secrets = world_.secrets_of(receipt_);
    const auto mask = [](ByteView bytes) { return Masked::of(bytes); };
    wrap_ = secrets.mailbox_wrap.read(mask);
    signs_ = secrets.withdrawal_seed.read(mask);
  }
  void come_in() {
    come_back();
    EXPECT_GE(wrap_->copies_in_process(), 1U) << "the hunt finds what is there";
    EXPECT_GE(signs_->copies_in_process(), 1U) << "the hunt finds what is there";
  }
  void expect_gone(const char* when) {
    EXPECT_EQ(wrap_->copies_in_process(), 0U) << when;
    EXPECT_EQ(signs_->copies_in_process(), 0U) << when;
    EXPECT_EQ(seed ? seed->copies_in_process() : 0U, 0U) << when;
  }
  std::optional<Masked> wrap_, signs_;
};

TEST_F(ReturnWipingTest, BeforeAnybodyIsBack) {
  expect_gone("before");
}

TEST_F(ReturnWipingTest, AfterGoodbyeAndExit) {
  for (const char* word : {"7", "SALIR"}) {
    come_in();
    by_signal(word);
    expect_gone(word);
    world_.advance(minutes(31));
  }
}

TEST_F(ReturnWipingTest, AfterSilence) {
  come_in();
  world_.advance(minutes(31));
  world_.upkeep();
  expect_gone("silence");
}

TEST_F(ReturnWipingTest, BeforeTheMenuToo) {
  EXPECT_THAT(world_.say_code(Channel::kSignal, kOtherPhone, receipt_), SizeIs(1));
  EXPECT_GE(wrap_->copies_in_process(), 1U);
  world_.advance(minutes(31));
  world_.upkeep();
  expect_gone("silence");
}

TEST_F(ReturnWipingTest, WhenSomethingIsAddedAndWhenAllIsWithdrawn) {
  come_in();
  by_signal("2");
  by_signal("una");
  expect_gone("they are adding");
  by_signal("SALIR");
  come_in();
  by_signal("3");
  EXPECT_THAT(by_signal("1"), HasSubstr("ya no está aquí"));
  expect_gone("withdrawn");
}

// The turn's fate is not known, and they fall silent.
TEST_F(ReturnWipingTest, AlsoWhenTheStoreFailedMeanwhile) {
  come_back_by_whatsapp();
  EXPECT_GE(signs_->copies_in_process(), 1U);
  by_whatsapp("2");
  store->refuses = true;
  EXPECT_EQ(world_.say(Channel::kWhatsApp, kBea, "una"), 503U);
  world_.advance(minutes(31));
  world_.upkeep();
  expect_gone("silence");
  store->refuses = false;
  EXPECT_THAT(by_whatsapp("una"), HasSubstr("Elija su idioma"));
}

TEST_F(ReturnWipingTest, WhenTheNumberBelongsToSomebodyElse) {
  come_back_by_whatsapp();
  EXPECT_GE(signs_->copies_in_process(), 1U);
  EXPECT_EQ(
      world_.send_whatsapp(
          kBea,
          R"({"type":"system","system":{"type":"user_changed_number","wa_id":"15550100009"}})"),
      200U);
  expect_gone("another number");
}

TEST_F(ReturnWipingTest, WhenTheBotStops) {
  come_in();
  world_.restart();
  expect_gone("a stop");
}

TEST_F(ReturnWipingTest, AWrongCodeLeavesNothingNorDoesOneThatIsNotLookedAt) {
  EXPECT_THAT(world_.say_code(Channel::kSignal, kOtherPhone, another(receipt_)), SizeIs(1));
  expect_gone("a wrong one");
}

TEST_F(ReturnWipingTest, TheMailboxOpensForAMomentOnly) {
  storage::ReplyWrite reply;
  reply.report = opened().report;
  reply.sealed = to_bytes(as_bytes("sealed"));
  reply.day = day_of(world_.now());
  ASSERT_EQ(world_.store().deliver({&reply, 1}).value().added, 1U);
  come_in();
  EXPECT_THAT(by_signal("1"), HasSubstr("Gracias."));
  ASSERT_TRUE(seed);
  EXPECT_EQ(seed->copies_in_process(), 0U);
}

}  // namespace
}  // namespace resguardo::intake
