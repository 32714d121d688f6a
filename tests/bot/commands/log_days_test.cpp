// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/log_days.h"

#include <gtest/gtest.h>

#include <sstream>

#include "bot/commands/archive.h"
#include "bot/commands/bundle_export.h"
#include "crypto/format/bundle.h"
#include "crypto/log/checkpoint.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "storage/memory_store.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

constexpr Day kDay{20775};
constexpr const char* kOrigin = "resguardo.example/log";

struct Shown {
  std::vector<std::string> placed;
  std::uint64_t first = 0;
  std::vector<std::string> waiting;
  std::string note;
  std::size_t segments = 0;
};

class LogDaysTest : public ::testing::Test {
 protected:
  void name_log(const std::string& origin) {
    const auto fixture = testing_support::make_roster({.analysts = 1,
                                                       .first_week = week_of(start_of(kDay)),
                                                       .log_keys = {key_.public_key()},
                                                       .log_origin = origin});
    ASSERT_TRUE(keep(*store_, Kept::kRoster, fixture.roster.file()).ok());
  }
  ReportId close_report(Day day) {
    storage::Turn turn;
    turn.report.emplace();
    turn.report->report = ids_.make<ReportId>();
    turn.report->day = day;
    turn.report->change = storage::ReportChange::kClose;
    turn.report->segments.push_back({ids_.make<Digest>(), 0, {1}});
    LogFact fact;
    fact.id = to_bytes(turn.report->report.view());
    fact.day = day;
    turn.report->log_entries.push_back(make_log_entry(fact, ids_));
    const auto id = turn.report->report;
    EXPECT_TRUE(store_->record(std::move(turn)).ok());
    return id;
  }
  Shown bundle(const ExportScope& scope = {}) {
    std::ostringstream out;
    PartPlan plan;
    plan.next = [&out](std::uint32_t) -> Result<std::ostream*> { return &out; };
    EXPECT_TRUE(write_parts(*store_, start_of(kDay), ids_, plan, scope).ok());
    std::istringstream in(out.str());
    BundleReader reader(in);
    Shown shown;
    while (!reader.finished()) {
      const auto frame = reader.next().value();
      if (frame.has_checkpoint()) shown.note = frame.checkpoint().note();
      shown.segments += frame.has_segment() ? 1U : 0U;
      if (!frame.has_log_entry()) continue;
      if (frame.log_entry().pending()) {
        shown.waiting.push_back(frame.log_entry().entry());
        continue;
      }
      if (shown.placed.empty()) shown.first = frame.log_entry().index();
      EXPECT_EQ(frame.log_entry().index(), shown.first + shown.placed.size());
      shown.placed.push_back(frame.log_entry().entry());
    }
    return shown;
  }
  void expect_signed(const Shown& shown) {
    const auto note = parse_checkpoint(shown.note).value();
    EXPECT_TRUE(verify_checkpoint(note, key_.public_key()));
    CompactTree tree;
    for (const std::string& entry : shown.placed) tree.append(leaf_hash(as_bytes(entry)));
    EXPECT_EQ(note.checkpoint.size, tree.size());
    EXPECT_EQ(note.checkpoint.root, tree.root());
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  testing_support::SeededRandom ids_{3};
  LogKey key_ = LogKey::generate().value();
};

TEST_F(LogDaysTest, NothingIsSignedBeforeTheFirstEntryOrWithoutAName) {
  EXPECT_TRUE(close_log_day(*store_, key_, kDay).ok());
  EXPECT_FALSE(store_->last_checkpoint().value());
  close_report(kDay);
  EXPECT_EQ(close_log_day(*store_, key_, kDay).error().fault, Fault::kNotFound);
  EXPECT_EQ(bundle().waiting.size(), 1U);
  name_log(kOrigin);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  expect_signed(bundle());
}

TEST_F(LogDaysTest, AnEntryHasTheSamePlaceInEveryBundle) {
  name_log(kOrigin);
  for (int i = 0; i < 6; ++i) close_report(kDay);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  const Shown first = bundle();
  EXPECT_EQ(first.placed.size(), 6U);
  expect_signed(first);
  for (int i = 0; i < 6; ++i) close_report(kDay);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  const Shown same_day = bundle();
  EXPECT_EQ(same_day.note, first.note) << "a day has one checkpoint";
  EXPECT_EQ(same_day.waiting.size(), 6U);
  ASSERT_TRUE(close_log_day(*store_, key_, Day{kDay.number + 1}).ok());
  Shown second = bundle();
  expect_signed(second);
  EXPECT_EQ(second.placed.size(), 12U);
  second.placed.resize(6);
  EXPECT_EQ(second.placed, first.placed);
}

TEST_F(LogDaysTest, SinceACheckpointGoesOnlyWhatIsNew) {
  name_log(kOrigin);
  close_report(kDay);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  const auto since = own_checkpoint(*store_, key_, store_->last_checkpoint().value()->note);
  ASSERT_TRUE(since.ok());
  close_report(Day{kDay.number + 1});
  ASSERT_TRUE(close_log_day(*store_, key_, Day{kDay.number + 1}).ok());
  close_report(Day{kDay.number + 1});
  const Shown shown = bundle({*since});
  EXPECT_EQ(shown.first, 1U);
  EXPECT_EQ(shown.placed.size(), 1U);
  EXPECT_EQ(shown.waiting.size(), 1U);
  EXPECT_EQ(shown.segments, 2U);
  EXPECT_EQ(bundle().segments, 3U);
}

TEST_F(LogDaysTest, SinceIsACheckpointOfThisLog) {
  name_log(kOrigin);
  close_report(kDay);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  const auto other = LogKey::generate().value();
  const auto forged = dated_checkpoint(kOrigin, 1, Digest{}, kDay);
  for (const auto& note : {sign_checkpoint(other, forged).value(),
                           sign_checkpoint(key_, forged).value(), std::string("no note")})
    EXPECT_FALSE(own_checkpoint(*store_, key_, note).ok());
}

TEST_F(LogDaysTest, ALogIsNotGoneOnWithUnderAnotherName) {
  name_log(kOrigin);
  close_report(kDay);
  ASSERT_TRUE(close_log_day(*store_, key_, kDay).ok());
  name_log("resguardo.example/another");
  const Day next{kDay.number + 1};
  EXPECT_EQ(close_log_day(*store_, key_, next).error().fault, Fault::kRefused);
  EXPECT_EQ(store_->last_checkpoint().value()->day, kDay);
}

TEST_F(LogDaysTest, ServingClosesTheDayBefore) {
  name_log(kOrigin);
  LogDays days(*store_, key_);
  const auto noon = [](int day) {
    return start_of(Day{kDay.number + day}) + std::chrono::hours(12);
  };
  days.run(noon(0));
  EXPECT_FALSE(days.age()) << "the log has not begun";
  close_report(kDay);
  LogDays again(*store_, key_);
  again.run(noon(0));
  EXPECT_EQ(again.age(), 1) << "yesterday, without an entry";
  EXPECT_EQ(bundle().waiting.size(), 1U);
  again.run(noon(1));
  EXPECT_EQ(bundle().placed.size(), 1U);
  EXPECT_EQ(again.age(), 1);
  again.run(noon(1));
  EXPECT_EQ(store_->last_checkpoint().value()->day, kDay);
}

}  // namespace
}  // namespace resguardo::commands
