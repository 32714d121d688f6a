// SPDX-License-Identifier: AGPL-3.0-or-later
// What a person is owed by an earlier turn: a receipt that did not reach them, and that the store
// forgets them when their number has changed hands.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/faulty_store.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using ::testing::ContainsRegex;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::FaultyStore;
using testing_support::give_consent;
using testing_support::walk_to_consent;
using testing_support::World;
using testing_support::WorldOptions;

constexpr const char* kReceipt = "[0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4} [0-9]{4}";
constexpr const char* kNewNumber =
    R"({"type":"system","system":{"type":"user_changed_number","wa_id":"15550100009"}})";

unsigned post(World& world, const std::string& text) {
  return world.say(Channel::kWhatsApp, kAna, text);
}

// Up to the review, whose first choice sends the report.
void walk_to_review(World& world) {
  walk_to_consent(world, kAna);
  ASSERT_EQ(world.tap(kAna, "consent:all"), 200U);
  for (int i = 0; i < 60; ++i) {
    const auto shown = world.replies(kAna);
    ASSERT_THAT(shown, Not(IsEmpty()));
    if (shown.back().node == "review") return;
    ASSERT_EQ(post(world, shown.back().text.find("LISTO") == std::string::npos ? "1" : "LISTO"),
              200U);
    if (shown.back().text.find("LISTO") != std::string::npos) {
      ASSERT_EQ(post(world, "algo"), 200U);
      world.replies(kAna);
      ASSERT_EQ(post(world, "LISTO"), 200U);
    }
  }
  FAIL() << "no review";
}

std::string shown_to_ana(World& world) {
  std::string all;
  for (const auto& shown : world.replies(kAna)) all += shown.text + "\n";
  return all;
}

TEST(OwedReceiptTest, WhatNoMessengerTookIsShownToTheNextMessage) {
  World world;
  walk_to_review(world);
  world.messenger_takes(false);
  ASSERT_EQ(post(world, "1"), 200U);
  const std::string first = shown_to_ana(world);
  ASSERT_THAT(first, ContainsRegex(kReceipt));
  ASSERT_EQ(post(world, "hola?"), 200U);
  EXPECT_EQ(shown_to_ana(world), first);
  world.messenger_takes(true);
  ASSERT_EQ(post(world, "hola??"), 200U);
  EXPECT_EQ(shown_to_ana(world), first);
  ASSERT_EQ(post(world, "gracias"), 200U);
  EXPECT_THAT(shown_to_ana(world), Not(ContainsRegex(kReceipt))) << "it was taken: never again";
}

TEST(OwedReceiptTest, WhoLeavesIsNotShownAReceipt) {
  World world;
  walk_to_review(world);
  world.messenger_takes(false);
  ASSERT_EQ(post(world, "1"), 200U);
  shown_to_ana(world);
  world.messenger_takes(true);
  ASSERT_EQ(post(world, "SALIR"), 200U);
  EXPECT_THAT(shown_to_ana(world), Not(ContainsRegex(kReceipt)));
}

TEST(OwedReceiptTest, AReportDoesNotCloseBeforeItsReceiptFindsRoom) {
  World world;
  walk_to_review(world);
  world.outbox_has_room(false);
  EXPECT_EQ(post(world, "1"), 503U);
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
  world.outbox_has_room(true);
  ASSERT_EQ(post(world, "1"), 200U);
  EXPECT_THAT(shown_to_ana(world), ContainsRegex(kReceipt));
  const auto reports = world.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_EQ(reports[0].interrupted, 0U) << "waiting costs no segment";
}

class OwedTest : public ::testing::TestWithParam<FaultyStore::Fate> {};

TEST_P(OwedTest, AClosingOfUnknownFateShowsItsReceiptToTheNextMessage) {
  std::optional<FaultyStore> faulty;
  WorldOptions options;
  options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
  World world(options);
  walk_to_review(world);
  faulty->fail_at(faulty->calls() + 2, GetParam());  // seen, then submit
  ASSERT_EQ(post(world, "1"), 503U);
  ASSERT_THAT(shown_to_ana(world), IsEmpty());
  ASSERT_EQ(post(world, "1"), 200U);  // not the same delivery again: another message
  EXPECT_THAT(shown_to_ana(world), ContainsRegex(kReceipt));
  EXPECT_THAT(world.open(0), SizeIs(1));
}

TEST_P(OwedTest, AChangeOfIdentityThatCouldNotBeStoredIsDoneBeforeTheNextWord) {
  for (std::size_t at = 1; at <= 2; ++at) {  // seen, then submit
    std::optional<FaultyStore> faulty;
    WorldOptions options;
    options.wrap = [&](storage::Store& inner) -> storage::Store& { return faulty.emplace(inner); };
    World world(options);
    give_consent(world, kAna);
    world.replies(kAna);
    faulty->fail_at(faulty->calls() + at, GetParam());
    ASSERT_EQ(world.send_whatsapp(kAna, kNewNumber), 503U);
    faulty->fail_at(faulty->calls() + 1, GetParam());  // and once more
    ASSERT_EQ(post(world, "hola"), 503U);
    ASSERT_EQ(post(world, "hola"), 200U);
    const auto shown = world.replies(kAna);
    ASSERT_THAT(shown, SizeIs(1));
    EXPECT_EQ(shown[0].node, "start_language") << "whoever has the number now is a stranger";
    EXPECT_FALSE(world.remembers("wa:" + std::string(kAna)));
    EXPECT_THAT(world.store().open_reports().value(), SizeIs(1)) << "what was sealed stays sealed";
  }
}

INSTANTIATE_TEST_SUITE_P(BothWays, OwedTest,
                         ::testing::Values(FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter));

}  // namespace
}  // namespace resguardo::intake
