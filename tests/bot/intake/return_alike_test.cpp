// SPDX-License-Identifier: AGPL-3.0-or-later
// Right and wrong receipts cannot be told apart from outside: the bytes of our calls and the moment
// at which they are made. And a flood of tries holds up nobody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_people.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::milliseconds;
using std::chrono::minutes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::Shown;
using testing_support::World;
using testing_support::WorldOptions;

struct Seen {
  std::vector<std::size_t> sizes;  // of our calls
  std::vector<milliseconds> after;
  std::vector<std::string> traffic;  // what else went out, in order
  std::vector<std::size_t> choices;
  std::string text;
};

struct Case {
  const char* name;
  Channel channel;
  bool behind_cover;
  std::vector<const char*> before;  // what is said first
};

class AlikeTest : public ::testing::TestWithParam<Case> {
 protected:
  static WorldOptions options(const Case& given) {
    WorldOptions options;
    if (given.behind_cover) {
      options.settings.cover_text = {{"es", "Hoy hay sol todo el día.\nMañana \"quizás\" llueva."}};
      options.settings.start_words = {"hola"};
    }
    return options;
  }
  // A world of its own, the same each time but for the code.
  Seen seen_after(bool right) {
    World world(options(GetParam()));
    const std::string digits = tell_report(world, kAna);
    const std::string who = GetParam().channel == Channel::kSignal ? kOtherPhone : kBea;
    for (const char* text : GetParam().before)
      EXPECT_EQ(world.say(GetParam().channel, who, text), 200U);
    world.replies(who);
    world.traffic(who);
    const TimePoint begun = world.now();
    Seen seen;
    for (const Shown& one :
         world.say_code(GetParam().channel, who, right ? digits : another(digits))) {
      seen.sizes.push_back(one.request.size());
      seen.after.push_back(one.at - begun);
      seen.choices.push_back(one.choices.size());
      seen.text = one.text;
    }
    for (const std::string& one : world.traffic(who))
      seen.traffic.push_back(one.starts_with("says ") ? "says" : one);
    return seen;
  }
};

TEST_P(AlikeTest, InBytesAndInTime) {
  const Seen right = seen_after(true);
  const Seen wrong = seen_after(false);
  EXPECT_THAT(right.sizes, SizeIs(1));
  EXPECT_EQ(right.sizes, wrong.sizes) << right.text << "\n---\n" << wrong.text;
  EXPECT_THAT(right.after, ElementsAre(milliseconds(1000)));
  EXPECT_EQ(right.after, wrong.after);
  EXPECT_EQ(right.traffic, wrong.traffic);
  EXPECT_THAT(right.choices, ElementsAre(0U));
  EXPECT_EQ(right.choices, wrong.choices);
}

const std::vector<const char*> kToTheCode = {"hola", "1", "1", "1", "tengo un código"};
const std::vector<const char*> kShared = {"hola", "1", "1", "2", "tengo un código"};

INSTANTIATE_TEST_SUITE_P(
    Everywhere, AlikeTest,
    ::testing::Values(Case{"signal_first_words", Channel::kSignal, false, {}},
                      Case{"whatsapp_first_words", Channel::kWhatsApp, false, {}},
                      Case{"signal_behind_cover", Channel::kSignal, true, {}},
                      Case{"whatsapp_behind_cover", Channel::kWhatsApp, true, {}},
                      Case{"signal_asked", Channel::kSignal, false, kToTheCode},
                      Case{"whatsapp_asked", Channel::kWhatsApp, false, kToTheCode},
                      Case{"signal_asked_discreet", Channel::kSignal, false, kShared},
                      Case{"whatsapp_asked_discreet", Channel::kWhatsApp, false, kShared},
                      Case{"signal_at_a_list", Channel::kSignal, false, {"hola", "1", "1", "1"}},
                      Case{
                          "whatsapp_at_a_list", Channel::kWhatsApp, false, {"hola", "1", "1", "1"}},
                      Case{"signal_who_left", Channel::kSignal, false, {"hola", "1", "salir"}}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(ReturnTriesTest, TheSixthIsAnsweredLikeAWrongOneAlsoIfItIsRight) {
  World world;
  const std::string digits = tell_report(world, kAna);
  for (const char* text : {"hola", "1", "1", "1", "tengo un código"}) say(world, kBea, text);
  world.replies(kBea);
  std::string wrong;
  for (int i = 0; i < 5; ++i) {
    const auto shown = world.say_code(Channel::kWhatsApp, kBea, another(digits));
    ASSERT_THAT(shown, SizeIs(1));
    wrong = shown.back().text;
  }
  const auto looked_up = world.counters().receipts_looked_up.load();
  const auto shown = world.say_code(Channel::kWhatsApp, kBea, digits);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown.back().text, wrong);
  EXPECT_EQ(world.counters().receipts_looked_up, looked_up) << "it was not even derived";
  EXPECT_THAT(world.say_code(Channel::kSignal, kOtherPhone, digits), SizeIs(1))
      << "somebody else is not held back";
  world.advance(minutes(13));
  const auto later = world.say_code(Channel::kWhatsApp, kBea, digits);
  ASSERT_THAT(later, SizeIs(1));
  EXPECT_THAT(later.back().text, Not(HasSubstr("no abre nada")));
}

TEST(ReturnTriesTest, AWrongCheckDigitIsAnsweredAtOnceAndIsNoTry) {
  World world;
  for (const char* text : {"hola", "1", "1", "1", "tengo un código"}) say(world, kBea, text);
  world.replies(kBea);
  for (int i = 0; i < 9; ++i) say(world, kBea, "1111 1111 1111 1111 1111 1111");
  EXPECT_THAT(world.replies(kBea), SizeIs(9));
  EXPECT_EQ(world.counters().receipts_tried, 0U);
}

// Hundreds of senders: each is answered, those beyond the queue are told to come later, and who
// tells their story meanwhile waits for none of it.
TEST(ReturnTriesTest, AFloodOfTriesHoldsUpNobody) {
  WorldOptions options;
  options.conversations = 400;
  World world(options);
  constexpr int kSenders = 3 * static_cast<int>(ReceiptMint::kMostWaiting);
  std::string body;
  for (int i = 0; i < kSenders; ++i) {
    const std::string who = std::to_string(15550200000 + i);
    body = world.whatsapp_text_body(who, "wamid.f" + std::to_string(i),
                                    "0000 0000 0000 0000 0000 0000");
    ASSERT_EQ(world.post_unsettled(body), 200U) << "acknowledged before anything is derived";
  }
  const auto queued = world.counters().receipts_tried - world.counters().receipts_looked_up;
  EXPECT_LE(queued, ReceiptMint::kMostWaiting + 1);
  ASSERT_EQ(world.post_unsettled(world.whatsapp_text_body(kAna, "wamid.ana", "hola")), 200U);
  EXPECT_THAT(world.replies(kAna), SizeIs(1)) << "while they wait";
  world.advance(std::chrono::seconds(3));
  for (int i = 0; i < kSenders; ++i)
    EXPECT_THAT(world.replies(std::to_string(15550200000 + i)), SizeIs(1));
}

}  // namespace
}  // namespace resguardo::intake
