// SPDX-License-Identifier: AGPL-3.0-or-later
// A receipt that is not known to have been delivered gives way to another one after a restart.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/log/withdrawal_keys.h"
#include "tests/bot/intake/returning_people.h"
#include "tests/support/faulty_store.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::FaultyStore;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kReplaced = "Este código reemplaza al anterior";
constexpr const char* kMenu = "¿Qué quiere hacer con su reporte?";

// The last message of a report, whose receipt the messenger does not take.
std::string tell_without_receipt(World& world) {
  testing_support::give_consent(world, kAna);
  for (int i = 0; i < 80; ++i) {
    const auto shown = world.replies(kAna);
    if (const auto digits = receipt_in(shown); !digits.empty()) return digits;
    const bool review = !shown.empty() && shown.back().node == "review";
    if (review) world.messenger_takes(false);
    say(world, kAna, review ? "1" : i % 2 == 0 ? "saltar" : "1");
  }
  ADD_FAILURE() << "no receipt";
  return {};
}

// The next message after a start of the program, and the receipt that answers it.
std::string next_receipt(World& world, bool taken) {
  world.restart();
  world.messenger_takes(taken);
  say(world, kAna, "hola");
  const auto shown = world.replies(kAna);
  EXPECT_THAT(shown, SizeIs(1));
  if (!shown.empty()) {
    EXPECT_THAT(shown[0].text, HasSubstr(kReplaced));
  }
  return receipt_in(shown);
}

bool row_waits(World& world) {
  EXPECT_TRUE(world.store().try_to_write().ok());  // what was submitted before is done
  return world.remembers(std::string(receipt_address("wa:" + std::string(kAna)).reveal()));
}

bool opens(World& world, const std::string& digits, const std::string& phone = kOtherPhone) {
  world.advance(hours(1));  // no try of before counts
  world.say_code(Channel::kSignal, phone, digits);
  for (int step = 0; step < 3; ++step) EXPECT_EQ(world.say(Channel::kSignal, phone, "1"), 200U);
  const bool menu = last_text(world, phone).find(kMenu) != std::string::npos;
  EXPECT_EQ(world.say(Channel::kSignal, phone, "SALIR"), 200U);
  world.replies(phone);
  return menu;
}

WithdrawalKeys logged_keys(World& world) {
  std::vector<LogFact> facts;
  const auto entries = world.store().log_entries().value();
  for (const Bytes& entry : entries)
    if (auto fact = parse_log_entry(entry); fact.ok()) facts.push_back(std::move(fact).value());
  return withdrawal_keys(facts);
}

TEST(ReplaceTest, WhoWritesAfterARestartGetsAnotherReceipt) {
  World world;
  const auto first = tell_without_receipt(world);
  EXPECT_TRUE(row_waits(world));
  EXPECT_FALSE(world.remembers("wa:" + std::string(kAna))) << "and nothing else of who told it";
  const auto second = next_receipt(world, true);
  ASSERT_THAT(second, Not(IsEmpty()));
  EXPECT_NE(first, second);
  EXPECT_FALSE(row_waits(world)) << "the messenger took it";
  EXPECT_FALSE(opens(world, first));
  EXPECT_TRUE(opens(world, second));
  const auto reports = world.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].segments, 2U);
  EXPECT_TRUE(reports[0].whole);
  const auto keys = logged_keys(world);
  EXPECT_THAT(keys.keys, SizeIs(2));
  EXPECT_FALSE(keys.forged);
}

TEST(ReplaceTest, AReceiptThatWasTakenStays) {
  World world;
  const auto digits = tell_report(world, kAna);
  ASSERT_THAT(digits, Not(IsEmpty()));
  EXPECT_FALSE(row_waits(world));
  world.restart();
  say(world, kAna, "hola");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
  EXPECT_TRUE(opens(world, digits));
}

TEST(ReplaceTest, WhatWaitsInMemoryIsShownAgainAndNotReplaced) {
  World world;
  const auto digits = tell_without_receipt(world);
  world.messenger_takes(true);
  say(world, kAna, "hola");
  EXPECT_EQ(receipt_in(world.replies(kAna)), digits);
  EXPECT_FALSE(row_waits(world));
  EXPECT_TRUE(opens(world, digits));
}

TEST(ReplaceTest, TheSecondMayBeReplacedToo) {
  World world;
  std::vector<std::string> all = {tell_without_receipt(world)};
  all.push_back(next_receipt(world, false));
  EXPECT_TRUE(row_waits(world));
  all.push_back(next_receipt(world, true));
  EXPECT_FALSE(opens(world, all[0]));
  EXPECT_FALSE(opens(world, all[1]));
  EXPECT_TRUE(opens(world, all[2]));
  EXPECT_THAT(logged_keys(world).keys, SizeIs(3));
}

TEST(ReplaceTest, ADayLaterToo) {
  World world;
  tell_without_receipt(world);
  world.advance(hours(26));
  const auto second = next_receipt(world, true);
  EXPECT_TRUE(opens(world, second));
}

TEST(ReplaceTest, NothingIsLeftWhenTheDaysKeyIsGone) {
  World world;
  const auto digits = tell_without_receipt(world);
  for (int day = 0; day < 6; ++day) {
    world.advance(hours(24));
    world.upkeep();
  }
  world.restart();
  world.messenger_takes(true);
  EXPECT_FALSE(row_waits(world));
  say(world, kAna, "hola");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
  EXPECT_TRUE(opens(world, digits)) << "whoever has it";
}

TEST(ReplaceTest, OfAReportThatIsGoneThereIsNoReceipt) {
  World world;
  tell_without_receipt(world);
  const storage::Erasure end{world.open(0).at(0).report, day_of(world.now()), Bytes(20, 1)};
  ASSERT_EQ(world.store().erase({&end, 1}).value(), 1U);
  world.restart();
  world.messenger_takes(true);
  say(world, kAna, "hola");
  const auto shown = world.replies(kAna);
  EXPECT_THAT(shown, Not(IsEmpty()));
  EXPECT_THAT(receipt_in(shown), IsEmpty());
  EXPECT_FALSE(row_waits(world));
  EXPECT_THAT(world.store().reports().value(), IsEmpty());
}

TEST(ReplaceTest, WhoComesBackWithItHasIt) {
  World world;
  const auto digits = tell_without_receipt(world);
  world.restart();
  world.messenger_takes(true);
  EXPECT_THAT(world.say_code(Channel::kWhatsApp, kAna, digits), SizeIs(1));
  EXPECT_FALSE(row_waits(world));
  world.advance(hours(1));
  say(world, kAna, "hola");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
  EXPECT_TRUE(opens(world, digits));
}

TEST(ReplaceTest, WhoLeavesIsShownNone) {
  World world;
  tell_without_receipt(world);
  world.restart();
  world.messenger_takes(true);
  say(world, kAna, "SALIR");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
}

// Somebody grabs the phone after that: a code would open the report to them (docs/adr/166).
TEST(ReplaceTest, WhoeverHasThePhoneAfterwardsIsShownNone) {
  for (const char* word : {"SALIR", "BORRAR"}) {
    for (const bool restarts : {false, true}) {
      SCOPED_TRACE(std::string(word) + (restarts ? " after a restart" : ""));
      World world;
      const auto digits = tell_without_receipt(world);
      if (restarts) world.restart();
      world.messenger_takes(true);
      say(world, kAna, word);
      EXPECT_FALSE(row_waits(world));
      EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
      for (int again = 0; again < 2; ++again) {
        say(world, kAna, "hola");
        EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
        world.restart();
      }
      EXPECT_TRUE(opens(world, digits)) << "whoever has it";
    }
  }
}

TEST(ReplaceTest, WhoLeavesIsLetGoAlsoWhereTheStoreFails) {
  std::optional<FaultyStore> faulty;
  WorldOptions options;
  options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
  World world(options);
  tell_without_receipt(world);
  world.messenger_takes(true);
  for (std::size_t at = 1; at <= 3; ++at) {
    faulty->fail_at(faulty->calls() + at, FaultyStore::Fate::kBefore);
    world.say(Channel::kWhatsApp, kAna, "SALIR");
    faulty->fail_at(static_cast<std::size_t>(-1), FaultyStore::Fate::kBefore);
    EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
  }
  say(world, kAna, "hola");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
}

TEST(ReplaceTest, ANumberThatChangedHandsGetsNone) {
  World world;
  tell_without_receipt(world);
  world.restart();
  world.messenger_takes(true);
  ASSERT_EQ(
      world.send_whatsapp(
          kAna,
          R"({"type":"system","system":{"type":"user_changed_number","wa_id":"15550100009"}})"),
      200U);
  EXPECT_FALSE(row_waits(world));
  say(world, kAna, "hola");
  EXPECT_THAT(receipt_in(world.replies(kAna)), IsEmpty());
}

class ReplaceFaultTest : public ::testing::TestWithParam<FaultyStore::Fate> {};

// Whatever fails, and whether it was done nevertheless: in the end one receipt opens the report,
// and it is the one that was shown last.
TEST_P(ReplaceFaultTest, AFailureAtEveryCallLeavesOneReceipt) {
  for (std::size_t at = 1; at <= 12; ++at) {
    SCOPED_TRACE(at);
    std::optional<FaultyStore> faulty;
    WorldOptions options;
    options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
    World world(options);
    const auto first = tell_without_receipt(world);
    world.restart();
    world.messenger_takes(true);
    faulty->fail_at(faulty->calls() + at, GetParam());
    std::string last;
    for (int tries = 0; tries < 3; ++tries) {
      world.say(Channel::kWhatsApp, kAna, "hola");
      if (const auto digits = receipt_in(world.replies(kAna)); !digits.empty()) last = digits;
    }
    faulty->fail_at(static_cast<std::size_t>(-1), GetParam());  // never, if it did not yet
    ASSERT_THAT(last, Not(IsEmpty()));
    EXPECT_TRUE(opens(world, last));
    EXPECT_FALSE(opens(world, first));
    EXPECT_FALSE(logged_keys(world).forged);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, ReplaceFaultTest,
                         ::testing::Values(FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter));

}  // namespace
}  // namespace resguardo::intake
