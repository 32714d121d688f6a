// SPDX-License-Identifier: AGPL-3.0-or-later
#include "crypto/log/log_entry.h"

#include <gtest/gtest.h>

#include "crypto/format/strict_parse.h"
#include "proto/log.pb.h"
#include "tests/support/seeded_random.h"

namespace resguardo {
namespace {

using testing_support::SeededRandom;

LogFact a_report() {
  LogFact fact;
  fact.kind = LogKind::kReport;
  fact.id = Bytes(16, 7);
  fact.digest = Digest{{9}};
  fact.day = Day{20778};
  fact.withdrawal_key_hash = Digest{{3}};
  return fact;
}

TEST(LogEntryTest, GivesBackWhatItSaid) {
  SeededRandom salts(1);
  const auto fact = parse_log_entry(make_log_entry(a_report(), salts));
  ASSERT_TRUE(fact.ok()) << fact.error().why.view();
  EXPECT_EQ(fact->kind, LogKind::kReport);
  EXPECT_EQ(fact->id, a_report().id);
  EXPECT_EQ(fact->digest, a_report().digest);
  EXPECT_EQ(fact->day, a_report().day);
  EXPECT_EQ(fact->withdrawal_key_hash, a_report().withdrawal_key_hash);
  EXPECT_FALSE(fact->week);
}

TEST(LogEntryTest, HasAKindForEachOfTheSchema) {
  SeededRandom salts(1);
  const auto& kinds = *pb::LogKind_descriptor();
  for (int i = 0; i < kinds.value_count(); ++i) {
    if (kinds.value(i)->number() == pb::LOG_UNSPECIFIED) continue;
    LogFact fact = a_report();
    fact.kind = static_cast<LogKind>(kinds.value(i)->number());
    if (fact.kind == LogKind::kEpochClosed) fact.week = parse_week("2026-W47");
    const auto again = parse_log_entry(make_log_entry(fact, salts));
    ASSERT_TRUE(again.ok()) << kinds.value(i)->name();
    EXPECT_EQ(again->kind, fact.kind);
    EXPECT_EQ(again->week, fact.week);
  }
  EXPECT_EQ(kinds.value_count() - 1, static_cast<int>(LogKind::kRestart));
}

TEST(LogEntryTest, HidesEqualFactsBehindTheirSalts) {
  SeededRandom salts(1);
  EXPECT_NE(leaf_hash(make_log_entry(a_report(), salts)),
            leaf_hash(make_log_entry(a_report(), salts)));
}

TEST(LogEntryTest, RefusesWhatIsNoEntry) {
  SeededRandom salts(1);
  const auto sound = parse_strict<pb::LogEntry>(make_log_entry(a_report(), salts)).value();
  const auto refused = [&](const auto& change) {
    pb::LogEntry entry = sound;
    change(entry);
    return !parse_log_entry(serialize_canonical(entry)).ok();
  };
  EXPECT_FALSE(refused([](pb::LogEntry&) {}));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_salt("short"); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.clear_kind(); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.clear_digest(); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_id(std::string(33, 'i')); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_day(-1); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_day(std::int64_t{1} << 31); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_withdrawal_key_hash("x"); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_week("2026-W47"); }));  // not closed
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_kind(pb::LOG_EPOCH_CLOSED); }));
  // Found by log_fuzz: what only a withdrawal has was taken, and not read, anywhere else.
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_statement("taken back"); }));
  EXPECT_TRUE(refused([](pb::LogEntry& entry) { entry.set_statement_key(std::string(32, 'k')); }));
  EXPECT_TRUE(
      refused([](pb::LogEntry& entry) { entry.set_statement_signature(std::string(64, 's')); }));
  const std::string token(32, 't');
  EXPECT_FALSE(refused([&](pb::LogEntry& entry) { entry.set_replacement_hash(token); }));
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) { entry.set_replacement_hash("short"); }));
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) {
    entry.clear_withdrawal_key_hash();
    entry.set_replacement_hash(token);
  })) << "of no receipt";
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) { entry.set_replacement_token(token); }));
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) {
    entry.set_kind(pb::LOG_ADDENDUM);
    entry.set_replacement_hash(token);
  })) << "an addendum has a token, or none of both";
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) {
    entry.set_kind(pb::LOG_ADDENDUM);
    entry.set_replacement_token("short");
  }));
  EXPECT_FALSE(refused([&](pb::LogEntry& entry) {
    entry.set_kind(pb::LOG_ADDENDUM);
    entry.set_replacement_token(token);
  }));
  EXPECT_TRUE(refused([&](pb::LogEntry& entry) {
    entry.set_kind(pb::LOG_INCOMPLETE);
    entry.set_replacement_hash(token);
  }));
  Bytes trailing = make_log_entry(a_report(), salts);
  trailing.push_back(0);
  EXPECT_FALSE(parse_log_entry(trailing).ok());
}

// RFC 6962 §2.1.3's tree of one empty leaf, as Certificate Transparency's own tests have it.
TEST(LeafHashTest, IsTheStandards) {
  EXPECT_EQ(to_hex(leaf_hash({}).view()),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

}  // namespace
}  // namespace resguardo
