// SPDX-License-Identifier: AGPL-3.0-or-later
// What an analyst answered: shown until it has arrived, and forgotten once then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_fixture.h"
#include "tests/support/forwarding_store.h"

namespace resguardo::intake {
namespace {

using std::chrono::minutes;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::ForwardingStore;
using testing_support::WorldOptions;

class FailingReplies final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::vector<storage::StoredReply>> replies(const ReportId& report) override {
    if (no_replies) return Error{Fault::kUnavailable, "a failure that a test asked for"};
    return ForwardingStore::replies(report);
  }
  Status forget_replies(const ReportId& report,
                        std::span<const storage::ReplyId> replies) override {
    ++forgotten;
    if (forgets_nothing) return Error{Fault::kUnavailable, "a failure that a test asked for"};
    return ForwardingStore::forget_replies(report, replies);
  }
  bool no_replies = false;
  bool forgets_nothing = false;
  int forgotten = 0;
};

struct StoreFailing {
  std::optional<FailingReplies> failing;
  WorldOptions options() {
    WorldOptions options;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return failing.emplace(inner);
    };
    options.open_reply = [](const SecretBytes&, ByteView sealed) -> Result<SecretText> {
      if (as_text(sealed).starts_with("nobody's"))
        return Error{Fault::kUnauthentic, "it is sealed to somebody else"};
      return SecretText(as_text(sealed));
    };
    return options;
  }
};

class ReturnRepliesTest : protected StoreFailing, public Returning {
 protected:
  ReturnRepliesTest() : Returning(StoreFailing::options()) {}
  void answer(std::uint8_t number, const std::string& text) {
    storage::ReplyWrite reply;
    reply.id.bytes[0] = number;
    reply.report = opened().report;
    reply.sealed = to_bytes(as_bytes(text));
    reply.day = day_of(world_.now());
    ASSERT_EQ(world_.store().deliver({&reply, 1}).value().added, 1U);
  }
  std::size_t waiting() { return world_.store().replies(opened().report).value().size(); }
  bool on_screen(const std::string& text) {
    const auto chat = world_.chat(kOtherPhone);
    return std::ranges::any_of(chat, [&](const auto& one) { return says(one, text); });
  }
};

TEST_F(ReturnRepliesTest, WhatArrivedIsForgottenOnce) {
  answer(1, "¿A qué hora fue?");
  answer(2, "Gracias.");
  EXPECT_THAT(come_back(), HasSubstr("Respuestas para usted: 2"));
  EXPECT_THAT(by_signal("1"), HasSubstr("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 1U);
  EXPECT_THAT(by_signal("seguir"), HasSubstr("Gracias."));
  EXPECT_THAT(by_signal("seguir"), HasSubstr("No hay más respuestas"));
  EXPECT_THAT(by_signal("1"), HasSubstr("No hay más respuestas"));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(failing->forgotten, 2);
}

TEST_F(ReturnRepliesTest, WhatDidNotArriveIsShownAgainInTheSameStay) {
  answer(1, "¿A qué hora fue?");
  come_back();
  world_.messenger_takes(false);
  by_signal("1");
  EXPECT_FALSE(on_screen("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 1U);
  by_signal("seguir");
  EXPECT_FALSE(on_screen("¿A qué hora fue?"));
  world_.messenger_takes(true);
  by_signal("seguir");
  EXPECT_TRUE(on_screen("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_THAT(by_signal("seguir"), HasSubstr("No hay más respuestas"));
  EXPECT_EQ(failing->forgotten, 1);
}

TEST_F(ReturnRepliesTest, OrInTheNextStay) {
  answer(1, "¿A qué hora fue?");
  come_back();
  world_.outbox_has_room(false);
  by_signal("1");
  world_.outbox_has_room(true);
  by_signal("SALIR");
  world_.advance(minutes(31));
  EXPECT_THAT(come_back(), HasSubstr("Respuestas para usted: 1"));
  EXPECT_THAT(by_signal("1"), HasSubstr("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(ReturnRepliesTest, ARestartBeforeItArrivedLosesNothing) {
  answer(1, "¿A qué hora fue?");
  come_back();
  world_.messenger_takes(false);
  by_signal("1");
  world_.restart();
  world_.messenger_takes(true);
  EXPECT_THAT(come_back(), HasSubstr("Respuestas para usted: 1"));
  EXPECT_THAT(by_signal("1"), HasSubstr("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(ReturnRepliesTest, WhatTheStoreDidNotForgetIsShownOnceMoreAnotherTime) {
  answer(1, "¿A qué hora fue?");
  come_back();
  failing->forgets_nothing = true;
  by_signal("1");
  EXPECT_THAT(by_signal("seguir"), HasSubstr("No hay más respuestas"));
  by_signal("SALIR");
  failing->forgets_nothing = false;
  world_.advance(minutes(31));
  come_back();
  EXPECT_THAT(by_signal("1"), HasSubstr("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 0U);
}

// Nobody is told that there is nothing where nobody could look.
TEST_F(ReturnRepliesTest, AStoreThatCannotBeReadIsNoEmptyOne) {
  answer(1, "¿A qué hora fue?");
  come_back();
  failing->no_replies = true;
  EXPECT_THAT(by_signal("1"), HasSubstr("Ahora no se puede"));
  failing->no_replies = false;
  EXPECT_THAT(by_signal("1"), HasSubstr("¿A qué hora fue?"));
}

TEST_F(ReturnRepliesTest, WhatDoesNotOpenIsPassedOver) {
  answer(1, "nobody's");
  answer(2, "Gracias.");
  come_back();
  EXPECT_THAT(by_signal("1"), HasSubstr("Gracias."));
  EXPECT_THAT(by_signal("seguir"), HasSubstr("No hay más respuestas"));
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(ReturnRepliesTest, TwoPhonesReadTheSameOneAndItGoesOnce) {
  answer(1, "¿A qué hora fue?");
  come_back();
  come_back_by_whatsapp();
  world_.messenger_takes(false);
  by_signal("1");
  world_.messenger_takes(true);
  EXPECT_THAT(by_whatsapp("1"), HasSubstr("¿A qué hora fue?"));
  EXPECT_EQ(waiting(), 0U);
  EXPECT_THAT(by_signal("seguir"), HasSubstr("No hay más respuestas"));
}

}  // namespace
}  // namespace resguardo::intake
