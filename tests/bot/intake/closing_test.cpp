// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/closing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "crypto/format/media_layout.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "storage/memory_store.h"
#include "tests/bot/intake/people.h"
#include "tests/support/consent.h"
#include "tests/support/faulty_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/seeded_random.h"
#include "tests/support/world.h"

namespace resguardo::intake {
namespace {

using gateway::Channel;
using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_support::FaultyStore;
using testing_support::give_consent;
using testing_support::OpenedReport;
using testing_support::World;
using testing_support::WorldOptions;

constexpr hours kIdle{72};

// An open report whose reporter said `words` where they were no answer: they are sealed all the
// same.
void begin_report(World& world, const std::string& who, const std::string& words) {
  give_consent(world, who);
  say(world, who, words);
  world.replies(who);
}

std::string all_of(const OpenedReport& report) {
  std::string all;
  for (const auto* stream : {&report.testimony, &report.identity})
    for (const auto& record : *stream) all += record.SerializeAsString();
  return all;
}

// What the bundle's reader would compute of a closed report.
Digest digest_of_stored(storage::Store& store, const ReportId& report) {
  std::vector<Digest> chains;
  const auto segments = store.segments(report).value();
  for (const auto& segment : segments) {
    auto chain = SegmentChain::begin(segment.header);
    EXPECT_TRUE(store
                    .rows(segment.segment,
                          [&](std::uint64_t, ByteView row) {
                            chain.add(row);
                            return success();
                          })
                    .ok());
    chains.push_back(chain.digest());
  }
  return report_digest(chains);
}

std::vector<LogFact> log_of(World& world) {
  std::vector<LogFact> facts;
  const auto entries = world.store().log_entries().value();
  for (const Bytes& entry : entries) facts.push_back(parse_log_entry(entry).value());
  return facts;
}

TEST(ClosingTest, SilenceIsCountedFromTheEndOfTheLastDay) {
  const Day day{20000};
  EXPECT_FALSE(silent_since(day, kIdle, start_of(Day{20004}) - std::chrono::milliseconds(1)));
  EXPECT_TRUE(silent_since(day, kIdle, start_of(Day{20004})));
  EXPECT_FALSE(silent_since(day, hours(1), start_of(Day{20001})));
}

TEST(ClosingTest, AddendaHaveLogEntriesOfTheirOwn) {
  const auto store = storage::make_memory_store();
  const auto tell = [&](std::uint32_t index, storage::ReportChange change) {
    storage::Turn turn;
    turn.day = Day{20000};
    turn.report.emplace();
    turn.report->day = turn.day;
    turn.report->keep_partial = true;
    turn.report->change = change;
    const Digest segment{{static_cast<std::uint8_t>(index >> 24 | 1)}};
    turn.report->segments.push_back({segment, index, Bytes(10, 1)});
    turn.report->rows.push_back({segment, 0, Bytes(10, 2)});
    ASSERT_TRUE(store->record(std::move(turn)).ok());
  };
  tell(0, storage::ReportChange::kAppend);
  tell(kFirstAddendum, storage::ReportChange::kAddendum);
  SystemRandom salts;
  EXPECT_EQ(end_all_reports(*store, start_of(Day{20001}), salts).closed, 1U);
  auto chain = SegmentChain::begin(Bytes(10, 1));
  chain.add(Bytes(10, 2));
  const std::array<Digest, 1> without{chain.digest()};
  const auto entries = store->log_entries().value();
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(parse_log_entry(entries[0]).value().digest, report_digest(without));
}

TEST(ClosingTest, AReportThatNobodyFinishesClosesAsIncompleteWithAllItsSegments) {
  World world;
  begin_report(world, kAna, "lo primero");
  world.advance(minutes(40));  // a pause: the next words open a second segment
  say(world, kAna, "hola");
  say(world, kAna, "1");
  say(world, kAna, "lo segundo");
  world.restart();  // and a third, after an interrupted one
  say(world, kAna, "hola");
  say(world, kAna, "lo tercero");
  const auto open = world.store().open_reports().value();
  ASSERT_THAT(open, SizeIs(1));

  world.advance(hours(71));
  world.upkeep();
  ASSERT_THAT(world.store().open_reports().value(), SizeIs(1)) << "too early";
  world.restart();
  world.advance(hours(25));
  world.upkeep();
  ASSERT_THAT(world.store().open_reports().value(), IsEmpty());
  for (std::size_t analyst : {0U, 1U}) {
    const auto reports = world.open(analyst);
    ASSERT_THAT(reports, SizeIs(1));
    EXPECT_EQ(reports[0].report, open[0].report);
    EXPECT_FALSE(reports[0].whole);
    EXPECT_EQ(reports[0].segments, 3U);
    EXPECT_EQ(reports[0].interrupted, 2U);
    for (const char* words : {"lo primero", "lo segundo", "lo tercero"})
      EXPECT_THAT(all_of(reports[0]), HasSubstr(words));
  }
  const auto log = log_of(world);
  ASSERT_THAT(log, SizeIs(1));
  EXPECT_EQ(log[0].kind, LogKind::kIncomplete);
  EXPECT_EQ(log[0].id, to_bytes(open[0].report.view()));
  EXPECT_EQ(log[0].digest, digest_of_stored(world.store(), open[0].report));
  EXPECT_EQ(log[0].day, day_of(world.now()));
  EXPECT_FALSE(world.remembers("wa:" + std::string(kAna)));
}

TEST(ClosingTest, WhoeverComesBackAfterTheEndBeginsAnew) {
  World world;
  begin_report(world, kAna, "antes");
  world.advance(hours(24 * 5));
  world.upkeep();
  say(world, kAna, "hola");
  const auto shown = world.replies(kAna);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].node, "start_language");
  begin_report(world, kAna, "de nuevo");
  const auto open = world.store().open_reports().value();
  const auto closed = world.open(0);
  ASSERT_THAT(open, SizeIs(1));
  ASSERT_THAT(closed, SizeIs(1));
  EXPECT_NE(open[0].report, closed[0].report);
  EXPECT_THAT(all_of(closed[0]), ::testing::Not(HasSubstr("de nuevo")));
}

// The conversation is still in memory, with its streams: the bot did not forget it in time.
TEST(ClosingTest, AConversationInMemoryDoesNotWriteToAReportThatHasEnded) {
  World world;
  begin_report(world, kAna, "antes");
  testing_support::SeededRandom salts(7);
  ASSERT_EQ(end_silent_reports(world.store(), kIdle, world.now() + hours(24 * 5), salts).closed,
            1U);
  const auto before = world.open(0);
  say(world, kAna, "después");
  const auto shown = world.replies(kAna);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].node, "start_language");
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
  const auto after = world.open(0);
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(all_of(after[0]), all_of(before[0]));
}

TEST(ClosingTest, AskingForHelpIsASignOfLife) {
  World world;
  begin_report(world, kAna, "antes");
  world.advance(hours(60));
  say(world, kAna, "hola");  // nothing to seal
  world.advance(hours(60));
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
  world.restart();
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), SizeIs(1));
  world.advance(hours(40));
  world.upkeep();
  EXPECT_THAT(world.store().open_reports().value(), IsEmpty());
}

TEST(ClosingTest, ExitAndItsSilenceCloseTheReportToo) {
  World world;
  begin_report(world, kAna, "antes");
  say(world, kAna, "SALIR");
  world.advance(hours(24 * 5));
  world.upkeep();
  const auto reports = world.open(0);
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(all_of(reports[0]), HasSubstr("antes"));
}

storage::Turn turn_of(std::uint64_t expected, bool keep, Day day) {
  storage::Turn turn;
  turn.delivered = {*storage::DedupeTag::from(Bytes(16, static_cast<std::uint8_t>(expected + 1)))};
  turn.day = day;
  turn.conversation.emplace();
  turn.conversation->tag = *storage::ConversationTag::from(Bytes(16, 9));
  turn.conversation->expected = expected;
  turn.conversation->sealed_state = {1, 2, 3};
  turn.report.emplace();
  turn.report->report = *ReportId::from(Bytes(16, 4));
  turn.report->day = day;
  turn.report->keep_partial = keep;
  const Digest segment = *Digest::from(Bytes(32, 5));
  if (expected == 0) turn.report->segments.push_back({segment, 0, {7, 7}});
  turn.report->rows.push_back({segment, expected, Bytes(10, static_cast<std::uint8_t>(expected))});
  return turn;
}

TEST(ClosingTest, WhatIsNotToBeKeptIsErased) {
  const auto store = storage::make_memory_store();
  testing_support::SeededRandom salts(7);
  ASSERT_TRUE(store->record(turn_of(0, true, Day{100})).ok());
  ASSERT_TRUE(store->record(turn_of(1, false, Day{100})).ok());  // the last word counts
  const auto ended = end_silent_reports(*store, kIdle, start_of(Day{104}), salts);
  EXPECT_EQ(ended.erased, 1U);
  EXPECT_EQ(ended.closed + ended.left, 0U);
  EXPECT_THAT(store->open_reports().value(), IsEmpty());
  EXPECT_THAT(store->reports().value(), IsEmpty());
  EXPECT_THAT(store->log_entries().value(), IsEmpty());
  EXPECT_FALSE(store->find(*storage::ConversationTag::from(Bytes(16, 9))).value().has_value());
}

// The reporter writes between what the closing reads and what it writes.
class WritesMeanwhile final : public testing_support::ForwardingStore {
 public:
  WritesMeanwhile(storage::Store& inner, storage::Turn turn)
      : ForwardingStore(inner), turn_(std::move(turn)) {}
  void submit(storage::Turn turn, Completion done) override {
    ASSERT_TRUE(inner_.record(turn_).ok());
    inner_.submit(std::move(turn), std::move(done));
  }

 private:
  storage::Turn turn_;
};

TEST(ClosingTest, WhoeverWritesAtThatVeryMomentKeepsTheirReport) {
  for (const bool keep : {true, false}) {
    for (const bool adds : {true, false}) {
      const auto store = storage::make_memory_store();
      testing_support::SeededRandom salts(7);
      ASSERT_TRUE(store->record(turn_of(0, keep, Day{100})).ok());
      auto next = turn_of(1, keep, Day{104});
      if (!adds) next.report.reset();
      WritesMeanwhile front(*store, next);
      const auto ended = end_silent_reports(front, kIdle, start_of(Day{104}), salts);
      EXPECT_EQ(ended.left, 1U);
      const auto open = store->open_reports().value();
      ASSERT_THAT(open, SizeIs(1));
      EXPECT_EQ(store->open_contents(open[0].report).value()->rows.size(), adds ? 2U : 1U);
      EXPECT_EQ(end_silent_reports(*store, kIdle, start_of(Day{104}), salts).left, 0U);
      EXPECT_THAT(store->open_reports().value(), SizeIs(1)) << "they are not silent any more";
    }
  }
}

TEST(ClosingTest, AFailureAtAnyCallEndsEveryReportOnceAllTheSame) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    bool reached = true;
    for (std::size_t call = 1; reached; ++call) {
      std::optional<FaultyStore> faulty;
      WorldOptions options;
      options.analysts = 1;
      options.wrap = [&](storage::Store& inner) -> storage::Store& {
        return faulty.emplace(inner);
      };
      World world(options);
      begin_report(world, kAna, "de Ana");
      begin_report(world, kBea, "de Bea");
      world.advance(hours(24 * 5));
      const auto before = faulty->calls();
      faulty->fail_at(before + call, fate);
      world.upkeep();
      reached = faulty->calls() >= before + call;
      world.upkeep();
      world.restart();
      world.upkeep();
      EXPECT_THAT(world.store().open_reports().value(), IsEmpty()) << "call " << call;
      const auto reports = world.open(0);
      ASSERT_THAT(reports, SizeIs(2)) << "call " << call;
      EXPECT_THAT(log_of(world), SizeIs(2)) << "call " << call;
      const std::string all = all_of(reports[0]) + all_of(reports[1]);
      EXPECT_THAT(all, HasSubstr("de Ana"));
      EXPECT_THAT(all, HasSubstr("de Bea"));
    }
  }
}

}  // namespace
}  // namespace resguardo::intake
