// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/seal/roster.h"

#include <gtest/gtest.h>

#include "crypto/format/armour.h"
#include "crypto/format/strict_parse.h"
#include "crypto/seal/epoch_list.h"
#include "proto/roster.pb.h"
#include "tests/support/roster_fixture.h"

namespace resguardo {
namespace {

using testing_support::make_roster;
using testing_support::RosterFixture;
using testing_support::RosterFixtureOptions;

const Week kFirstListed = *parse_week("2026-W47");
const TimePoint kListedDay = start_of(monday_of(kFirstListed));

RosterFixtureOptions options(std::uint32_t weeks = 4, bool reserve = true) {
  RosterFixtureOptions options;
  options.first_week = kFirstListed;
  options.weeks = weeks;
  options.reserve = reserve;
  return options;
}

Result<VerifiedRoster> verify(const RosterFixture& fixture, ByteView file,
                              TimePoint now = kListedDay) {
  return VerifiedRoster::verify(file, fixture.root.public_key(), now, std::nullopt);
}

TEST(RosterTest, FindsEveryFlippedBit) {
  auto few = options(1, false);
  few.analysts = 1;
  const auto fixture = make_roster(few);
  const Bytes file = to_bytes(fixture.roster.file());
  ASSERT_TRUE(verify(fixture, file).ok());
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = file;
      damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
      ASSERT_FALSE(verify(fixture, damaged).ok()) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(RosterTest, FindsEveryPlaceItIsCutShort) {
  const auto fixture = make_roster(options(1));
  const Bytes file = to_bytes(fixture.roster.file());
  for (std::size_t size = 0; size < file.size(); ++size)
    ASSERT_FALSE(verify(fixture, ByteView(file).first(size)).ok()) << size;
  for (std::size_t size = 0; size < fixture.file.size(); ++size)
    ASSERT_FALSE(verify(fixture, as_bytes(fixture.file).first(size)).ok()) << size;
}

TEST(RosterTest, IsOneFileAsTextAndAsBytes) {
  const auto fixture = make_roster(options());
  EXPECT_EQ(armour(ArmourKind::kRoster, fixture.roster.file()), fixture.file);
  const auto again = verify(fixture, fixture.roster.file());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->anchor().digest, fixture.roster.anchor().digest);
}

TEST(RosterTest, IsOfItsRootOnly) {
  const auto fixture = make_roster(options());
  const auto other = open::SecretKey<RootRole>::generate().value();
  const auto roster =
      VerifiedRoster::verify(as_bytes(fixture.file), other.public_key(), kListedDay, std::nullopt);
  ASSERT_FALSE(roster.ok());
  EXPECT_EQ(roster.error().fault, Fault::kUnauthentic);
}

TEST(RosterTest, SealsToTheWeeksKeyThenToTheReserve) {
  const auto fixture = make_roster(options(2));
  for (int week = 0; week < 4; ++week) {
    const Week at{kFirstListed.number + week};
    const auto recipients = fixture.roster.recipients(at);
    ASSERT_TRUE(recipients.ok());
    EXPECT_EQ(recipients->week, at);
    EXPECT_EQ(recipients->roster_digest, fixture.roster.anchor().digest);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& recipient = recipients->members[1].at(i);
      const auto* key = fixture.analysts[i].epoch(at);
      EXPECT_EQ(recipient.reserve, week >= 2);
      EXPECT_EQ(recipient.key, (key ? key : fixture.analysts[i].reserve())->public_key());
    }
  }
  EXPECT_TRUE(fixture.roster.recipients(Week{kFirstListed.number - 1})->members[0][0].reserve);
}

TEST(RosterTest, HasNobodyToSealToWithoutKeyAndReserve) {
  const auto fixture = make_roster(options(2, false));
  EXPECT_TRUE(fixture.roster.recipients(Week{kFirstListed.number + 1}).ok());
  const auto none = fixture.roster.recipients(Week{kFirstListed.number + 2});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().fault, Fault::kUnavailable);
}

TEST(RosterTest, CountsTheDaysItsKeysLast) {
  const auto fixture = make_roster(options(2));
  const auto left = [&](int day) {
    return fixture.roster.days_of_keys_left(start_of(Day{day_of(kListedDay).number + day}));
  };
  EXPECT_EQ(left(0), 13);
  EXPECT_EQ(left(13), 0);   // the last Sunday
  EXPECT_EQ(left(14), -1);  // it has run out
}

TEST(RosterTest, IsValidToTheEndOfItsLastDay) {
  auto with_days = options();
  with_days.valid_days = 10;
  const auto fixture = make_roster(with_days);
  const TimePoint last =
      start_of(Day{day_of(kListedDay).number + 11}) - std::chrono::milliseconds(1);
  EXPECT_EQ(fixture.roster.expires(), day_of(last));
  EXPECT_FALSE(fixture.roster.expired(last));
  EXPECT_TRUE(verify(fixture, as_bytes(fixture.file), last).ok());
  const TimePoint after = last + std::chrono::milliseconds(1);
  EXPECT_TRUE(fixture.roster.expired(after));
  EXPECT_EQ(verify(fixture, as_bytes(fixture.file), after).error().fault, Fault::kStale);
}

TEST(RosterTest, NamesTheLogItVouchesFor) {
  auto with_log = options();
  const auto log = open::SecretKey<LogRole>::generate().value();
  with_log.log_keys = {log.public_key()};
  with_log.log_origin = "example.org/log";
  const auto fixture = make_roster(with_log);
  EXPECT_EQ(fixture.roster.log_keys(), with_log.log_keys);
  EXPECT_EQ(fixture.roster.log_origin(), "example.org/log");
}

TEST(RosterTest, RefusesAFileThatIsTooLongUnread) {
  const auto fixture = make_roster(options());
  Bytes file = to_bytes(fixture.roster.file());
  file.resize((std::size_t{4} << 20U) + 1);
  EXPECT_EQ(verify(fixture, file).error().why.view(), "too long for a roster");
}

TEST(EpochListTest, HoldsItsLimitOfWeeks) {
  const auto identity = open::SecretKey<AnalystRole>::generate().value();
  open::EpochListPlan plan;
  for (std::size_t i = 0; i < kMaxEpochKeys; ++i)
    plan.keys.emplace(Week{kFirstListed.number + static_cast<std::int32_t>(i)},
                      open::SecretKey<EpochRole>::generate()->public_key());
  EXPECT_TRUE(open::sign_epoch_list(plan, identity).ok());
  plan.keys.emplace(Week{kFirstListed.number - 1},
                    open::SecretKey<EpochRole>::generate()->public_key());
  EXPECT_FALSE(open::sign_epoch_list(plan, identity).ok());
}

// Labels, roles and states were right, and still the file is not one that was signed.
TEST(RosterTest, DoesNotTakeAnotherSignedMessageForARoster) {
  const auto fixture = make_roster(options());
  auto file = parse_strict<pb::RosterFile>(fixture.roster.file()).value();
  *file.mutable_roster() = file.epoch_lists(0);
  EXPECT_FALSE(verify(fixture, serialize_canonical(file)).ok());
}

}  // namespace
}  // namespace resguardo
