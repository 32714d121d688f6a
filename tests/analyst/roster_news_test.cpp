// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/roster_news.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crypto/base/hash.h"
#include "crypto/open/roster_maker.h"
#include "proto/roster.pb.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::analyst {
namespace {

using open::RosterDraft;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Week kWeek = *parse_week("2026-W47");

class RosterNewsTest : public ::testing::Test {
 protected:
  RosterNewsTest() { EXPECT_TRUE(shelf_.add(fixture_.roster.file()).ok()); }

  // The next roster with `change` made to it, on the shelf; what it changes.
  template <class Change>
  std::vector<std::string> after(const Change& change) {
    const auto& before = shelf_.entries().back();
    auto draft = RosterDraft::following(before.roster.file(), fixture_.root.public_key()).value();
    change(draft);
    const auto file = roster_bytes(as_bytes(draft.sign(fixture_.root).value())).value();
    const std::uint64_t seen = before.number;
    EXPECT_TRUE(shelf_.add(file).ok());
    const auto news = roster_news(shelf_, seen, kWeek, {});
    return news.size() == 1 ? news.front().changes : std::vector<std::string>{"no news"};
  }
  LogFact acceptance(std::size_t at) const {
    pb::RosterFile file;
    const ByteView bytes = shelf_.entries().at(at).roster.file();
    EXPECT_TRUE(file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    LogFact fact;
    fact.kind = LogKind::kRoster;
    fact.digest = sha256(as_bytes(file.roster().message()));
    fact.day = monday_of(kWeek);
    return fact;
  }
  const MemberId& id(std::size_t analyst) const { return fixture_.analysts[analyst].member(); }

  testing_support::SeededRandom ids_{3};
  testing_support::RosterFixture fixture_ = testing_support::make_roster(
      {.analysts = 2, .first_week = kWeek, .log_keys = {}, .log_origin = ""});
  RosterShelf shelf_{fixture_.root.public_key()};
};

TEST_F(RosterNewsTest, WhoReadsAndWhoDoesNot) {
  auto added = testing_support::make_analyst(
      "analyst 2", {.first_week = kWeek, .log_keys = {}, .log_origin = ""});
  EXPECT_THAT(after([&](RosterDraft& draft) {
                EXPECT_TRUE(draft.add_member(added.half, "Test organisation", {}, ids_).ok());
              }),
              ElementsAre("analyst 2 reads testimony and identity"));
  EXPECT_THAT(after([&](RosterDraft& draft) {
                EXPECT_TRUE(draft.set_reads(id(0), {true, false}).ok());
                EXPECT_TRUE(draft.suspend_member(id(1)).ok());
              }),
              UnorderedElementsAre("analyst 0 reads testimony", "analyst 1 reads nothing"));
  EXPECT_THAT(after([&](RosterDraft& draft) { EXPECT_TRUE(draft.revoke_member(id(1)).ok()); }),
              IsEmpty())
      << "from suspended to revoked: still nothing";
}

TEST_F(RosterNewsTest, NewerKeysAndARootToCome) {
  const open::AnalystKeys& keys = fixture_.analysts[1];
  open::EpochListPlan plan{id(1), 2, fixture_.roster.anchor().lists[1].digest, {}, std::nullopt};
  plan.keys.emplace(kWeek, keys.epoch(kWeek)->public_key());
  const open::MemberPublic half{id(1), "analyst 1", keys.identity().public_key(),
                                open::sign_epoch_list(plan, keys.identity()).value()};
  const auto next = open::SecretKey<RootRole>::generate().value();
  EXPECT_THAT(after([&](RosterDraft& draft) {
                EXPECT_TRUE(draft.renew_list(half).ok());
                auto terms = draft.terms();
                terms.next_root = next.public_key();
                draft.set_terms(terms);
              }),
              ElementsAre("analyst 1 has a newer list of keys", "a new root key is announced"));
}

TEST_F(RosterNewsTest, TheLogSaysSinceWhenAndWhatIsNotShown) {
  after([](RosterDraft&) {});
  LogFact hidden;
  hidden.kind = LogKind::kRoster;
  hidden.digest = sha256(as_bytes("of another"));
  const std::vector<LogFact> accepted = {acceptance(0), acceptance(1), hidden};
  const auto news = roster_news(shelf_, 1, kWeek, accepted);
  ASSERT_THAT(news, SizeIs(1));
  EXPECT_EQ(news[0].number, 2U);
  EXPECT_EQ(news[0].accepted, monday_of(kWeek));
  EXPECT_FALSE(roster_news(shelf_, 1, kWeek, {acceptance(0)}).front().accepted.has_value());
  const auto missing = rosters_not_shown(shelf_, accepted);
  ASSERT_THAT(missing, SizeIs(1));
  EXPECT_EQ(missing[0].digest, hidden.digest);
  EXPECT_THAT(roster_news(shelf_, std::numeric_limits<std::uint64_t>::max(), kWeek, accepted),
              IsEmpty());
}

}  // namespace
}  // namespace resguardo::analyst
