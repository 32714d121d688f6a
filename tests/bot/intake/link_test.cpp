// SPDX-License-Identifier: AGPL-3.0-or-later
// "From this phone" (docs/adr/162): replies without the receipt, for thirty days and no longer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_people.h"
#include "tests/support/forwarding_store.h"

namespace resguardo::intake {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing_support::ForwardingStore;
using testing_support::Shown;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kAnswered = "¿A qué hora fue?";

class FailingLinks final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<bool> link(const storage::LinkWrite& link,
                    std::span<const storage::LinkTag> before) override {
    if (no_links) return Error{Fault::kUnavailable, "a failure that a test asked for"};
    return ForwardingStore::link(link, before);
  }
  Status forget_links(std::span<const storage::LinkTag> tags) override {
    if (forgets_nothing) return Error{Fault::kUnavailable, "a failure that a test asked for"};
    return ForwardingStore::forget_links(tags);
  }
  bool no_links = false;
  bool forgets_nothing = false;
};

struct LinkParts {
  std::optional<FailingLinks> failing;
  WorldOptions options() {
    WorldOptions options;
    options.links = true;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return failing.emplace(inner);
    };
    options.open_reply = [](const SecretBytes&, ByteView sealed) -> Result<SecretText> {
      return SecretText(as_text(sealed));
    };
    return options;
  }
};

class LinkTest : protected LinkParts, public ::testing::Test {
 protected:
  LinkTest() : world_(LinkParts::options()) {}

  std::string write(const std::string& who, const std::string& text) {
    say(world_, who, text);
    return last_text(world_, who);
  }
  // Ana has told her report, and is asked.
  void tell() {
    receipt_ = tell_report(world_, kAna);
    ASSERT_THAT(receipt_, Not(IsEmpty()));
    EXPECT_THAT(write(kAna, "ok"), HasSubstr("unido durante 30 días"));
  }
  void link() {
    ASSERT_NO_FATAL_FAILURE(tell());
    EXPECT_THAT(write(kAna, "1"), HasSubstr("Hecho. Durante 30 días"));
    EXPECT_THAT(write(kAna, "gracias"), HasSubstr("Aquí termina"));
  }
  // From hello to what comes where a code is asked for; `others`: who uses the phone.
  std::string ask_for_code(const std::string& who, const std::string& others = "1") {
    for (const std::string& text :
         {std::string("hola"), std::string("es"), std::string("1"), others, std::string("seguir")})
      say(world_, who, text);
    return write(who, "tengo un código");
  }
  void answer(std::uint8_t number) {
    storage::ReplyWrite reply;
    reply.id.bytes[0] = number;
    reply.report = world_.store().reports().value().at(0).report;
    reply.sealed = to_bytes(as_bytes(kAnswered));
    reply.day = day_of(world_.now());
    ASSERT_EQ(world_.store().deliver({&reply, 1}).value().added, 1U);
  }
  void days_pass(int days) {
    for (; days > 0; --days) {
      world_.advance(hours(24));
      world_.upkeep();
    }
  }
  std::size_t linked() { return world_.shape_on_disk().values["link.tag"].size(); }
  static bool asks(const std::string& text) { return says(text, "Escriba su código."); }
  static bool offers(const std::string& text) { return says(text, "Respuestas para usted: 1"); }

  World world_;
  std::string receipt_;
};

TEST_F(LinkTest, WhoChoseItReadsRepliesWithoutTheCode) {
  ASSERT_NO_FATAL_FAILURE(link());
  EXPECT_EQ(linked(), 1U);
  answer(1);
  EXPECT_THAT(ask_for_code(kAna), HasSubstr("Respuestas para usted: 1"));
  EXPECT_THAT(write(kAna, "1"), HasSubstr(kAnswered));
  EXPECT_THAT(write(kAna, "seguir"), HasSubstr("No hay más respuestas"));
  EXPECT_THAT(world_.store().replies(world_.store().reports().value()[0].report).value(),
              IsEmpty());
  EXPECT_THAT(write(kAna, "3"), HasSubstr("código"));
  EXPECT_TRUE(asks(ask_for_code(kAna))) << "nothing waits any more";
  EXPECT_EQ(linked(), 1U);
}

TEST_F(LinkTest, NoOtherPhoneDoes) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  EXPECT_TRUE(asks(ask_for_code(kBea)));
}

TEST_F(LinkTest, WhoSaysNoLeavesNothing) {
  ASSERT_NO_FATAL_FAILURE(tell());
  const auto before = world_.shape_on_disk().values;
  EXPECT_THAT(write(kAna, "2"), HasSubstr("Aquí termina"));
  EXPECT_EQ(world_.shape_on_disk().values, before);
  EXPECT_EQ(linked(), 0U);
  answer(1);
  EXPECT_TRUE(asks(ask_for_code(kAna)));
}

TEST_F(LinkTest, WhatIsNoAnswerIsAskedOnceMoreAndThenIsANo) {
  ASSERT_NO_FATAL_FAILURE(tell());
  EXPECT_THAT(write(kAna, "por qué"), HasSubstr("Después de 30 días se borra"));
  EXPECT_THAT(write(kAna, "no sé qué decir"), HasSubstr("unido durante 30 días"));
  EXPECT_THAT(write(kAna, "nada de eso, creo yo"), HasSubstr("Aquí termina"));
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, SilenceIsANo) {
  ASSERT_NO_FATAL_FAILURE(tell());
  world_.advance(minutes(31));
  EXPECT_THAT(write(kAna, "1"), Not(HasSubstr("Hecho")));
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, ARestartIsANo) {
  ASSERT_NO_FATAL_FAILURE(tell());
  world_.restart();
  EXPECT_THAT(write(kAna, "1"), Not(HasSubstr("Hecho")));
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, ALinkOutlivesARestart) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  world_.restart();
  EXPECT_TRUE(offers(ask_for_code(kAna)));
}

TEST_F(LinkTest, LastsThirtyDaysAndNoLonger) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  days_pass(29);
  EXPECT_TRUE(offers(ask_for_code(kAna)));
  EXPECT_EQ(linked(), 1U);
  EXPECT_EQ(world_.keys().link_days().size(), 30U);
  days_pass(1);
  EXPECT_EQ(linked(), 0U);
  EXPECT_EQ(world_.keys().link_days().size(), 30U) << "and its day's key is gone";
  EXPECT_TRUE(asks(ask_for_code(kAna)));
}

TEST_F(LinkTest, AnOldLinkCountsNoMoreThoughNobodySweeps) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  world_.set_clock(world_.now() + hours(24 * 30));
  EXPECT_TRUE(asks(ask_for_code(kAna)));
}

class LinkLeavingTest : public LinkTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(LinkLeavingTest, EndsIt) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  say(world_, kBea, GetParam());
  EXPECT_EQ(linked(), 1U) << "another's";
  say(world_, kAna, GetParam());
  EXPECT_EQ(linked(), 0U);
  EXPECT_TRUE(asks(ask_for_code(kAna)));
}

INSTANTIATE_TEST_SUITE_P(Words, LinkLeavingTest,
                         ::testing::Values("SALIR", "BORRAR", "exit", "efase"),
                         [](const auto& word) { return std::string(word.param); });

TEST_F(LinkTest, WhoLeavesWhileTheyAreAskedIsNotLinked) {
  ASSERT_NO_FATAL_FAILURE(tell());
  write(kAna, "SALIR");
  write(kAna, "1");
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, APhoneThatTurnsOutToBeSharedIsLinkedNoMore) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  EXPECT_TRUE(says(ask_for_code(kAna, "2"), "código"));
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, TheMenuEndsItAndTheReplyStays) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  ask_for_code(kAna);
  EXPECT_THAT(write(kAna, "2"), HasSubstr("ya no está unido"));
  EXPECT_EQ(linked(), 0U);
  EXPECT_EQ(world_.store().replies(world_.store().reports().value()[0].report).value().size(), 1U);
}

TEST_F(LinkTest, DeleteInTheMenuEndsItAndErasesNoReport) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  ask_for_code(kAna);
  EXPECT_THAT(write(kAna, "BORRAR"), HasSubstr("ya no está unido"));
  EXPECT_EQ(linked(), 0U);
  EXPECT_EQ(world_.store().reports().value().size(), 1U);
}

TEST_F(LinkTest, TheCodeOpensTheWholeMenuFromThere) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  ASSERT_TRUE(offers(ask_for_code(kAna)));
  const auto shown = world_.say_code(gateway::Channel::kWhatsApp, kAna, receipt_);
  ASSERT_FALSE(shown.empty());
  EXPECT_THAT(shown.back().text, HasSubstr("Borrar todo"));
  EXPECT_THAT(write(kAna, "3"), HasSubstr("¿Borrar TODO"));
  write(kAna, "1");
  EXPECT_THAT(world_.store().reports().value(), IsEmpty());
  EXPECT_EQ(linked(), 0U) << "it goes with its report";
}

TEST_F(LinkTest, AnotherReportOfThisPhoneTakesTheLink) {
  ASSERT_NO_FATAL_FAILURE(link());
  world_.advance(hours(24));
  ASSERT_NO_FATAL_FAILURE(link());
  EXPECT_EQ(world_.store().reports().value().size(), 2U);
  EXPECT_EQ(linked(), 1U);
}

TEST_F(LinkTest, WithoutAReplyNothingShowsWhoIsLinked) {
  ASSERT_NO_FATAL_FAILURE(link());
  for (const char* who : {kAna, kBea}) world_.traffic(who);
  const auto asked = [&](const char* who) {
    ask_for_code(who);
    auto lines = world_.traffic(who);
    for (std::string& line : lines)
      for (std::size_t at = line.find(who); at != std::string::npos; at = line.find(who))
        line.replace(at, std::string_view(who).size(), "somebody");
    return lines;
  };
  const auto linked_one = asked(kAna);
  EXPECT_THAT(linked_one, Not(IsEmpty()));
  EXPECT_EQ(linked_one, asked(kBea));
}

TEST_F(LinkTest, AStoreThatFailsLinksNobody) {
  ASSERT_NO_FATAL_FAILURE(tell());
  failing->no_links = true;
  EXPECT_THAT(write(kAna, "1"), HasSubstr("Ahora no se puede"));
  failing->no_links = false;
  EXPECT_THAT(write(kAna, "1"), HasSubstr("Aquí termina"));
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, WhatCouldNotBeTakenOutCountsForNothingAndIsTriedAgain) {
  ASSERT_NO_FATAL_FAILURE(link());
  answer(1);
  failing->forgets_nothing = true;
  say(world_, kAna, "SALIR");
  EXPECT_EQ(linked(), 1U);
  EXPECT_TRUE(asks(ask_for_code(kAna)));
  failing->forgets_nothing = false;
  world_.advance(minutes(2));
  world_.upkeep();
  EXPECT_EQ(linked(), 0U);
}

constexpr const char* kChangedHands =
    R"({"type":"system","system":{"type":"user_changed_number","wa_id":"15550100009"}})";

TEST_F(LinkTest, ANumberThatChangedHandsIsLinkedNoMore) {
  ASSERT_NO_FATAL_FAILURE(link());
  EXPECT_EQ(world_.send_whatsapp(kAna, kChangedHands), 200U);
  EXPECT_EQ(linked(), 0U);
}

TEST_F(LinkTest, NothingIsSaidToItsNewOwnerBeforeTheLinkIsGone) {
  ASSERT_NO_FATAL_FAILURE(link());
  failing->forgets_nothing = true;
  EXPECT_NE(world_.send_whatsapp(kAna, kChangedHands), 200U);
  EXPECT_NE(world_.say(gateway::Channel::kWhatsApp, kAna, "hola"), 200U);
  failing->forgets_nothing = false;
  EXPECT_EQ(world_.say(gateway::Channel::kWhatsApp, kAna, "hola"), 200U);
  EXPECT_EQ(linked(), 0U);
}

}  // namespace
}  // namespace resguardo::intake
