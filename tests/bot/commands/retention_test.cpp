// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/commands/acknowledgements.h"
#include "bot/commands/log_days.h"
#include "crypto/base/hash.h"
#include "crypto/log/acknowledgement.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/merkle_tree.h"
#include "crypto/log/segment_chain.h"
#include "storage/memory_store.h"
#include "tests/storage/chain_builder.h"
#include "tests/storage/script.h"
#include "tests/support/faulty_store.h"
#include "tests/support/roster_fixture.h"

namespace resguardo::commands {
namespace {

using storage::report_id;
using testing::IsEmpty;
using testing::SizeIs;
using testing_support::FaultyStore;

constexpr Day kTold{20700};
constexpr const char* kAckOrigin = "example.org/log";

Day days_on(int days) {
  return Day{kTold.number + days};
}

testing_support::RosterFixture make_fixture(std::size_t analysts) {
  const auto log_key = open::SecretKey<RootRole>::generate().value().public_key();
  return testing_support::make_roster(
      {.analysts = analysts,
       .first_week = week_of(start_of(kTold)),
       .weeks = 1,
       .reserve = false,
       .valid_days = 365,
       .log_keys = {PublicKey<LogRole>::from_bytes(log_key.view()).value()},
       .log_origin = kAckOrigin});
}

class RetentionTest : public testing::Test {
 protected:
  // Closed reports, each of two segments of which the headers name them.
  void close_reports(std::uint32_t last, std::uint32_t first = 1) {
    for (std::uint32_t report = first; report <= last; ++report) {
      storage::Turn turn = storage::state_turn(report, report, 0, "");
      add(turn, report, 0);
      add(turn, report, 1);
      turn.report->log_entries.push_back(storage::text("REPORT " + std::to_string(report)));
      turn.report->change = storage::ReportChange::kClose;
      turn.conversation->remove = true;
      ASSERT_TRUE(store_->record(turn).ok());
    }
  }
  static void add(storage::Turn& turn, std::uint32_t report, std::uint32_t index) {
    storage::add_row(turn, report, 10 * report + index, 0, "row of " + std::to_string(report));
    auto& segment = turn.report->segments.back();
    segment.index = index;
    segment.header = storage::text("header " + std::to_string(10 * report + index));
    segment.segment = blake2b(segment.header);
    turn.report->rows.back().segment = segment.segment;
  }
  // What a member who imported all of it would sign.
  Acknowledgement all_of(std::size_t analyst, Day day) {
    Acknowledgement content{kAckOrigin,
                            fixture_.analysts.at(analyst).member(),
                            fixture_.roster.anchor().digest,
                            day,
                            0,
                            std::nullopt,
                            "",
                            {}};
    const auto reports = store_->reports().value();
    for (const auto& report : reports) {
      const auto segments = store_->segments(report.report).value();
      for (const auto& segment : segments) {
        auto chain = SegmentChain::begin(segment.header);
        EXPECT_TRUE(store_
                        ->rows(segment.segment,
                               [&](std::uint64_t, ByteView row) {
                                 chain.add(row);
                                 return success();
                               })
                        .ok());
        content.segments.push_back({segment.segment, chain.digest(), true, true});
      }
    }
    std::ranges::sort(content.segments);
    return content;
  }
  std::string signed_by(std::size_t analyst, const Acknowledgement& content) const {
    const auto& keys = fixture_.analysts.at(analyst);
    const Bytes exact = acknowledgement_bytes(content).value();
    return acknowledgement_file(exact, keys.identity().public_key(),
                                keys.identity().sign(Label::kSignAcknowledgement, exact))
        .value();
  }
  Result<TakenAcknowledgement> take(const std::string& file, Day today = kTold) {
    return take_acknowledgement(*store_, fixture_.roster, as_bytes(file), today);
  }
  Fault refusal(const std::string& file) {
    const auto taken = take(file);
    EXPECT_FALSE(taken.ok());
    EXPECT_THAT(store_->acknowledgements().value(), IsEmpty());
    return taken.ok() ? Fault::kUnavailable : taken.error().fault;
  }
  void acknowledged_by(std::size_t analyst, Day told) {
    ASSERT_TRUE(take(signed_by(analyst, all_of(analyst, told)), told).ok());
  }
  Expired expire(Day today) {
    return expire_reports(*store_, fixture_.roster, rules_, today, random_).value();
  }
  std::size_t reports() { return store_->reports().value().size(); }
  std::vector<LogFact> expired_facts() {
    std::vector<LogFact> facts;
    const auto entries = store_->log_entries().value();
    for (const Bytes& entry : entries) {
      auto fact = parse_log_entry(entry);
      if (fact.ok() && fact->kind == LogKind::kExpired) facts.push_back(std::move(*fact));
    }
    return facts;
  }

  const testing_support::RosterFixture fixture_ = make_fixture(3);
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  const config::Retention rules_;
  SystemRandom random_;
};

TEST_F(RetentionTest, GoesWhenEnoughMembersHaveSaidSoAndTheDaysHavePassed) {
  close_reports(2);
  EXPECT_EQ(expire(days_on(1000)).erased, 0U) << "nobody has said anything";
  acknowledged_by(0, kTold);
  EXPECT_EQ(expire(days_on(1000)).erased, 0U) << "one is not enough";
  acknowledged_by(0, days_on(1));
  EXPECT_EQ(expire(days_on(1000)).erased, 0U) << "nor is one twice";
  acknowledged_by(1, days_on(5));
  acknowledged_by(2, days_on(9));
  EXPECT_EQ(expire(days_on(34)).erased, 0U);
  const auto digest = [&] {
    std::vector<Digest> chains;
    const auto segments = store_->segments(report_id(1)).value();
    for (const auto& segment : segments) {
      auto chain = SegmentChain::begin(segment.header);
      chain.add(storage::text("row of 1"));
      chains.push_back(chain.digest());
    }
    return report_digest(chains);
  }();
  EXPECT_EQ(expire(days_on(35)).erased, 2U) << "30 days after the second one";
  EXPECT_EQ(reports(), 0U);
  const auto facts = expired_facts();
  ASSERT_THAT(facts, SizeIs(2));
  const auto& first = facts[0].id == to_bytes(report_id(1).view()) ? facts[0] : facts[1];
  EXPECT_EQ(first.id, to_bytes(report_id(1).view()));
  EXPECT_EQ(first.day, days_on(35));
  EXPECT_EQ(first.digest, digest) << "what a REPORT over the same segments says";
  EXPECT_EQ(expire(days_on(36)).erased, 0U);
  EXPECT_THAT(expired_facts(), SizeIs(2));
}

TEST_F(RetentionTest, APlanSaysWhatGoesWhenAndErasesNothing) {
  close_reports(2);
  acknowledged_by(0, kTold);
  acknowledged_by(1, days_on(2));
  close_reports(3, 3);  // the third is new
  const auto plan = plan_retention(*store_, fixture_.roster, rules_).value();
  ASSERT_THAT(plan, SizeIs(3));
  EXPECT_EQ(plan[0].due, days_on(32));
  EXPECT_EQ(plan[0].testimony, 2U);
  EXPECT_EQ(plan[1].identity, 2U);
  EXPECT_EQ(plan[2].report, report_id(3));
  EXPECT_FALSE(plan[2].due.has_value());
  EXPECT_EQ(reports(), 3U);
}

TEST_F(RetentionTest, EachStreamNeedsItsOwn) {
  close_reports(1);
  acknowledged_by(0, kTold);
  Acknowledgement testimony_only = all_of(1, kTold);
  for (auto& segment : testimony_only.segments) segment.identity = false;
  const auto taken = take(signed_by(1, testimony_only)).value();
  EXPECT_EQ(taken.reports, 1U);
  EXPECT_EQ(taken.without_identity, 1U);
  EXPECT_EQ(expire(days_on(1000)).erased, 0U);
  acknowledged_by(2, days_on(1));
  EXPECT_EQ(expire(days_on(1000)).erased, 1U);
}

TEST_F(RetentionTest, OnlyMembersWhoAreActiveCount) {
  close_reports(1);
  for (const std::size_t analyst : {0U, 1U}) acknowledged_by(analyst, kTold);
  const auto others = make_fixture(2);  // an authority that knows neither of them
  EXPECT_EQ(expire_reports(*store_, others.roster, rules_, days_on(1000), random_)->erased, 0U);
  EXPECT_EQ(expire(days_on(1000)).erased, 1U);
}

TEST_F(RetentionTest, AReportOfWhichSomethingElseLiesHereIsNotVouchedFor) {
  close_reports(2);
  Acknowledgement content = all_of(0, kTold);
  content.segments.at(0).chain = blake2b(as_bytes("another row"));
  auto taken = take(signed_by(0, content)).value();
  EXPECT_EQ(taken.reports, 1U);
  EXPECT_EQ(taken.partly, 1U);
  content = all_of(1, kTold);
  content.segments.erase(content.segments.begin() + 1);
  content.segments.push_back({*Digest::from(Bytes(32, 0xff)), blake2b({}), true, true});
  taken = take(signed_by(1, content)).value();
  EXPECT_EQ(taken.reports, 1U);
  EXPECT_EQ(taken.partly, 1U);
  EXPECT_EQ(taken.unknown, 1U);
  EXPECT_EQ(taken.member, "analyst 1");
}

TEST_F(RetentionTest, WhatIsForgedOrForeignOrOldIsRefused) {
  close_reports(1);
  const Acknowledgement good = all_of(0, kTold);
  EXPECT_EQ(refusal("no acknowledgement"), Fault::kMalformed);
  std::string changed = signed_by(0, good);
  changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_EQ(refusal(changed), Fault::kUnauthentic);
  EXPECT_EQ(refusal(signed_by(1, good)), Fault::kUnauthentic) << "with another member's key";
  const auto others = make_fixture(1);
  Acknowledgement foreign = good;
  foreign.member = others.analysts[0].member();
  EXPECT_EQ(refusal(signed_by(0, foreign)), Fault::kUnauthentic) << "no member of this roster";
  Acknowledgement elsewhere = good;
  elsewhere.origin = "example.net/log";
  EXPECT_EQ(refusal(signed_by(0, elsewhere)), Fault::kRefused);
  Acknowledgement tomorrow = good;
  tomorrow.day = days_on(2);
  EXPECT_EQ(refusal(signed_by(0, tomorrow)), Fault::kStale);
  Acknowledgement nothing = good;
  nothing.segments = {{blake2b({}), blake2b({}), true, true}};
  EXPECT_EQ(refusal(signed_by(0, nothing)), Fault::kNotFound);
  EXPECT_TRUE(take(signed_by(0, good)).ok()) << "and none of these is in its way";
}

TEST_F(RetentionTest, OneIsTakenOnceAndNoneAfterANewer) {
  close_reports(1);
  const std::string yesterday = signed_by(0, all_of(0, days_on(-1)));
  const std::string today = signed_by(0, all_of(0, kTold));
  ASSERT_TRUE(take(today).ok());
  EXPECT_EQ(take(today).error().fault, Fault::kReplayed);
  EXPECT_EQ(take(yesterday).error().fault, Fault::kStale);
  EXPECT_TRUE(take(signed_by(1, all_of(1, days_on(-1)))).ok()) << "of another member";
}

TEST_F(RetentionTest, ItsLogMustBeTheBeginningOfOurs) {
  close_reports(1);
  storage::ChainBuilder builder;
  ASSERT_TRUE(store_->turn_over_log(kTold, builder).ok());
  Acknowledgement content = all_of(0, kTold);
  content.log_size = 1;
  content.log_root = blake2b(as_bytes("a fork"));
  EXPECT_EQ(refusal(signed_by(0, content)), Fault::kRefused);
  CompactTree tree;
  tree.append(leaf_hash(storage::text("REPORT 1")));
  content.log_root = tree.root();
  content.log_size = 2;
  EXPECT_EQ(refusal(signed_by(0, content)), Fault::kRefused) << "more than we have";
  content.log_size = 1;
  EXPECT_TRUE(take(signed_by(0, content)).ok());
}

TEST_F(RetentionTest, AFailureAtAnyCallErasesNothingTwiceAndLogsOnce) {
  for (const auto fate : {FaultyStore::Fate::kBefore, FaultyStore::Fate::kAfter}) {
    for (std::size_t call = 1; call <= 6; ++call) {
      store_ = storage::make_memory_store();
      close_reports(2);
      for (const std::size_t analyst : {0U, 1U}) acknowledged_by(analyst, kTold);
      FaultyStore faulty(*store_);
      faulty.fail_at(call, fate);
      static_cast<void>(expire_reports(faulty, fixture_.roster, rules_, days_on(30), random_).ok());
      ASSERT_TRUE(expire_reports(faulty, fixture_.roster, rules_, days_on(30), random_).ok());
      EXPECT_EQ(reports(), 0U);
      EXPECT_THAT(expired_facts(), SizeIs(2)) << call;
    }
  }
}

}  // namespace
}  // namespace resguardo::commands
