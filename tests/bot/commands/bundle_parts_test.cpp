// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_parts.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>
#include <sstream>

#include "bot/commands/archive.h"
#include "proto/envelope.pb.h"
#include "storage/memory_store.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

const TimePoint kPartsDay = start_of(Day{20700});

class BundlePartsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(keep(*store_, Kept::kQuestionnaire, as_bytes("a form")).ok());
  }
  // A closed report whose segments have rows of these sizes.
  ReportId add(const std::vector<std::vector<std::size_t>>& segments) {
    storage::Turn turn;
    turn.day = Day{20700};
    auto& report = turn.report.emplace();
    report.report = ids_.make<ReportId>();
    report.day = turn.day;
    report.change = storage::ReportChange::kClose;
    report.log_entries.push_back(to_bytes(ids_.make<Digest>().view()));
    for (std::uint32_t index = 0; index < segments.size(); ++index) {
      pb::SegmentHeader header;
      header.set_report_id(report.report.str());
      header.set_segment_index(index);
      const auto name = ids_.make<Digest>();
      report.segments.push_back({name, index, to_bytes(as_bytes(header.SerializeAsString()))});
      for (std::size_t row = 0; row < segments[index].size(); ++row)
        report.rows.push_back(
            {name, row, Bytes(segments[index][row], static_cast<std::uint8_t>(index))});
    }
    const ReportId id = report.report;
    EXPECT_TRUE(store_->record(std::move(turn)).ok());
    return id;
  }

  Status split(std::uint64_t bytes) {
    files_.clear();
    PartPlan plan;
    plan.bytes = bytes;
    plan.next = [this](std::uint32_t part) -> Result<std::ostream*> {
      EXPECT_EQ(part, files_.size());
      return &files_.emplace_back();
    };
    auto totals = write_parts(*store_, kPartsDay, ids_, plan);
    if (!totals.ok()) return totals.error();
    totals_ = *totals;
    return success();
  }

  // What each part holds, after it was found whole.
  struct Part {
    pb::BundleHeader header;
    pb::BundleEnd end;
    std::vector<std::string> reports;  // of each segment
    std::vector<std::string> segments;
  };
  std::vector<Part> read() {
    std::vector<Part> parts;
    for (auto& file : files_) {
      std::istringstream in(file.str());
      BundleReader reader(in);
      Part& part = parts.emplace_back();
      while (!reader.finished()) {
        const auto frame = reader.next();
        EXPECT_TRUE(frame.ok()) << "part " << parts.size() << ": " << frame.error().why.c_str();
        if (!frame.ok()) break;
        if (frame->has_header()) part.header = frame->header();
        if (frame->has_end()) part.end = frame->end();
        if (!frame->has_segment()) continue;
        pb::SegmentHeader header;
        EXPECT_TRUE(header.ParseFromString(frame->segment().header()));
        part.reports.push_back(header.report_id());
        part.segments.push_back(frame->segment().header());
      }
    }
    return parts;
  }

  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  testing_support::SeededRandom ids_{5};
  std::deque<std::ostringstream> files_;
  ExportTotals totals_;
};

TEST_F(BundlePartsTest, EveryPartIsAWholeBundleWithFormsAndLog) {
  for (int i = 0; i < 20; ++i) add({{600, 700}, {800}});
  ASSERT_TRUE(split(12000).ok());
  const auto parts = read();
  ASSERT_GT(parts.size(), 3U);
  EXPECT_EQ(totals_.parts, parts.size());
  EXPECT_EQ(totals_.reports, 20U);
  std::size_t segments = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EXPECT_EQ(parts[i].header.part(), i);
    EXPECT_EQ(parts[i].header.bundle_id(), parts[0].header.bundle_id());
    EXPECT_EQ(parts[i].end.questionnaires(), 1U);
    EXPECT_EQ(parts[i].end.log_entries(), 20U);
    EXPECT_EQ(parts[i].end.last_part(), i + 1 == parts.size());
    segments += parts[i].segments.size();
  }
  EXPECT_EQ(segments, 40U);
}

TEST_F(BundlePartsTest, NoPartIsLargerThanAskedAtAnySize) {
  for (std::size_t i = 0; i < 12; ++i) add({{300 + 97 * i, 600}, {50}, {2000 - 83 * i}});
  const std::uint64_t least = smallest_part(*store_, kPartsDay).value();
  ASSERT_TRUE(split(1 << 30).ok());
  EXPECT_EQ(files_.size(), 1U);
  const auto all = read().front().segments;
  for (std::uint64_t bytes = least; bytes < least + 9000; bytes += 61) {
    ASSERT_TRUE(split(bytes).ok()) << bytes;
    std::vector<std::string> found;
    for (const auto& part : read())
      found.insert(found.end(), part.segments.begin(), part.segments.end());
    EXPECT_EQ(found, all) << bytes;
    for (auto& file : files_) EXPECT_LE(file.str().size(), bytes);
  }
}

TEST_F(BundlePartsTest, TheSmallestSizeIsTheSmallest) {
  add({{500}, {4000, 100}});
  add({{700}});
  const std::uint64_t least = smallest_part(*store_, kPartsDay).value();
  EXPECT_TRUE(split(least).ok());
  EXPECT_EQ(split(least - 1).error().fault, Fault::kRefused);
}

TEST_F(BundlePartsTest, AReportStaysInOnePartUnlessNoneCanHoldIt) {
  for (int i = 0; i < 8; ++i) add({{2000}, {1500}});
  const ReportId large = add({{4000}, {4000}, {4000}});
  ASSERT_TRUE(split(smallest_part(*store_, kPartsDay).value() + 1000).ok());
  std::map<std::string, std::size_t> parts_of;
  for (const auto& part : read()) {
    std::set<std::string> here(part.reports.begin(), part.reports.end());
    for (const auto& report : here) ++parts_of[report];
  }
  EXPECT_EQ(parts_of.size(), 9U);
  for (const auto& [report, parts] : parts_of)
    EXPECT_EQ(parts, report == large.str() ? 3U : 1U) << report.size();
}

TEST_F(BundlePartsTest, AnEmptyStoreIsOnePart) {
  ASSERT_TRUE(split(smallest_part(*store_, kPartsDay).value()).ok());
  const auto parts = read();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_TRUE(parts[0].end.last_part());
}

TEST_F(BundlePartsTest, APartThatCannotBeMadeEndsIt) {
  add({{900}});
  add({{900}});
  PartPlan plan;
  plan.bytes = smallest_part(*store_, kPartsDay).value();
  std::ostringstream out;
  plan.next = [&](std::uint32_t part) -> Result<std::ostream*> {
    if (part == 0) return &out;
    return Error{Fault::kUnavailable, "no more"};
  };
  EXPECT_EQ(write_parts(*store_, kPartsDay, ids_, plan).error().fault, Fault::kUnavailable);
}

}  // namespace
}  // namespace resguardo::commands
