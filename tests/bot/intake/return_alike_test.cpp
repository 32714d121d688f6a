// SPDX-License-Identifier: AGPL-3.0-or-later
// Right and wrong receipts cannot be told apart from outside: the bytes of our calls and the moment
// at which they are made. And a flood of tries holds up nobody.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/returning_people.h"
#include "tests/support/forwarding_store.h"

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
  std::uint64_t stored = 0;  // turns
  std::string text;
};

enum class Around : std::uint8_t {
  kPlain,
  kCover,
  kLongCover,
  kSlow,     // each read of the store takes more than half of the wait
  kDaemon,   // signal-cli's own
  kReplies,  // as many wait as may
  kOwnPhone
};

struct Case {
  const char* name;
  Channel channel;
  std::vector<const char*> before;  // what is said first
  Around around = Around::kPlain;
  enum class Own : std::uint8_t { kNone, kOpen } own = Own::kNone;  // a report, before that
  bool restarts = false;                                            // and then the server
};

// A disk at its limits.
class SlowReads final : public testing_support::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::optional<storage::ReceiptFound>> find_receipt(
      const storage::ReceiptLookup& lookup) override {
    wait();
    return ForwardingStore::find_receipt(lookup);
  }
  Result<std::vector<storage::StoredReply>> replies(const ReportId& report) override {
    wait();
    return ForwardingStore::replies(report);
  }
  std::function<void()> wait = [] {};
};

std::string long_cover() {
  std::string text;
  while (text.size() < 3000) text += "Mañana lloverá en \"Ñuñoa\", dèyè mòn gen mòn: à bientôt.\n";
  return text;
}

class AlikeTest : public ::testing::TestWithParam<Case> {
 protected:
  WorldOptions options() {
    WorldOptions options;
    const auto around = GetParam().around;
    if (around == Around::kCover || around == Around::kLongCover) {
      options.settings.start_words = {"hola"};
      options.settings.cover_text = {{"es", "Hoy hay sol todo el día.\nMañana \"quizás\" llueva."}};
      if (around == Around::kLongCover) options.settings.cover_text[0].second = long_cover();
    }
    options.signal_daemon = around == Around::kDaemon;
    options.wrap = [this](storage::Store& inner) -> storage::Store& {
      return slow_.emplace(inner);
    };
    if (GetParam().own == Case::Own::kOpen) options.settings.resume_words = {"limonero"};
    return options;
  }
  static void answer(World& world) {
    const auto report = world.open(0).at(0).report;
    std::vector<storage::ReplyWrite> replies(storage::kMostReplies);
    for (std::size_t i = 0; i < replies.size(); ++i) {
      replies[i].id.bytes[0] = static_cast<std::uint8_t>(i);
      replies[i].report = report;
      replies[i].sealed = Bytes(100, 1);
    }
    EXPECT_EQ(world.store().deliver(replies).value().added, replies.size());
  }
  // A world of its own, the same each time but for the code.
  Seen seen_after(bool right) {
    World world(options());
    const std::string digits = tell_report(world, kAna);
    if (GetParam().around == Around::kReplies) answer(world);
    std::string who = GetParam().channel == Channel::kSignal ? kOtherPhone : kBea;
    if (GetParam().around == Around::kOwnPhone) who = kAna;
    if (GetParam().own == Case::Own::kOpen) testing_support::give_consent(world, who);
    for (const char* text : GetParam().before)
      EXPECT_EQ(world.say(GetParam().channel, who, text), 200U);
    if (GetParam().restarts) world.restart();
    world.replies(who);
    world.traffic(who);
    if (GetParam().around == Around::kSlow)
      slow_->wait = [&] { world.set_clock(world.now() + milliseconds(600)); };
    const auto stored = world.counters().stored.load();
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
    seen.stored = world.counters().stored.load() - stored;
    return seen;
  }
  std::optional<SlowReads> slow_;
};

TEST_P(AlikeTest, InBytesAndInTime) {
  const Seen right = seen_after(true);
  const Seen wrong = seen_after(false);
  EXPECT_THAT(right.sizes, SizeIs(1));
  EXPECT_EQ(right.sizes, wrong.sizes) << right.text << "\n---\n" << wrong.text;
  const milliseconds after(GetParam().around == Around::kSlow ? 1200 : 1000);
  EXPECT_THAT(right.after, ElementsAre(after));
  EXPECT_EQ(right.after, wrong.after);
  EXPECT_EQ(right.traffic, wrong.traffic);
  EXPECT_THAT(right.choices, ElementsAre(0U));
  EXPECT_EQ(right.choices, wrong.choices);
  EXPECT_EQ(right.stored, wrong.stored);
  if (GetParam().own != Case::Own::kNone) {
    EXPECT_EQ(right.stored, 0U);
  }
}

constexpr auto kOpen = Case::Own::kOpen;
const std::vector<const char*> kToTheCode = {"hola", "1", "1", "1", "tengo un código"};
const std::vector<const char*> kShared = {"hola", "1", "1", "2", "tengo un código"};

const std::vector<const char*> kPaused = {"hola", "es", "1", "1", "1", "1", "1", "all", "PAUSA"};

INSTANTIATE_TEST_SUITE_P(
    Everywhere, AlikeTest,
    ::testing::Values(
        Case{"signal_first_words", Channel::kSignal, {}},
        Case{"daemon_first_words", Channel::kSignal, {}, Around::kDaemon},
        Case{"whatsapp_first_words", Channel::kWhatsApp, {}},
        Case{"signal_behind_cover", Channel::kSignal, {}, Around::kCover},
        Case{"whatsapp_behind_cover", Channel::kWhatsApp, {}, Around::kCover},
        Case{"signal_long_cover", Channel::kSignal, {}, Around::kLongCover},
        Case{"whatsapp_long_cover", Channel::kWhatsApp, {}, Around::kLongCover},
        Case{"signal_asked", Channel::kSignal, kToTheCode},
        Case{"daemon_asked", Channel::kSignal, kToTheCode, Around::kDaemon},
        Case{"whatsapp_asked", Channel::kWhatsApp, kToTheCode},
        Case{"signal_asked_discreet", Channel::kSignal, kShared},
        Case{"whatsapp_asked_discreet", Channel::kWhatsApp, kShared},
        Case{"signal_at_a_list", Channel::kSignal, {"hola", "1", "1", "1"}},
        Case{"whatsapp_at_a_list", Channel::kWhatsApp, {"hola", "1", "1", "1"}},
        Case{"signal_many_replies", Channel::kSignal, {"hola", "1", "1", "1"}, Around::kReplies},
        Case{"whatsapp_many_replies", Channel::kWhatsApp, kToTheCode, Around::kReplies},
        Case{"signal_slow_store", Channel::kSignal, {"hola", "1", "1", "1"}, Around::kSlow},
        Case{"whatsapp_slow_store", Channel::kWhatsApp, {}, Around::kSlow},
        Case{"signal_in_creole", Channel::kSignal, {"hola", "ht", "1", "1"}},
        Case{"daemon_in_creole", Channel::kSignal, {"hola", "ht", "1", "1"}, Around::kDaemon},
        Case{"whatsapp_in_creole", Channel::kWhatsApp, {"hola", "ht", "1", "2"}},
        Case{"signal_in_french", Channel::kSignal, {"hola", "fr", "1", "2"}},
        Case{"daemon_in_french", Channel::kSignal, {"hola", "fr", "1", "1"}, Around::kDaemon},
        Case{"whatsapp_in_french", Channel::kWhatsApp, {"hola", "fr", "1", "1"}},
        Case{"signal_paused", Channel::kSignal, kPaused},
        Case{"daemon_paused", Channel::kSignal, kPaused, Around::kDaemon},
        Case{"whatsapp_paused", Channel::kWhatsApp, kPaused},
        Case{"whatsapp_closed", Channel::kWhatsApp, {}, Around::kOwnPhone},
        Case{"whatsapp_closed_and_left", Channel::kWhatsApp, {"salir"}, Around::kOwnPhone},
        Case{"signal_who_left", Channel::kSignal, {"hola", "1", "salir"}},
        Case{"signal_who_left_a_report",
             Channel::kSignal,
             {"hola", "es", "1", "1", "1", "1", "1", "all", "salir"}},

        Case{"own_paused_restarted", Channel::kWhatsApp, {"pausa"}, Around::kPlain, kOpen, true},
        Case{"own_left", Channel::kWhatsApp, {"salir"}, Around::kPlain, kOpen},
        Case{"own_left_behind_cover", Channel::kWhatsApp, {"salir"}, Around::kCover, kOpen},
        Case{"own_left_restarted", Channel::kWhatsApp, {"salir"}, Around::kCover, kOpen, true}),
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
