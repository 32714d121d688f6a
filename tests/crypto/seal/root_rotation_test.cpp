// SPDX-License-Identifier: AGPL-3.0-or-later
// A root is replaced: announced by the old one, then one roster signed by both, then the new one.
#include <gtest/gtest.h>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/open/roster_maker.h"
#include "crypto/seal/roster.h"
#include "proto/roster.pb.h"
#include "tests/support/roster_fixture.h"

namespace resguardo {
namespace {

using open::RosterDraft;
using Root = open::SecretKey<RootRole>;

const Week kFirst = *parse_week("2026-W47");
const TimePoint kNow = start_of(monday_of(kFirst));

class RootRotationTest : public ::testing::Test {
 protected:
  RootRotationTest() {
    auto draft = following(fixture_.file, old_);
    auto terms = draft.terms();
    terms.next_root = new_.public_key();
    draft.set_terms(terms);
    announcing_ = draft.sign(old_).value();
    anchor_ = accepted(announcing_, fixture_.roster.anchor());
  }

  static RosterDraft following(const std::string& file, const Root& root) {
    auto draft = RosterDraft::following(as_bytes(file), root.public_key()).value();
    auto terms = draft.terms();
    terms.expires = Day{terms.expires.number + 1};
    draft.set_terms(terms);
    return draft;
  }
  // The roster after the announcement, with whatever signatures, in this order.
  std::string signed_by(const std::vector<const Root*>& roots, const std::string& before) const {
    const auto draft = RosterDraft::following(as_bytes(before), old_.public_key()).value();
    auto file = parse_strict<pb::RosterFile>(
                    dearmour(ArmourKind::kRosterDraft, draft.text().value()).value())
                    .value();
    file.mutable_roster()->clear_signatures();
    for (const Root* root : roots) {
      auto& signature = *file.mutable_roster()->add_signatures();
      signature.set_public_key(to_string(root->public_key().view()));
      signature.set_signature(
          to_string(root->sign(Label::kSignRoster, as_bytes(file.roster().message()))));
    }
    return to_string(serialize_canonical(file));
  }
  Result<VerifiedRoster> verify(const std::string& file, const std::optional<RosterAnchor>& anchor,
                                const Root* pin = nullptr) const {
    return VerifiedRoster::verify(as_bytes(file), (pin ? *pin : old_).public_key(), kNow, anchor);
  }
  RosterAnchor accepted(const std::string& file, const std::optional<RosterAnchor>& anchor) const {
    return verify(file, anchor).value().anchor();
  }
  std::string_view refused(const std::string& file, const std::optional<RosterAnchor>& anchor,
                           const Root* pin = nullptr) const {
    const auto roster = verify(file, anchor, pin);
    return roster.ok() ? "accepted" : roster.error().why.view();
  }

  testing_support::RosterFixture fixture_ = testing_support::make_roster(
      {.analysts = 1, .first_week = kFirst, .weeks = 2, .log_keys = {}, .log_origin = ""});
  const Root& old_ = fixture_.root;
  Root new_ = Root::generate().value();
  Root other_ = Root::generate().value();
  std::string announcing_;  // number 2
  RosterAnchor anchor_;     // after it
};

TEST_F(RootRotationTest, TheNewRootSignsAloneAfterOneRosterOfBoth) {
  EXPECT_EQ(anchor_.root, old_.public_key());
  EXPECT_EQ(anchor_.next_root, new_.public_key());
  auto draft = following(announcing_, old_);
  ASSERT_EQ(draft.still_to_sign().size(), 2U);
  ASSERT_TRUE(draft.add_signature(old_).ok());
  ASSERT_TRUE(draft.add_signature(new_).ok());
  const std::string both = draft.finished().value();
  const RosterAnchor changed = accepted(both, anchor_);
  EXPECT_EQ(changed.root, new_.public_key());
  EXPECT_EQ(changed.pin, old_.public_key());
  EXPECT_FALSE(changed.next_root.has_value());
  EXPECT_EQ(accepted(both, changed).root, new_.public_key());  // read again at each start
  const auto fourth = following(both, new_);
  EXPECT_EQ(accepted(fourth.sign(new_).value(), changed).number, 4U);
  EXPECT_FALSE(fourth.sign(old_).ok());
}

TEST_F(RootRotationTest, RefusesAMissingSignature) {
  EXPECT_EQ(refused(signed_by({&old_}, announcing_), anchor_),
            "the roster before announced a new root: its signature is missing");
  EXPECT_EQ(refused(signed_by({&new_}, announcing_), anchor_),
            "the new root signed the roster without the old one: both must, once");
}

TEST_F(RootRotationTest, RefusesRootsThatChangedPlaces) {
  EXPECT_EQ(refused(signed_by({&new_, &old_}, announcing_), anchor_),
            "the old root's signature comes before the new root's");
}

TEST_F(RootRotationTest, RefusesARootThatWasNotAnnounced) {
  EXPECT_EQ(refused(signed_by({&old_, &other_}, announcing_), anchor_),
            "the roster before announced a new root: its signature is missing");
  EXPECT_EQ(refused(signed_by({&old_, &new_}, fixture_.file), fixture_.roster.anchor()),
            "a second root signed, which the roster before did not announce");
  EXPECT_EQ(refused(signed_by({&old_, &new_, &other_}, announcing_), anchor_),
            "a roster has one root signature, or two");
}

TEST_F(RootRotationTest, TheOldRootSignsNothingAfterwards) {
  const std::string both = signed_by({&old_, &new_}, announcing_);
  const RosterAnchor changed = accepted(both, anchor_);
  EXPECT_EQ(refused(signed_by({&old_}, both), changed),
            "the roster is not signed by the root key given");
  EXPECT_EQ(refused(announcing_, changed), "the roster is older than the one accepted last");
}

TEST_F(RootRotationTest, ThePinMayFollowTheChange) {
  const std::string both = signed_by({&old_, &new_}, announcing_);
  const RosterAnchor changed = accepted(both, anchor_);
  const auto again = verify(both, changed, &new_);
  ASSERT_TRUE(again.ok()) << again.error().why.view();
  EXPECT_EQ(again->anchor().pin, new_.public_key());
  EXPECT_EQ(again->anchor().root, new_.public_key());
}

TEST_F(RootRotationTest, APinPutThereByHandSignsTheNextRosterAlone) {
  EXPECT_EQ(refused(announcing_, anchor_, &other_),
            "the roster is not signed by the root key given");
  const auto next = verify(signed_by({&other_}, announcing_), anchor_, &other_);
  ASSERT_TRUE(next.ok()) << next.error().why.view();
  EXPECT_EQ(next->anchor().root, other_.public_key());
  // The numbers and lists still hold: nothing goes back.
  EXPECT_EQ(refused(signed_by({&other_}, fixture_.file), anchor_, &other_),
            "another roster with this number was accepted before");
}

TEST_F(RootRotationTest, AMemberWhoComesBackContinuesTheirList) {
  auto pair = testing_support::make_roster(
      {.analysts = 2, .first_week = kFirst, .weeks = 2, .log_keys = {}, .log_origin = ""});
  const auto verify_pair = [&](const std::string& file, const RosterAnchor& anchor) {
    return VerifiedRoster::verify(as_bytes(file), pair.root.public_key(), kNow, anchor);
  };
  const open::AnalystKeys& gone = pair.analysts[0];
  const auto half = [&](std::uint64_t number, const Digest& previous) {
    open::EpochListPlan plan{gone.member(), number, previous, {}, std::nullopt};
    plan.keys.emplace(kFirst, gone.epoch(kFirst)->public_key());
    return open::MemberPublic{gone.member(), "analyst 0", gone.identity().public_key(),
                              open::sign_epoch_list(plan, gone.identity()).value()};
  };
  const auto first = pair.roster.anchor();
  auto second = RosterDraft::following(as_bytes(pair.file), pair.root.public_key()).value();
  ASSERT_TRUE(second.renew_list(half(2, first.lists[0].digest)).ok());
  const std::string renewed = second.sign(pair.root).value();
  const auto after_renewal = verify_pair(renewed, first).value().anchor();
  auto third = RosterDraft::following(as_bytes(renewed), pair.root.public_key()).value();
  ASSERT_TRUE(third.revoke_member(gone.member()).ok());
  const std::string revoked = third.sign(pair.root).value();
  const auto after_revocation = verify_pair(revoked, after_renewal).value().anchor();
  ASSERT_EQ(after_revocation.lists.size(), 2U);
  const auto back_with = [&](const open::MemberPublic& list) {
    auto draft = RosterDraft::following(as_bytes(revoked), pair.root.public_key()).value();
    EXPECT_TRUE(draft.restore_member(list, {}).ok());
    const auto roster = verify_pair(draft.sign(pair.root).value(), after_revocation);
    return roster.ok() ? std::string_view("accepted") : roster.error().why.view();
  };
  EXPECT_EQ(back_with(half(1, {})), "an epoch list is older than the one accepted last");
  EXPECT_EQ(back_with(half(2, first.lists[0].digest)), "accepted");
  EXPECT_EQ(back_with(half(3, after_renewal.lists[0].digest)), "accepted");
}

}  // namespace
}  // namespace resguardo
