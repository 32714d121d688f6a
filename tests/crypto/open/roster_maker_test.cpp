// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/open/roster_maker.h"

#include <gtest/gtest.h>

#include <functional>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/epoch_list.h"
#include "crypto/seal/roster.h"
#include "proto/roster.pb.h"
#include "tests/crypto/open/fixed.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::open {
namespace {

using testing_support::make_analyst;
using testing_support::make_roster;
using testing_support::RosterFixtureOptions;

const TimePoint kMonday = start_of(monday_of(kWeek));

RosterFixtureOptions options() {
  RosterFixtureOptions options;
  options.first_week = kWeek;
  return options;
}

class RosterMakerTest : public ::testing::Test {
 protected:
  testing_support::SeededRandom ids_{7};
  SecretKey<RootRole> root_ = SecretKey<RootRole>::generate().value();
  RosterTerms terms_{day_of(kMonday), Day{day_of(kMonday).number + 30}, {}, "", std::nullopt};
};

TEST_F(RosterMakerTest, MakesWhatAServerAccepts) {
  const auto fixture = make_roster(options());
  const auto roster = VerifiedRoster::verify(as_bytes(fixture.file), fixture.root.public_key(),
                                             kMonday, std::nullopt);
  ASSERT_TRUE(roster.ok());
  EXPECT_EQ(roster->members().size(), 2U);
  const auto recipients = roster->recipients(kWeek);
  ASSERT_TRUE(recipients.ok());
  for (const auto& members : recipients->members) {
    ASSERT_EQ(members.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(members[i].member, fixture.analysts[i].member());
      EXPECT_EQ(members[i].key, fixture.analysts[i].epoch(kWeek)->public_key());
    }
  }
}

TEST_F(RosterMakerTest, SurvivesAsADraft) {
  auto draft = RosterDraft::first();
  const auto analyst = make_analyst("one", options());
  ASSERT_TRUE(draft.add_member(analyst.half, "House", {true, false}, ids_).ok());
  const auto other = make_analyst("two", options());
  ASSERT_TRUE(draft.add_member(other.half, "Clinic", {}, ids_).ok());
  const auto log = SecretKey<LogRole>::generate().value();
  terms_.log_keys = {log.public_key()};
  terms_.log_origin = "example.org/log";
  draft.set_terms(terms_);
  const auto text = draft.text();
  ASSERT_TRUE(text.ok()) << text.error().why.c_str();
  const auto again = RosterDraft::parse(as_bytes(*text));
  ASSERT_TRUE(again.ok()) << again.error().why.c_str();
  EXPECT_EQ(again->text().value(), *text);
  ASSERT_EQ(again->view().members.size(), 2U);
  EXPECT_EQ(again->view().members[0].label, "one");
  EXPECT_EQ(again->view().members[0].organisation, "House");
  EXPECT_FALSE(again->view().members[0].reads.identity);
  EXPECT_TRUE(again->view().members[1].reads.identity);
  EXPECT_EQ(again->terms().log_origin, "example.org/log");
  EXPECT_EQ(again->terms().log_keys, terms_.log_keys);
  const auto roster = VerifiedRoster::verify(as_bytes(again->sign(root_).value()),
                                             root_.public_key(), kMonday, std::nullopt);
  ASSERT_TRUE(roster.ok());
  EXPECT_EQ(roster->recipients(kWeek)->members[0].size(), 2U);
  EXPECT_EQ(roster->recipients(kWeek)->members[1].size(), 1U);
}

TEST_F(RosterMakerTest, DoesNotSignWhatAServerWouldRefuse) {
  auto draft = RosterDraft::first();
  draft.set_terms(terms_);
  EXPECT_FALSE(draft.check().ok());  // nobody
  EXPECT_FALSE(draft.sign(root_).ok());
  EXPECT_FALSE(draft.text().ok());
  const auto analyst = make_analyst("one", options());
  ASSERT_TRUE(draft.add_member(analyst.half, "House", {true, false}, ids_).ok());
  EXPECT_FALSE(draft.sign(root_).ok());  // nobody opens identity
  auto terms = terms_;
  terms.expires = Day{terms.issued.number - 1};
  draft.set_terms(terms);
  EXPECT_FALSE(draft.sign(root_).ok());
}

TEST_F(RosterMakerTest, TakesNobodyTwice) {
  auto draft = RosterDraft::first();
  const auto analyst = make_analyst("one", options());
  ASSERT_TRUE(draft.add_member(analyst.half, "House", {}, ids_).ok());
  EXPECT_EQ(draft.add_member(analyst.half, "House", {}, ids_).error().fault, Fault::kConflict);
  ASSERT_TRUE(draft.revoke_member(analyst.half.id).ok());
  EXPECT_EQ(draft.add_member(analyst.half, "House", {}, ids_).error().fault, Fault::kConflict);
}

TEST_F(RosterMakerTest, RevokesAMemberInTheNextRoster) {
  const auto fixture = make_roster(options());
  auto next = RosterDraft::following(as_bytes(fixture.file), fixture.root.public_key()).value();
  EXPECT_EQ(next.number(), 2U);
  const MemberId gone = fixture.analysts[0].member();
  ASSERT_TRUE(next.revoke_member(gone).ok());
  EXPECT_EQ(next.revoke_member(gone).error().fault, Fault::kNotFound);
  const auto file = next.sign(fixture.root);
  ASSERT_TRUE(file.ok()) << file.error().why.c_str();
  const auto roster = VerifiedRoster::verify(as_bytes(*file), fixture.root.public_key(), kMonday,
                                             fixture.roster.anchor());
  ASSERT_TRUE(roster.ok()) << roster.error().why.c_str();
  EXPECT_FALSE(roster->members()[0].active);
  EXPECT_EQ(roster->recipients(kWeek)->members[0].size(), 1U);
  auto last = RosterDraft::following(as_bytes(*file), fixture.root.public_key()).value();
  ASSERT_TRUE(last.revoke_member(fixture.analysts[1].member()).ok());
  EXPECT_FALSE(last.sign(fixture.root).ok());  // nobody is left
}

TEST_F(RosterMakerTest, SaysWhoHasToSignAndTakesNobodyElse) {
  const auto fixture = make_roster(options());
  auto next = RosterDraft::following(as_bytes(fixture.file), fixture.root.public_key()).value();
  next = RosterDraft::parse(as_bytes(next.text().value())).value();
  ASSERT_EQ(next.still_to_sign().size(), 1U);
  EXPECT_EQ(next.still_to_sign()[0], fixture.root.public_key());
  EXPECT_EQ(next.add_signature(root_).error().fault, Fault::kRefused);
  EXPECT_FALSE(next.finished().ok());
  ASSERT_TRUE(next.add_signature(fixture.root).ok());
  EXPECT_TRUE(next.finished().ok());
}

TEST_F(RosterMakerTest, AChangeTakesAwayASignature) {
  const auto fixture = make_roster(options());
  auto next = RosterDraft::following(as_bytes(fixture.file), fixture.root.public_key()).value();
  ASSERT_TRUE(next.add_signature(fixture.root).ok());
  ASSERT_TRUE(next.suspend_member(fixture.analysts[0].member()).ok());
  EXPECT_EQ(next.still_to_sign().size(), 1U);
  EXPECT_EQ(next.view().members[0].standing, Standing::kSuspended);
  ASSERT_TRUE(next.set_reads(fixture.analysts[1].member(), {true, true}).ok());
  EXPECT_EQ(next.set_reads(fixture.analysts[0].member(), {true, true}).error().fault,
            Fault::kNotFound);
  EXPECT_EQ(next.set_reads(fixture.analysts[1].member(), {false, false}).error().fault,
            Fault::kRefused);
}

TEST_F(RosterMakerTest, ADraftsForgedSignatureIsNoticed) {
  const auto fixture = make_roster(options());
  auto next = RosterDraft::following(as_bytes(fixture.file), fixture.root.public_key()).value();
  ASSERT_TRUE(next.add_signature(fixture.root).ok());
  auto file =
      parse_strict<pb::RosterFile>(dearmour(ArmourKind::kRosterDraft, next.text().value()).value())
          .value();
  auto& signature = *file.mutable_roster()->mutable_signatures(0)->mutable_signature();
  signature[0] = static_cast<char>(signature[0] ^ 1);
  const auto text = armour(ArmourKind::kRosterDraft, serialize_canonical(file));
  EXPECT_EQ(RosterDraft::parse(as_bytes(text)).error().fault, Fault::kUnauthentic);
}

// What no authority should sign, although a server would take it.
class RosterLintTest : public RosterMakerTest {
 protected:
  RosterLintTest() {
    for (const char* house : {"House", "Clinic"}) {
      const auto analyst = make_analyst(house, options());
      EXPECT_TRUE(draft_.add_member(analyst.half, house, {}, ids_).ok());
    }
    draft_.set_terms(terms_);
  }
  // The draft with its roster changed by hand.
  Result<RosterDraft> changed(const std::function<void(pb::Roster&)>& change) {
    auto file = parse_strict<pb::RosterFile>(
                    dearmour(ArmourKind::kRosterDraft, draft_.text().value()).value())
                    .value();
    auto roster = parse_strict<pb::Roster>(as_bytes(file.roster().message())).value();
    change(roster);
    file.mutable_roster()->set_message(to_string(serialize_canonical(roster)));
    return RosterDraft::parse(
        as_bytes(armour(ArmourKind::kRosterDraft, serialize_canonical(file))));
  }
  RosterDraft draft_ = RosterDraft::first();
};

TEST_F(RosterLintTest, SeparationThatOneOrganisationReachesAloneIsRefused) {
  auto draft = changed([](pb::Roster& roster) {
    auto& identity = *roster.mutable_compartments(1);
    identity.set_kind(pb::POLICY_QUORUM);
    auto& members = *roster.mutable_members();
    members[1].set_organisation(members[0].organisation());
    auto& group = *identity.mutable_groups(0);
    group.add_members(members[1].id());
    group.set_m(2);
    identity.mutable_groups()->RemoveLast();
    roster.mutable_compartments(0)->mutable_groups()->RemoveLast();
  });
  ASSERT_TRUE(draft.ok()) << draft.error().why.view();
  EXPECT_TRUE(draft->check().ok());  // everybody is of one organisation: nothing is claimed
  const auto third = make_analyst("third", options());
  ASSERT_TRUE(draft->add_member(third.half, "Clinic", {true, false}, ids_).ok());
  EXPECT_EQ(draft->check().error().why.view().substr(0, 39),
            "the quorum lies inside one organisation");
  EXPECT_EQ(draft->sign(root_).error().fault, Fault::kRefused);
}

TEST_F(RosterLintTest, AQuorumOfTwoOrganisationsIsShownAndSigned) {
  auto draft = changed(
      [](pb::Roster& roster) { roster.mutable_compartments(1)->set_kind(pb::POLICY_QUORUM); });
  ASSERT_TRUE(draft.ok());
  EXPECT_EQ(draft->view().policies[1].type, PolicyType::kQuorum);
  EXPECT_EQ(draft->view().policies[1].groups.size(), 2U);
  EXPECT_TRUE(draft->check().ok());
  const auto file = draft->sign(root_);
  ASSERT_TRUE(file.ok()) << file.error().why.view();
  const auto roster = VerifiedRoster::verify(as_bytes(*file), root_.public_key(), kMonday, {});
  ASSERT_TRUE(roster.ok());
  const auto recipients = roster->recipients(kWeek);
  ASSERT_TRUE(recipients.ok());
  EXPECT_EQ(recipients->policy[0], PolicyType::kAny);
  EXPECT_TRUE(recipients->groups[0].empty());
  EXPECT_EQ(recipients->policy[1], PolicyType::kQuorum);
  ASSERT_EQ(recipients->groups[1].size(), 2U);
  EXPECT_EQ(recipients->groups[1][0].m, 1U);
  EXPECT_EQ(recipients->members[1][0].group, 0U);
  EXPECT_EQ(recipients->members[1][1].group, 1U);
}

TEST_F(RosterLintTest, TwoOrganisationsOfOneLabelAreRefused) {
  auto draft = changed([](pb::Roster& roster) {
    roster.mutable_organisations(1)->set_label(roster.organisations(0).label());
  });
  ASSERT_TRUE(draft.ok());
  EXPECT_EQ(draft->check().error().fault, Fault::kRefused);
}

TEST_F(RosterMakerTest, FollowsOnlyWhatRootSigned) {
  const auto fixture = make_roster(options());
  const auto other = RosterDraft::following(as_bytes(fixture.file), root_.public_key());
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().fault, Fault::kUnauthentic);
}

TEST_F(RosterMakerTest, RenewsAListThatFollows) {
  auto fixture = make_roster(options());
  const auto& analyst = fixture.analysts[0];
  const auto lists = fixture.roster.anchor().lists;
  EpochListPlan plan;
  plan.member = analyst.member();
  plan.number = 2;
  plan.previous = lists[0].digest;
  plan.keys.emplace(kWeek, analyst.epoch(kWeek)->public_key());
  const auto half = [&] {
    return MemberPublic{analyst.member(), "analyst 0", analyst.identity().public_key(),
                        sign_epoch_list(plan, analyst.identity()).value()};
  };
  auto next = RosterDraft::following(as_bytes(fixture.file), fixture.root.public_key()).value();
  ASSERT_TRUE(next.renew_list(half()).ok());
  EXPECT_EQ(next.renew_list(half()).error().fault, Fault::kConflict);  // the same again
  const auto file = next.sign(fixture.root).value();
  const auto roster = VerifiedRoster::verify(as_bytes(file), fixture.root.public_key(), kMonday,
                                             fixture.roster.anchor());
  ASSERT_TRUE(roster.ok());
  EXPECT_EQ(roster->anchor().lists[0].number, 2U);
  plan.number = 4;
  EXPECT_EQ(next.renew_list(half()).error().fault, Fault::kConflict);
}

TEST(MemberPublicTest, GivesBackWhatItSaid) {
  const auto analyst = make_analyst("ñ one", options());
  const auto again = MemberPublic::parse(as_bytes(analyst.half.text()));
  ASSERT_TRUE(again.ok()) << again.error().why.c_str();
  EXPECT_EQ(again->id, analyst.half.id);
  EXPECT_EQ(again->label, "ñ one");
  EXPECT_EQ(again->key, analyst.half.key);
  EXPECT_EQ(again->epoch_list, analyst.half.epoch_list);
}

TEST(MemberPublicTest, RefusesAListOfAnotherMemberOrKey) {
  const auto analyst = make_analyst("one", options());
  const auto other = make_analyst("two", options());
  auto half = analyst.half;
  half.epoch_list = other.half.epoch_list;
  EXPECT_FALSE(MemberPublic::parse(as_bytes(half.text())).ok());
  half = analyst.half;
  half.id = other.half.id;
  EXPECT_FALSE(MemberPublic::parse(as_bytes(half.text())).ok());
  half = analyst.half;
  half.label = "a\x1b[2J";
  EXPECT_FALSE(MemberPublic::parse(as_bytes(half.text())).ok());
}

TEST(EpochListTest, IsNotSignedWithoutSense) {
  const auto analyst = make_analyst("one", options());
  const auto key = analyst.keys.epoch(kWeek)->public_key();
  EpochListPlan plan;
  plan.member = analyst.keys.member();
  EXPECT_FALSE(sign_epoch_list(plan, analyst.keys.identity()).ok());  // no week
  plan.keys.emplace(kWeek, key);
  EXPECT_TRUE(sign_epoch_list(plan, analyst.keys.identity()).ok());
  plan.reserve = key;
  EXPECT_FALSE(sign_epoch_list(plan, analyst.keys.identity()).ok());  // one key twice
  plan.reserve.reset();
  plan.number = 2;
  EXPECT_FALSE(sign_epoch_list(plan, analyst.keys.identity()).ok());  // follows nothing
  plan.number = 1;
  plan.previous = Digest{{1}};
  EXPECT_FALSE(sign_epoch_list(plan, analyst.keys.identity()).ok());
}

}  // namespace
}  // namespace resguardo::open
