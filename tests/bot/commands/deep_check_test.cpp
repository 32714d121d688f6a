// SPDX-License-Identifier: AGPL-3.0-or-later
// What `check --deep` says of addenda and their files; of pages and rows: tests/e2e/damage_test.py.
#include "bot/commands/deep_check.h"

#include <gtest/gtest.h>

#include <array>

#include "crypto/base/hash.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "storage/memory_store.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

constexpr Day kDeepDay{20000};
const MediaId kFile{{7}};
const ReportId kReport{{1}};

class DeepCheckTest : public testing::Test {
 protected:
  struct Part {
    storage::ReportWrite write;
    Digest chain;
  };
  static Part part(std::uint32_t index, std::string_view words) {
    Part made;
    const Bytes header = to_bytes(as_bytes(words));
    const Digest name = blake2b(header);
    const Bytes row(10, 3);
    made.write.report = kReport;
    made.write.day = kDeepDay;
    made.write.segments.push_back({name, index, header});
    made.write.rows.push_back({name, 0, row});
    auto chain = SegmentChain::begin(header);
    chain.add(row);
    made.chain = chain.digest();
    return made;
  }
  Bytes entry(LogKind kind, const Digest& digest, Day day) {
    LogFact fact;
    fact.kind = kind;
    fact.id = to_bytes(kReport.view());
    fact.digest = digest;
    fact.day = day;
    return make_log_entry(fact, salts_);
  }
  void record(storage::ReportWrite write, std::vector<storage::Turn::MediaTaken> taken = {}) {
    storage::Turn turn;
    turn.day = kDeepDay;
    turn.report = std::move(write);
    turn.pending_media = std::move(taken);
    ASSERT_TRUE(store_->record(std::move(turn)).ok());
  }
  void close_report() {
    Part whole = part(0, "header of the report");
    whole.write.change = storage::ReportChange::kClose;
    const std::array<Digest, 1> chains{whole.chain};
    whole.write.log_entries.push_back(entry(LogKind::kReport, report_digest(chains), kDeepDay));
    record(std::move(whole.write), {{kFile, Bytes(5, 5)}});
  }
  // `logged`: what the log says of the file.
  void bring_file(const Digest& ciphertext, std::span<const Digest> logged) {
    Part late = part(addendum_index(kFile), "header of the addendum");
    late.write.change = storage::ReportChange::kAddendum;
    late.write.settles = kFile;
    const std::array<Digest, 1> chains{late.chain};
    late.write.log_entries.push_back(
        entry(LogKind::kAddendum, report_digest(chains, logged), Day{}));
    const auto file = store_->begin_media(kFile, kDeepDay).value();
    ASSERT_TRUE(file->write(as_bytes("sealed")).ok());
    ASSERT_TRUE(file->keep().ok());
    late.write.media = storage::MediaWrite{kFile, 6, ciphertext};
    record(std::move(late.write));
  }
  std::vector<program::Problem> problems() {
    return check_deep(*store_, key_.public_key(), {}).value().problems;
  }

  const LogKey key_ = LogKey::generate().value();
  testing_support::SeededRandom salts_{1};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
};

TEST_F(DeepCheckTest, AnAddendumIsWhatItsOwnEntrySays) {
  close_report();
  EXPECT_TRUE(problems().empty());
  const Digest ciphertext{{4}};
  bring_file(ciphertext, {&ciphertext, 1});
  const auto found = problems();
  EXPECT_TRUE(found.empty()) << found[0].what;
}

TEST_F(DeepCheckTest, AFileOfAnotherDigestIsTold) {
  close_report();
  const Digest logged{{5}};
  bring_file(Digest{{4}}, {&logged, 1});
  const auto found = problems();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].where, "report " + to_hex(kReport.view()));
}

TEST_F(DeepCheckTest, AnAddendumThatTheLogTakesForLostHasNoFile) {
  close_report();
  bring_file(Digest{{4}}, {});
  EXPECT_EQ(problems().size(), 1U);
}

TEST_F(DeepCheckTest, ALostFileHasAnEntryToo) {
  close_report();
  Part late = part(addendum_index(kFile), "header of the addendum");
  late.write.change = storage::ReportChange::kAddendum;
  late.write.settles = kFile;
  const std::array<Digest, 1> chains{late.chain};
  late.write.log_entries.push_back(entry(LogKind::kAddendum, report_digest(chains), Day{}));
  record(std::move(late.write));
  EXPECT_TRUE(problems().empty());
}

TEST_F(DeepCheckTest, AnAddendumWithoutAnEntryIsTold) {
  close_report();
  Part late = part(addendum_index(kFile), "header of the addendum");
  late.write.change = storage::ReportChange::kAddendum;
  late.write.settles = kFile;
  record(std::move(late.write));
  EXPECT_EQ(problems().size(), 1U);
}

}  // namespace
}  // namespace resguardo::commands
