// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::give_consent;
using testing_support::OpenedReport;
using testing_support::walk_to_consent;
using testing_support::World;
using testing_support::WorldOptions;

// Answers whatever is asked until the receipt has come: taps the first choice, writes `words`.
std::string walk_to_receipt(World& world, const std::string& who, const std::string& words) {
  std::string last;
  EXPECT_EQ(world.say(Channel::kWhatsApp, who, "listo"), 200U);
  for (int i = 0; i < 80; ++i) {
    const auto shown = world.replies(who);
    if (shown.empty()) break;
    last = shown.back().text;
    if (!world.store().reports().value().empty()) return last;
    const auto& choices = shown.back().choices;
    const bool several = !choices.empty() && choices.back().id.ends_with("_done");
    if (several) {
      EXPECT_EQ(world.tap(who, choices.back().id), 200U);
    } else if (!choices.empty() && !choices.front().id.ends_with("_skip")) {
      EXPECT_EQ(world.tap(who, choices.front().id), 200U);
    } else if (last.find("LISTO") != std::string::npos) {
      EXPECT_EQ(world.say(Channel::kWhatsApp, who, words), 200U);
      world.replies(who);
      EXPECT_EQ(world.say(Channel::kWhatsApp, who, "LISTO"), 200U);
    } else {
      EXPECT_EQ(world.say(Channel::kWhatsApp, who, words), 200U);
    }
  }
  return last;
}

std::vector<std::string> words_of(const OpenedReport& report) {
  std::vector<std::string> words;
  for (const auto* stream : {&report.testimony, &report.identity})
    for (const auto& record : *stream)
      for (const auto& entry : record.entries())
        if (!entry.answer().text().empty()) words.push_back(entry.answer().text());
  return words;
}

TEST(IntakeTest, BeforeConsentNothingIsOnDiskAndAfterItEverythingIs) {
  World world;
  walk_to_consent(world, kAna);
  EXPECT_EQ(world.counters().stored, 0U);
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  ASSERT_EQ(world.tap(kAna, "consent:all"), 200U);
  EXPECT_EQ(world.counters().stored, 1U);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
}

TEST(IntakeTest, AReportComesBackWordForWordToEveryAnalyst) {
  WorldOptions options;
  options.analysts = 2;
  World world(options);
  std::string words = "Ñandú, 你好, 🙏🏽 y\nuna línea";
  words += '\0';
  words += "después del NUL ";
  while (words.size() < 4000) words += "á";
  give_consent(world, kAna);
  walk_to_receipt(world, kAna, words);
  for (std::size_t analyst : {0U, 1U}) {
    const auto reports = world.open(analyst);
    ASSERT_THAT(reports, SizeIs(1));
    EXPECT_TRUE(reports[0].whole);
    EXPECT_EQ(reports[0].interrupted, 0U);
    EXPECT_THAT(words_of(reports[0]), ::testing::Contains(words));
  }
}

TEST(IntakeTest, TheReceiptIsShownOnceAndItsKeysAreStored) {
  World world;
  give_consent(world, kAna);
  const std::string last = walk_to_receipt(world, kAna, "palabras");
  EXPECT_THAT(last,
              ::testing::ContainsRegex("[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}"));
  EXPECT_EQ(last.find(std::string(dialogue::kReceiptMark)), std::string::npos);
}

TEST(IntakeTest, TheSameDeliveryTwiceIsOneStoredAnswer) {
  World world;
  give_consent(world, kAna);
  const std::string body = world.whatsapp_text_body(kAna, "wamid.twice", "1");
  ASSERT_EQ(world.post_whatsapp(body), 200U);
  ASSERT_EQ(world.post_whatsapp(body), 200U);
  EXPECT_EQ(world.counters().duplicates, 1U);
  EXPECT_EQ(world.counters().stored, 2U);
  world.restart();
  ASSERT_EQ(world.post_whatsapp(body), 200U);
  EXPECT_EQ(world.counters().duplicates, 1U);
}

TEST(IntakeTest, TheSameDeliveryTwiceBeforeConsentMovesOneStep) {
  World world;
  const std::string body = world.whatsapp_text_body(kAna, "wamid.hello", "hola");
  ASSERT_EQ(world.post_whatsapp(body), 200U);
  ASSERT_EQ(world.post_whatsapp(body), 200U);
  EXPECT_THAT(world.replies(kAna), SizeIs(1));
}

TEST(IntakeTest, ARestartAsksTheOwedQuestionAgainAndOpensANewSegment) {
  World world;
  give_consent(world, kAna);
  const auto before = world.store().open_reports().value();
  world.restart();
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "hola"), 200U);
  const auto again = world.replies(kAna);
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_THAT(again[0].choices, ::testing::Not(IsEmpty()));
  walk_to_receipt(world, kAna, "después");
  const auto reports = world.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].report, before[0].report);
  EXPECT_EQ(reports[0].segments, 2U);
  EXPECT_EQ(reports[0].interrupted, 1U);
  EXPECT_TRUE(reports[0].whole);
}

TEST(IntakeTest, AfterALossTheOpenQuestionOfThatMessengerIsAskedAgain) {
  World world;
  give_consent(world, kAna);
  const std::string open = [&] {
    say(world, kAna, "ayuda");
    return world.replies(kAna).back().node;
  }();
  world.advance(std::chrono::seconds(1));
  world.lose_something(Channel::kSignal);  // not this one's
  say(world, kAna, "1");
  const std::string next = world.replies(kAna).back().node;
  EXPECT_NE(next, open);
  world.advance(std::chrono::seconds(1));
  world.lose_something(Channel::kWhatsApp);
  say(world, kAna, "1");
  EXPECT_EQ(world.replies(kAna).back().node,
            next);  // perhaps that was written to words that went lost
  say(world, kAna, "1");
  EXPECT_NE(world.replies(kAna).back().node, next);
}

TEST(IntakeTest, HalfAnHourOfSilenceEndsTheSegmentProperly) {
  World world;
  give_consent(world, kAna);
  world.advance(std::chrono::minutes(31));
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "hola"), 200U);
  world.replies(kAna);
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "1"), 200U);
  walk_to_receipt(world, kAna, "más tarde");
  const auto reports = world.open(1);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].segments, 2U);
  EXPECT_EQ(reports[0].interrupted, 0U);
}

TEST(IntakeTest, FinishedReportsHaveOneOfAFewRowCounts) {
  World world;
  give_consent(world, kAna);
  walk_to_receipt(world, kAna, "uno");
  const auto report = world.store().reports().value().at(0);
  std::uint64_t rows = 0;
  const auto segments = world.store().segments(report.report).value();
  for (const auto& segment : segments) rows += segment.rows;
  EXPECT_TRUE(rows == 16 || rows % 32 == 0) << rows;
}

TEST(IntakeTest, TwoPeopleAreTwoReportsAndNeitherSeesTheOther) {
  World world;
  give_consent(world, kAna);
  give_consent(world, kBea);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(2));
  EXPECT_THAT(world.replies(kAna), IsEmpty());
}

TEST(IntakeTest, ATurnOnAnotherDayMovesTheConversationToThatDaysTag) {
  World world;
  give_consent(world, kAna);
  world.advance(std::chrono::hours(20));
  world.restart();
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "hola"), 200U);
  world.replies(kAna);
  walk_to_receipt(world, kAna, "otro día");
  EXPECT_THAT(world.open(0), SizeIs(1));
}

TEST(IntakeTest, DeleteLeavesNothingOfTheReport) {
  World world;
  give_consent(world, kAna);
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "BORRAR"), 200U);
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  EXPECT_THAT(world.open(0), IsEmpty());
}

TEST(IntakeTest, AnotherIdentityWipesTagAndStateAndTheSealedStaysSealed) {
  World world;
  give_consent(world, kAna);
  ASSERT_EQ(
      world.send_whatsapp(
          kAna,
          R"({"type":"system","system":{"type":"user_changed_number","wa_id":"15550100009"}})"),
      200U);
  world.replies(kAna);
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "hola"), 200U);
  const auto fresh = world.replies(kAna);
  ASSERT_THAT(fresh, SizeIs(1));
  EXPECT_EQ(fresh[0].node, "start_language");
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
}

TEST(IntakeTest, StoreAndFilesHoldNeitherWordsNorSenders) {
  const std::string secret = "TESTIMONY-CANARY-81f2";
  World world;
  give_consent(world, kAna);
  walk_to_receipt(world, kAna, secret);
  give_consent(world, kBea);
  world.say(Channel::kWhatsApp, kBea, secret);
  EXPECT_THAT(world.hunt({secret, kAna, kBea}), IsEmpty());
  // The hunt finds one when it is planted, in the clear and inside a table.
  ASSERT_TRUE(world.store().set_fact("planted", as_bytes(secret)).ok());
  EXPECT_THAT(world.hunt({secret}), ::testing::Not(IsEmpty()));
}

TEST(IntakeTest, WhoLeftAndComesBackTellsAReportOfItsOwn) {
  World world;
  give_consent(world, kAna);
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "SALIR"), 200U);
  ASSERT_THAT(world.replies(kAna), SizeIs(1));
  give_consent(world, kAna);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(2));
  walk_to_receipt(world, kAna, "de nuevo");
  const auto reports = world.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_TRUE(reports[0].whole);
  EXPECT_EQ(reports[0].interrupted, 0U);
}

TEST(IntakeTest, AConsentThatCouldNotBeStoredCanBeGivenAgain) {
  World world;
  walk_to_consent(world, kAna);
  // Where the day's key would be written there is something else.
  const auto in_the_way =
      world.data() / "keys" / ("day-" + to_string(day_of(world.now())) + ".key.new");
  std::filesystem::create_directory(in_the_way);
  ASSERT_EQ(world.tap(kAna, "consent:all"), 503U);
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  std::filesystem::remove(in_the_way);
  ASSERT_EQ(world.tap(kAna, "consent:all"), 200U);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
}

TEST(IntakeTest, AFullTableForgetsTheOnesSilentLongestAFewAtATime) {
  WorldOptions options;
  options.conversations = 64;
  World world(options);
  const auto who = [](int n) { return std::to_string(15550200000 + n); };
  for (int n = 0; n < 65; ++n) {
    ASSERT_EQ(world.say(Channel::kWhatsApp, who(n), "hola"), 200U);
    world.advance(std::chrono::seconds(1));
    world.replies(who(n));
  }
  // The last one found 64, and one pass let two go: strangers again, unlike the third.
  ASSERT_EQ(world.say(Channel::kWhatsApp, who(2), "es"), 200U);
  EXPECT_NE(world.replies(who(2)).at(0).node, "start_language");
  ASSERT_EQ(world.say(Channel::kWhatsApp, who(1), "es"), 200U);
  EXPECT_EQ(world.replies(who(1)).at(0).node, "start_language");
}

TEST(IntakeTest, UnderAnExpiredRosterNoReportBeginsAndThePersonIsTold) {
  World world;
  world.advance(std::chrono::hours(24 * 400));
  walk_to_consent(world, kAna);
  ASSERT_EQ(world.tap(kAna, "consent:all"), 200U);
  const auto told = world.replies(kAna);
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_THAT(told[0].text, ::testing::HasSubstr("no podemos recibir"));
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  EXPECT_EQ(world.counters().stored, 0U);
}

TEST(IntakeTest, AReportThatRunsWhenTheRosterExpiresGoesOn) {
  World world;
  world.advance(std::chrono::hours(24 * 360));
  give_consent(world, kAna);
  world.advance(std::chrono::hours(24 * 3));
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "hola"), 200U);
  world.replies(kAna);
  walk_to_receipt(world, kAna, "al final");
  EXPECT_THAT(world.open(0), SizeIs(1));
}

TEST(IntakeTest, ABatchWithABadMessageStoresTheOthers) {
  World world;
  give_consent(world, kAna);
  std::string body = world.whatsapp_text_body(kAna, "wamid.good", "1");
  const auto at = body.find("\"messages\":[") + 12;
  body.insert(at, R"({"from":{},"id":7,"type":"text","text":12},)");
  EXPECT_EQ(world.post_whatsapp(body), 200U);
  EXPECT_EQ(world.counters().stored, 2U);
}

}  // namespace
}  // namespace resguardo::intake
