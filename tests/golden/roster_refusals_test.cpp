// SPDX-License-Identifier: AGPL-3.0-or-later
// Every roster that is refused, with the words in which it is: to whoever runs the server, and to
// the analyst, who judges a roster by itself. What it continues is the shelf's question there
// (tests/analyst/roster_shelf_test.cpp).
#include <gtest/gtest.h>

#include <algorithm>

#include "analyst/import/roster_shelf.h"
#include "crypto/format/armour.h"
#include "tests/golden/roster_vector.h"

namespace resguardo {
namespace {

using testing_support::RosterVector;

struct Refusal {
  const char* vector;
  Fault fault;
  std::string_view words;
  std::string_view to_analyst = {};  // of those that only history condemns: nothing, or this
};

// Wrong in themselves: the bot and the analyst say the same.
const Refusal kWrong[] = {
    {"any_with_m_2", Fault::kMalformed,
     "policy ANY asks for one member of each group, not for more"},
    {"armoured_with_cr", Fault::kMalformed,
     "does not begin with the line that names what is expected"},
    {"bad_signature", Fault::kUnauthentic, "a signature on the roster does not fit"},
    {"compartment_missing", Fault::kMalformed,
     "a roster says who opens testimony, then who opens identity"},
    {"compartment_twice", Fault::kMalformed,
     "a roster says who opens testimony, then who opens identity"},
    {"compartments_exchanged", Fault::kMalformed,
     "a roster says who opens testimony, then who opens identity"},
    {"day_out_of_range", Fault::kMalformed, "a roster names a day outside of 1970 to 2243"},
    {"duplicate_member_id", Fault::kMalformed, "one member is listed twice"},
    {"duplicate_member_key", Fault::kMalformed, "one key stands for two members, logs or roots"},
    {"duplicate_organisation", Fault::kMalformed, "one organisation is listed twice"},
    {"empty_group", Fault::kMalformed,
     "a compartment is read by 1 to 32 members of an organisation"},
    {"expired", Fault::kStale, "the roster has expired"},
    {"expires_before_issued", Fault::kMalformed, "a roster that expires before it is issued"},
    {"field_twice", Fault::kMalformed, "not the canonical form of its content"},
    {"group_m_0", Fault::kMalformed, "a group asks for more members than it has, or for none"},
    {"group_member_twice", Fault::kMalformed,
     "one member or organisation in two groups of a compartment"},
    {"group_of_another_organisation", Fault::kMalformed,
     "a group names a member of another organisation"},
    {"group_of_unlisted_organisation", Fault::kMalformed,
     "a group of an organisation that is not listed"},
    {"label_missing", Fault::kMalformed, "a member without an id of 16 bytes or a plain label"},
    {"label_with_escape", Fault::kMalformed, "a member without an id of 16 bytes or a plain label"},
    {"list_bad_signature", Fault::kUnauthentic,
     "an epoch list is not signed by the member it is for"},
    {"list_for_another_member", Fault::kUnauthentic, "an epoch list is for another member"},
    {"list_key_twice", Fault::kMalformed, "an epoch list uses one key twice"},
    {"list_low_order_key", Fault::kMalformed,
     "an epoch list has a week whose key is not a sound key"},
    {"list_low_order_reserve", Fault::kMalformed, "an epoch list's reserve is not a sound key"},
    {"list_missing", Fault::kMalformed, "the epoch list of an active analyst is missing"},
    {"list_number_0", Fault::kMalformed, "an epoch list's number and previous digest do not agree"},
    {"list_number_1_with_previous", Fault::kMalformed,
     "an epoch list's number and previous digest do not agree"},
    {"list_of_nobody", Fault::kMalformed, "an epoch list of nobody in the roster"},
    {"list_week_that_is_none", Fault::kMalformed, "an epoch list names no ISO week"},
    {"list_week_twice", Fault::kMalformed, "the weeks of an epoch list do not ascend"},
    {"list_weeks_descend", Fault::kMalformed, "the weeks of an epoch list do not ascend"},
    {"list_without_weeks", Fault::kMalformed, "an epoch list has 1 to 160 weeks"},
    {"lists_exchanged", Fault::kUnauthentic, "an epoch list is not signed by the member it is for"},
    {"log_key_is_a_member", Fault::kMalformed, "one key stands for two members, logs or roots"},
    {"log_keys_17", Fault::kMalformed, "log keys and their origin come together, at most 16"},
    {"log_origin_missing", Fault::kMalformed,
     "log keys and their origin come together, at most 16"},
    {"log_origin_with_space", Fault::kMalformed,
     "a log origin has no white space and no plus sign"},
    {"low_order_identity", Fault::kMalformed, "a member's key is not a sound key"},
    {"low_order_log_key", Fault::kMalformed, "a log key is not a sound key"},
    {"low_order_next_root", Fault::kMalformed, "the root to come is not a sound key"},
    {"next_root_is_root", Fault::kMalformed, "the root key is listed as somebody else's"},
    {"no_signature", Fault::kMalformed, "a roster has one root signature, or two"},
    {"nobody_opens", Fault::kMalformed, "a compartment that nobody can open"},
    {"number_0", Fault::kMalformed, "a roster's number and previous digest do not agree"},
    {"number_1_with_previous", Fault::kMalformed,
     "a roster's number and previous digest do not agree"},
    {"number_2_without_previous", Fault::kMalformed,
     "a roster's number and previous digest do not agree"},
    {"one_compartment_more", Fault::kMalformed,
     "a roster says who opens testimony, then who opens identity"},
    {"other_label", Fault::kUnauthentic, "a signature on the roster does not fit"},
    {"other_root", Fault::kUnauthentic, "the roster is not signed by the root key given"},
    {"other_roots_name", Fault::kUnauthentic, "a signature on the roster does not fit"},
    {"policy_missing", Fault::kMalformed, "a compartment without a policy"},
    {"quorum_above_members", Fault::kMalformed,
     "a group asks for more members than it has, or for none"},
    {"quorum_of_one", Fault::kMalformed, "a quorum of one is policy ANY"},
    {"quorum_organisation_twice", Fault::kMalformed,
     "one member or organisation in two groups of a compartment"},
    {"revoked_member_in_group", Fault::kMalformed,
     "a group names somebody who is no active analyst"},
    {"root_is_a_member", Fault::kMalformed, "the root key is listed as somebody else's"},
    {"root_is_a_researcher", Fault::kMalformed, "the root key is listed as somebody else's"},
    {"second_root_is_a_member", Fault::kMalformed, "the root key is listed as somebody else's"},
    {"second_signature_bad", Fault::kUnauthentic, "a signature on the roster does not fit"},
    {"signed_twice", Fault::kMalformed, "one root signed the roster twice"},
    {"state_missing", Fault::kMalformed, "a member without a role or state"},
    {"suspended_member_in_group", Fault::kMalformed,
     "a group names somebody who is no active analyst"},
    {"trailing_byte", Fault::kMalformed, "not a message of the expected kind"},
    {"two_root_signatures", Fault::kUnauthentic,
     "a second root signed, which the roster before did not announce"},
    {"unknown_compartment", Fault::kMalformed, "a field or value that this version does not know"},
    {"unknown_field", Fault::kMalformed, "a field or value that this version does not know"},
    {"unknown_format", Fault::kMalformed, "not a roster of this version"},
    {"unknown_group_member", Fault::kMalformed, "a group names somebody who is no active analyst"},
    {"unknown_role", Fault::kMalformed, "a field or value that this version does not know"},
    {"unlisted_organisation", Fault::kMalformed, "a member of an organisation that is not listed"},
};

// Right in themselves, and not what may follow the one accepted last.
const Refusal kOutOfPlace[] = {
    {"after_rotation_by_the_old_root", Fault::kUnauthentic,
     "the roster is not signed by the root key given"},
    {"first_has_number_2", Fault::kConflict,
     "the first roster accepted has number 1: install them in order"},
    {"fork", Fault::kConflict, "another roster with this number was accepted before"},
    {"list_fork", Fault::kConflict, "another epoch list with this number was accepted before"},
    {"list_older", Fault::kReplayed, "an epoch list is older than the one accepted last"},
    {"list_wrong_previous", Fault::kConflict,
     "an epoch list does not follow the one accepted last"},
    {"number_skipped", Fault::kConflict,
     "the roster does not follow the one accepted last: install them in order"},
    {"older", Fault::kReplayed, "the roster is older than the one accepted last"},
    {"rotation_roots_exchanged", Fault::kMalformed,
     "the old root's signature comes before the new root's"},
    {"rotation_to_another_root", Fault::kUnauthentic,
     "the roster before announced a new root: its signature is missing"},
    {"rotation_unannounced", Fault::kUnauthentic,
     "a second root signed, which the roster before did not announce"},
    {"rotation_without_the_new_root", Fault::kUnauthentic,
     "the roster before announced a new root: its signature is missing"},
    {"rotation_without_the_old_root", Fault::kUnauthentic,
     "the new root signed the roster without the old one: both must, once",
     "the roster is not signed by the root key given"},
    {"wrong_previous", Fault::kConflict,
     "the roster does not follow the one accepted last: install them in order"},
};

Result<VerifiedRoster> as_analyst(const RosterVector& vector) {
  return analyst::verify_alone(vector.file, vector.root, vector.now);
}

TEST(RosterRefusalTest, WhatIsWrongInItselfIsRefusedInTheSameWordsByBotAndAnalyst) {
  for (const Refusal& row : kWrong) {
    const auto vector = RosterVector::read(row.vector);
    for (const auto& verdict : {vector.verify(), as_analyst(vector)}) {
      ASSERT_FALSE(verdict.ok()) << row.vector;
      EXPECT_EQ(verdict.error().fault, row.fault) << row.vector;
      EXPECT_EQ(verdict.error().why.view(), row.words) << row.vector;
    }
  }
}

TEST(RosterRefusalTest, WhatDoesNotFollowIsRefusedByTheBot) {
  for (const Refusal& row : kOutOfPlace) {
    const auto vector = RosterVector::read(row.vector);
    const auto verdict = vector.verify();
    ASSERT_FALSE(verdict.ok()) << row.vector;
    EXPECT_EQ(verdict.error().fault, row.fault) << row.vector;
    EXPECT_EQ(verdict.error().why.view(), row.words) << row.vector;
    const auto alone = as_analyst(vector);
    EXPECT_EQ(alone.ok() ? std::string_view() : alone.error().why.view(), row.to_analyst)
        << row.vector;
  }
}

// What people hand over by mistake.
TEST(RosterRefusalTest, ADraftIsToldFromARoster) {
  const auto vector = RosterVector::read("sound");
  const std::string draft = armour(ArmourKind::kRosterDraft, vector.file);
  const auto verdict =
      VerifiedRoster::verify(as_bytes(draft), vector.root, vector.now, vector.anchor);
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().why.view(), "a draft is no roster yet: root has to sign it");
}

// Its number says nothing: whoever signs can choose it.
TEST(RosterRefusalTest, AStrangersRosterIsNotJudgedByItsNumber) {
  const auto stranger = RosterVector::read("other_root");
  for (const char* after : {"same_again", "older", "fork"}) {
    const auto known = RosterVector::read(after);
    const auto verdict =
        VerifiedRoster::verify(stranger.file, stranger.root, stranger.now, known.anchor);
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(verdict.error().why.view(), "the roster is not signed by the root key given");
  }
}

// A new vector has a line above, or is accepted.
TEST(RosterRefusalTest, NoRefusalIsWithoutItsWords) {
  const auto has = [](std::span<const Refusal> rows, const std::string& name) {
    return std::ranges::any_of(rows, [&](const Refusal& row) { return row.vector == name; });
  };
  for (const std::string& name : testing_support::roster_vectors()) {
    const bool told = has(kWrong, name) || has(kOutOfPlace, name);
    EXPECT_EQ(told, RosterVector::read(name).expect != "success") << name;
  }
}

}  // namespace
}  // namespace resguardo
