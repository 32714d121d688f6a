// SPDX-License-Identifier: AGPL-3.0-or-later
// Each thing that keeps a week's key from being destroyed (protocol.md §1), and that nothing else
// does.
#include "analyst/import/retirement.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "crypto/log/segment_chain.h"
#include "tests/analyst/log_server.h"
#include "tests/analyst/report_samples.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using ::testing::HasSubstr;
using testing_support::LogServer;
using testing_support::sample_digest;

constexpr Day kMonday{20773};  // 2026-11-16
const Week kWeekOfMonday = week_of(start_of(kMonday));
const TimePoint kLater = start_of(Day{kMonday.number + 20});

class RetirementTest : public ::testing::Test {
 protected:
  RetirementTest()
      : fixture_(testing_support::make_roster({.analysts = 2,
                                               .first_week = kWeekOfMonday,
                                               .log_keys = {server_.key.public_key()},
                                               .log_origin = server_.origin})),
        vault_(Vault::create(directory_.path() / "vault", fixture_.root.public_key(), passphrase(),
                             {1, open::LockCost::kMinMemory})
                   .value()) {
    know(fixture_);
  }
  static SecretBytes passphrase() {
    std::string text = "a passphrase of tests";
    return SecretBytes::take({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}).value();
  }
  static MemberId member(std::uint8_t n) { return MemberId::from(Bytes(16, n)).value(); }
  void know(const testing_support::RosterFixture& fixture) {
    EXPECT_TRUE(vault_
                    .add_roster({fixture.roster.anchor().number, fixture.roster.anchor().digest,
                                 to_bytes(fixture.roster.file())})
                    .ok());
  }
  // The server's log as it is now, verified.
  void keep(const LogServer& server, Day day) {
    CompactTree tree;
    for (const Bytes& entry : server.entries) tree.append(leaf_hash(entry));
    auto update = log_.begin(server.origin).value();
    for (std::size_t at = 0; at < server.entries.size(); ++at)
      ASSERT_TRUE(update.add(at, server.entries[at]).ok());
    ASSERT_TRUE(update
                    .commit(KeptCheckpoint{server.origin, tree.size(), day, tree.encode(),
                                           server.note(day)})
                    .ok());
  }
  void close(LogServer& server, Week week) {
    LogFact fact = server.fact(0, kMonday, LogKind::kEpochClosed);
    fact.week = week;
    server.entries.push_back(make_log_entry(fact, server.salts));
  }
  void close_and_keep() {
    close(server_, kWeekOfMonday);
    keep(server_, kMonday);
  }
  static Digest chain_of(int number) {
    auto chain = SegmentChain::begin(as_bytes("header"));
    chain.add(Bytes{static_cast<std::uint8_t>(number)});
    return chain.digest();
  }
  // A report of one segment with one row: in the server's log, …
  void log_report(int number) {
    LogFact fact = server_.fact(number, kMonday);
    const Digest chain = chain_of(number);
    fact.digest = report_digest({&chain, 1});
    server_.entries.push_back(make_log_entry(fact, server_.salts));
  }
  StoredSegment segment(int number, std::uint64_t opened) const {
    StoredSegment made;
    made.digest = sample_digest(static_cast<std::uint8_t>(number));
    made.report = ReportId::from(Bytes(16, static_cast<std::uint8_t>(number))).value();
    made.week = kWeekOfMonday;
    made.rows = 1;
    made.opened = opened;
    made.chain = to_bytes(chain_of(number).view());
    return made;
  }
  // … here, opened by somebody, …
  void bring(int number, const MemberId& who, std::uint64_t opened = 1) {
    auto addition = vault_.begin().value();
    const StoredSegment made = segment(number, opened);
    EXPECT_TRUE(addition.begin_report(made.report, kMonday).ok());
    EXPECT_TRUE(addition.begin_segment(made, as_bytes("header")).ok());
    EXPECT_TRUE(addition.end_segment(made, {who, server_.origin, 3}).ok());
    EXPECT_TRUE(addition.commit().ok());
  }
  // … or here and for others.
  void bring_foreign(int number, const MemberId& who, bool named = false) {
    EXPECT_TRUE(vault_.note_foreign(segment(number, 0), who, named).ok());
  }
  // Whose keys are all there but those of `without`.
  static VaultReader reader(const MemberId& who, const std::vector<Week>& without = {}) {
    return {who, [=](Week week) { return std::ranges::find(without, week) == without.end(); }};
  }
  std::string refusal(const MemberId& who, Week week = kWeekOfMonday,
                      std::vector<std::string> gone = {}, TimePoint now = kLater) {
    const auto checked = check_retirement(vault_, {week, reader(who), std::move(gone)}, now);
    if (checked.ok()) return "";
    return checked.error().where + ": " + checked.error().what;
  }

  LogServer server_;
  testing_support::RosterFixture fixture_;
  testing_support::TemporaryDirectory directory_;
  Vault vault_;
  VaultLog log_{vault_};
  const MemberId ana_ = member(1);
  const MemberId luis_ = member(2);
};

TEST_F(RetirementTest, AWeekWhoseReportsAreAllHereMayGo) {
  log_report(1);
  bring(1, ana_);
  close_and_keep();
  EXPECT_EQ(refusal(ana_), "");
}

TEST_F(RetirementTest, NotBeforeTheWeekIsOverForADay) {
  close_and_keep();
  const TimePoint over = start_of(Day{kMonday.number + 8});
  EXPECT_EQ(refusal(ana_, kWeekOfMonday, {}, over), "");
  EXPECT_THAT(refusal(ana_, kWeekOfMonday, {}, over - std::chrono::seconds(1)),
              HasSubstr("not over"));
  EXPECT_THAT(refusal(ana_, week_of(kLater)), HasSubstr("not over"));
  EXPECT_THAT(refusal(ana_, Week{week_of(kLater).number + 1}), HasSubstr("not over"));
}

TEST_F(RetirementTest, NotBeforeAVerifiedCheckpointSaysThatTheWeekIsClosed) {
  EXPECT_THAT(refusal(ana_), HasSubstr("no checkpoint of it was verified here"));
  close(server_, Week{kWeekOfMonday.number - 1});
  keep(server_, kMonday);
  EXPECT_THAT(refusal(ana_), HasSubstr("does not say that week 2026-W47 is closed"));
  close(server_, kWeekOfMonday);
  auto update = log_.begin(server_.origin).value();
  ASSERT_TRUE(update.promise(server_.entries.back(), kMonday).ok());
  ASSERT_TRUE(update.commit(std::nullopt).ok());
  EXPECT_THAT(refusal(ana_), HasSubstr("does not say")) << "a promise is no checkpoint";
  keep(server_, Day{kMonday.number + 1});
  EXPECT_EQ(refusal(ana_), "");
}

TEST_F(RetirementTest, NotBeforeEveryLoggedReportIsHereAndOpen) {
  log_report(1);
  log_report(2);
  bring(1, ana_);
  close_and_keep();
  EXPECT_THAT(refusal(ana_), HasSubstr("02020202"));
  bring(2, ana_, 0);
  EXPECT_THAT(refusal(ana_), HasSubstr("02020202")) << "it is here, and does not open";
  bring(2, ana_);
  EXPECT_EQ(refusal(ana_), "");
}

// A day's entries stand in random order: a report behind EPOCH_CLOSED counts.
TEST_F(RetirementTest, NotBeforeWhatStandsBehindTheClosingIsHere) {
  close(server_, kWeekOfMonday);
  log_report(3);
  keep(server_, kMonday);
  EXPECT_THAT(refusal(ana_), HasSubstr("03030303"));
}

TEST_F(RetirementTest, WhatExpiredIsNotWaitedFor) {
  log_report(2);
  server_.add(2, kMonday, LogKind::kExpired);
  close_and_keep();
  EXPECT_EQ(refusal(ana_), "");
}

// The server may withhold its bundle, say that, and bring it when the key is gone.
TEST_F(RetirementTest, WhatIsMerelyClaimedToBeWithdrawnIsWaitedFor) {
  log_report(1);
  server_.add(1, kMonday, LogKind::kWithdrawal);
  close_and_keep();
  EXPECT_THAT(refusal(ana_), HasSubstr("01010101"));
}

// In a vault that two work on, what one opened is not opened for the other, and what is not for one
// may be for the other.
TEST_F(RetirementTest, AnotherMembersOpeningIsNotThisOnes) {
  log_report(1);
  log_report(2);
  bring(1, ana_);
  bring_foreign(2, ana_);
  close_and_keep();
  EXPECT_EQ(refusal(ana_), "");
  EXPECT_THAT(refusal(luis_), HasSubstr("01010101"));
  bring(1, luis_);
  EXPECT_THAT(refusal(luis_), HasSubstr("02020202"));
  bring(2, luis_);
  EXPECT_EQ(refusal(luis_), "");
  EXPECT_EQ(refusal(ana_), "");
}

// Ana imported with a copy of her keys that lacks this week: these keys still open it.
TEST_F(RetirementTest, WhatAKeyThatWasNotThereWouldHaveOpenedIsWaitedFor) {
  log_report(1);
  bring_foreign(1, ana_, true);
  close_and_keep();
  EXPECT_THAT(refusal(ana_), HasSubstr("01010101"));
  const Week later{kWeekOfMonday.number + 1};
  close(server_, later);
  keep(server_, Day{kMonday.number + 1});
  const Retirement wanted{later, reader(ana_, {kWeekOfMonday}), {}};
  EXPECT_TRUE(check_retirement(vault_, wanted, kLater).ok()) << "its week's key is gone for good";
}

TEST_F(RetirementTest, NotWhileAReportThatNoLogNamesIsHalfOpen) {
  close_and_keep();
  bring(7, ana_, 0);
  EXPECT_THAT(refusal(ana_), HasSubstr("07070707"));
}

TEST_F(RetirementTest, EveryServerIsAsked) {
  close_and_keep();
  LogServer second;
  second.origin = "another.example/log";
  second.add(9, kMonday);
  keep(second, kMonday);
  EXPECT_THAT(refusal(ana_), HasSubstr("another.example/log"));
  EXPECT_EQ(refusal(ana_, kWeekOfMonday, {second.origin}), "")
      << "a person says that it is no more";
}

TEST_F(RetirementTest, TheRostersOwnServerIsNeverGone) {
  close_and_keep();
  for (const char* name : {"resguardo.example/log", "nobody.example/log"}) {
    const auto checked = check_retirement(vault_, {kWeekOfMonday, reader(ana_), {name}}, kLater);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, program::ExitCode::kUsage);
    EXPECT_EQ(checked.error().where, "--gone");
  }
}

TEST_F(RetirementTest, NotWithoutARosterThatNamesALog) {
  Vault other = Vault::create(directory_.path() / "other", fixture_.root.public_key(), passphrase(),
                              {1, open::LockCost::kMinMemory})
                    .value();
  const auto none = check_retirement(other, {kWeekOfMonday, reader(ana_), {}}, kLater);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().what, HasSubstr("holds no roster"));
}

}  // namespace
}  // namespace resguardo::analyst
