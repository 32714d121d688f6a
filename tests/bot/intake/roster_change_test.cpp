// SPDX-License-Identifier: AGPL-3.0-or-later
// Who reads what when the roster, a list of keys or the week changes in the middle of a report
// (protocol.md §2, §3.6).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/format/bundle.h"
#include "crypto/open/record_parser.h"
#include "crypto/open/roster_maker.h"
#include "crypto/open/segment_reader.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/seeded_random.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using open::RosterDraft;
using std::chrono::hours;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_support::FixtureAnalyst;
using testing_support::give_consent;
using testing_support::World;

constexpr hours kDayLong{24};

// What one analyst reads: the segments that are not for them are counted, not opened.
struct Read {
  std::size_t refused = 0;
  std::size_t opened = 0;
  std::size_t reserve = 0;
  std::string words;     // of the testimony
  std::string identity;  // of the other stream, and what only an identity's reader sees
};

void add_words(const SecretBuffer& record, std::string& words) {
  if (record.size() > 0) words += open::parse_record(record)->SerializeAsString();
}

Read read_as(World& world, const open::AnalystKeys& keys) {
  const auto file = world.directory() / "read.bundle";
  std::filesystem::remove(file);
  world.write_bundle_to(file);
  std::ifstream in(file, std::ios::binary);
  BundleReader reader(in);
  std::optional<open::SegmentReader> segment;
  Read read;
  while (!reader.finished()) {
    const auto frame = reader.next().value();
    if (frame.has_segment()) {
      segment.reset();
      auto begun = open::SegmentReader::begin(as_bytes(frame.segment().header()), keys);
      ++(begun.ok() ? read.opened : read.refused);
      if (begun.ok()) segment = std::move(begun).value();
      if (segment && segment->claims().reserve) ++read.reserve;
    } else if (frame.has_row() && segment) {
      const auto row = segment->next(as_bytes(frame.row().row())).value();
      add_words(row.testimony, read.words);
      add_words(row.identity, read.identity);
    }
  }
  return read;
}

// The rosters that an authority signs one after another, and a third analyst to come.
class RosterChangeTest : public ::testing::TestWithParam<bool> {
 protected:
  RosterChangeTest() { give_consent(world_, kAna); }

  open::AnalystKeys& keys(std::size_t analyst) {
    return analyst == 2 ? new_.keys : const_cast<open::AnalystKeys&>(fixture().analysts[analyst]);
  }
  const testing_support::RosterFixture& fixture() const { return world_.roster(); }
  const MemberId& id(std::size_t analyst) { return keys(analyst).member(); }

  // The next roster with `change` made to it, in force.
  template <class Change>
  void install(const Change& change) {
    auto draft = RosterDraft::following(roster_.file(), fixture().root.public_key()).value();
    const Status changed = change(draft);
    ASSERT_TRUE(changed.ok()) << changed.error().why.view();
    const auto file = draft.sign(fixture().root).value();
    roster_ = VerifiedRoster::verify(as_bytes(file), fixture().root.public_key(), world_.now(),
                                     roster_.anchor())
                  .value();
    world_.install(roster_);
    if (GetParam()) world_.restart();
  }
  // After a restart the first message is answered with what is owed; it is kept as it was said.
  void tell(const std::string& words) {
    say(world_, kAna, words);
    if (GetParam()) say(world_, kAna, words);
  }
  void end_report() {
    world_.advance(kDayLong * 5);
    world_.upkeep();
    ASSERT_THAT(world_.store().open_reports().value(), IsEmpty());
  }
  bool reads(std::size_t analyst, const std::string& words) {
    return read_as(world_, keys(analyst)).words.find(words) != std::string::npos;
  }
  // A later list of the same member, with the same keys.
  open::MemberPublic renewed(std::size_t analyst, const open::MemberPublic& half) {
    const auto anchors = roster_.anchor().lists;
    const auto before = std::ranges::find(anchors, id(analyst), &ListAnchor::member);
    open::EpochListPlan plan{id(analyst), before->number + 1, before->digest, {}, std::nullopt};
    plan.keys.emplace(week_of(world_.now()),
                      keys(analyst).epoch(week_of(world_.now()))->public_key());
    auto later = half;
    later.epoch_list = open::sign_epoch_list(plan, keys(analyst).identity()).value();
    return later;
  }
  open::MemberPublic half_of(std::size_t analyst) {
    return {id(analyst),
            "analyst " + std::to_string(analyst),
            keys(analyst).identity().public_key(),
            {}};
  }

  World world_;
  testing_support::SeededRandom ids_{5};
  VerifiedRoster roster_ = world_.roster().roster;
  FixtureAnalyst new_ = testing_support::make_analyst(
      "analyst 2",
      {.analysts = 1, .first_week = week_of(world_.now()), .log_keys = {}, .log_origin = ""});
};

INSTANTIATE_TEST_SUITE_P(Server, RosterChangeTest, ::testing::Bool(),
                         [](const auto& of) { return of.param ? "Restarted" : "Running"; });

TEST_P(RosterChangeTest, ARevokedAnalystReadsNothingPushedAfterwardsAlsoInARunningReport) {
  tell("antes del cambio");
  install([&](RosterDraft& draft) { return draft.revoke_member(id(1)); });
  tell("ya sin ella");
  end_report();
  EXPECT_TRUE(reads(0, "antes del cambio"));
  EXPECT_TRUE(reads(0, "ya sin ella"));
  EXPECT_TRUE(reads(1, "antes del cambio"));
  EXPECT_FALSE(reads(1, "ya sin ella"));
  EXPECT_EQ(read_as(world_, keys(1)).refused, 1U);
}

TEST_P(RosterChangeTest, ASuspendedAnalystReadsWhatCameBeforeAndAfter) {
  tell("mientras estaba");
  install([&](RosterDraft& draft) { return draft.suspend_member(id(1)); });
  tell("suspendida");
  install([&](RosterDraft& draft) { return draft.restore_member(renewed(1, half_of(1)), {}); });
  tell("de vuelta");
  end_report();
  for (const char* words : {"mientras estaba", "suspendida", "de vuelta"})
    EXPECT_TRUE(reads(0, words)) << words;
  EXPECT_TRUE(reads(1, "mientras estaba"));
  EXPECT_FALSE(reads(1, "suspendida"));
  EXPECT_TRUE(reads(1, "de vuelta"));
}

TEST_P(RosterChangeTest, AnAddedAnalystReadsWhatIsToldFromThenOn) {
  tell("antes de ella");
  install([&](RosterDraft& draft) {
    return draft.add_member(new_.half, "Test organisation", {}, ids_);
  });
  tell("ya con ella");
  end_report();
  EXPECT_FALSE(reads(2, "antes de ella"));
  EXPECT_TRUE(reads(2, "ya con ella"));
  EXPECT_TRUE(reads(0, "antes de ella"));
  EXPECT_TRUE(reads(0, "ya con ella"));
}

TEST_P(RosterChangeTest, WhoLosesACompartmentKeepsTheOther) {
  tell("los dos");
  install([&](RosterDraft& draft) { return draft.set_reads(id(1), {true, false}); });
  tell("solo el testimonio");
  end_report();
  EXPECT_TRUE(reads(1, "solo el testimonio"));
  const Read all = read_as(world_, keys(0));
  const Read part = read_as(world_, keys(1));
  EXPECT_EQ(part.refused, 0U);
  EXPECT_LT(part.identity.size(), all.identity.size());
  EXPECT_THAT(part.identity, Not(IsEmpty())) << "of the first segment";
}

// Every change: a later roster of the same people, and a newer list of one of them.
TEST_P(RosterChangeTest, AnyOtherRosterAndAnyNewerListBeginASegment) {
  tell("uno");
  install([&](RosterDraft& draft) {
    auto terms = draft.terms();
    terms.expires = Day{terms.expires.number + 1};
    draft.set_terms(terms);
    return success();
  });
  tell("dos");
  install([&](RosterDraft& draft) { return draft.renew_list(renewed(1, half_of(1))); });
  tell("tres");
  end_report();
  for (const std::size_t analyst : {0U, 1U}) {
    const Read read = read_as(world_, keys(analyst));
    EXPECT_EQ(read.opened, 3U);
    EXPECT_EQ(read.refused, 0U);
    for (const char* words : {"uno", "dos", "tres"}) EXPECT_THAT(read.words, HasSubstr(words));
  }
}

TEST(WeekChangeTest, ARunningReportGoesOnInANewSegmentOfTheNewWeek) {
  World world;
  world.advance(hours(37) + std::chrono::minutes(50));  // Sunday 23:50
  give_consent(world, kAna);
  say(world, kAna, "el domingo");
  world.advance(std::chrono::minutes(15));
  say(world, kAna, "el lunes");
  ASSERT_THAT(world.store().open_reports().value(), SizeIs(1));
  const auto id = world.store().open_reports().value()[0].report;
  EXPECT_THAT(world.store().open_contents(id).value()->segments, SizeIs(2));
}

TEST(WeekChangeTest, WhenAListHasRunOutTheReserveIsUsedAndTheHeaderSaysSo) {
  World world;  // lists of four weeks
  world.advance(kDayLong * 35);
  EXPECT_LT(world.gate().roster()->days_of_keys_left(world.now()), 0);
  give_consent(world, kAna);
  world.advance(kDayLong * 5);
  world.upkeep();
  const Read read = read_as(world, world.roster().analysts[0]);
  EXPECT_EQ(read.reserve, 1U);
  EXPECT_THAT(read.words, Not(IsEmpty()));
}

TEST(RosterEndTest, RunningReportsGoOnForTheIdleTimeoutAndThenClose) {
  World world;
  const Day last = world.roster().roster.expires();
  world.advance(start_of(last) - world.now());
  give_consent(world, kAna);
  world.advance(kDayLong * 2);
  say(world, kAna, "todavía");
  EXPECT_FALSE(world.gate().may_begin(world.now()).ok());
  world.advance(kDayLong * 2);
  ASSERT_EQ(world.say(Channel::kWhatsApp, kAna, "demasiado tarde"), 200U);
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  const Read read = read_as(world, world.roster().analysts[0]);
  EXPECT_THAT(read.words, HasSubstr("todavía"));
  EXPECT_THAT(read.words, Not(HasSubstr("demasiado tarde")));
}

}  // namespace
}  // namespace resguardo::intake
