// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/acceptance_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "bot/commands/sources.h"
#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "crypto/open/roster_maker.h"
#include "storage/memory_store.h"
#include "tests/support/faulty_store.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

using open::RosterDraft;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::FaultyStore;

const Week kFirst = *parse_week("2026-W47");
const TimePoint kNow = start_of(monday_of(kFirst));
const Day kToday = day_of(kNow);
const Day kTomorrow{kToday.number + 1};

class AcceptanceLogTest : public ::testing::Test {
 protected:
  // The next roster, with `change` made to it.
  template <class Change>
  VerifiedRoster next(const VerifiedRoster& before, const Change& change) {
    auto draft = RosterDraft::following(before.file(), fixture_.root.public_key()).value();
    EXPECT_TRUE(change(draft).ok());
    const auto file = draft.sign(fixture_.root).value();
    return VerifiedRoster::verify(as_bytes(file), fixture_.root.public_key(), kNow, before.anchor())
        .value();
  }
  VerifiedRoster with_newer_list() {
    const open::AnalystKeys& keys = fixture_.analysts[1];
    const auto before = first_.anchor().lists[1];
    open::EpochListPlan plan{keys.member(), 2, before.digest, {}, std::nullopt};
    plan.keys.emplace(kFirst, keys.epoch(kFirst)->public_key());
    const open::MemberPublic half{keys.member(), "analyst 1", keys.identity().public_key(),
                                  open::sign_epoch_list(plan, keys.identity()).value()};
    return next(first_, [&](RosterDraft& draft) { return draft.renew_list(half); });
  }
  testing_support::RosterFixture fixture_ = testing_support::make_roster(
      {.analysts = 2, .first_week = kFirst, .log_keys = {}, .log_origin = ""});
  const VerifiedRoster& first_ = fixture_.roster;
};

TEST_F(AcceptanceLogTest, TheFirstRosterIsLoggedWithAllItsLists) {
  const auto logged = acceptance_facts(first_, std::nullopt, kToday);
  ASSERT_THAT(logged, SizeIs(3));
  EXPECT_EQ(logged[0].kind, LogKind::kRoster);
  EXPECT_THAT(logged[0].id, IsEmpty());
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(logged[i + 1].kind, LogKind::kEpochList);
    EXPECT_EQ(logged[i + 1].id, to_bytes(fixture_.analysts[i].member().view()));
  }
  EXPECT_EQ(std::set({logged[0].digest, logged[1].digest, logged[2].digest}).size(), 3U);
  for (const auto& fact : logged) EXPECT_EQ(fact.day, kToday);
}

TEST_F(AcceptanceLogTest, WhatWasAcceptedBeforeIsNotLoggedAgain) {
  EXPECT_THAT(acceptance_facts(first_, first_.anchor(), kToday), IsEmpty());
  const auto revoked = next(first_, [&](RosterDraft& draft) {
    return draft.revoke_member(fixture_.analysts[1].member());
  });
  const auto of_roster = acceptance_facts(revoked, first_.anchor(), kToday);
  ASSERT_THAT(of_roster, SizeIs(1));
  EXPECT_EQ(of_roster[0].kind, LogKind::kRoster);
}

TEST_F(AcceptanceLogTest, ANewerListIsLoggedUnderItsMember) {
  const auto logged = acceptance_facts(with_newer_list(), first_.anchor(), kToday);
  ASSERT_THAT(logged, SizeIs(2));
  EXPECT_EQ(logged[1].kind, LogKind::kEpochList);
  EXPECT_EQ(logged[1].id, to_bytes(fixture_.analysts[1].member().view()));
}

// The process ends, or the store fails, at any call; the server starts again the day after.
TEST_F(AcceptanceLogTest, AFailureAtAnyCallLogsEveryEntryOnce) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    bool reached = true;
    for (std::size_t call = 1; reached; ++call) {
      const auto store = storage::make_memory_store();
      FaultyStore faulty(*store);
      faulty.fail_at(call, fate);
      testing_support::SeededRandom salts(call);
      const auto accept = [&](const VerifiedRoster& roster, Day day) {
        const auto anchor = stored_anchor(faulty);
        return anchor.ok() && accept_roster(roster, *anchor, faulty, day, salts).ok();
      };
      for (const VerifiedRoster& roster : {first_, with_newer_list()})
        ASSERT_TRUE(accept(roster, kToday) || accept(roster, kTomorrow)) << "call " << call;
      reached = faulty.calls() >= call;
      EXPECT_THAT(store->log_entries().value(), SizeIs(5)) << "call " << call;
      const auto again = with_newer_list();  // as every start of the server does
      EXPECT_TRUE(accept(again, kTomorrow) || accept(again, kTomorrow));
      EXPECT_THAT(store->log_entries().value(), SizeIs(5)) << "call " << call;
    }
  }
}

}  // namespace
}  // namespace resguardo::commands
