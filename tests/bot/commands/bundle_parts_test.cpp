// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/commands/bundle_parts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <sstream>

#include "bot/commands/archive.h"
#include "crypto/log/log_entry.h"
#include "crypto/log/segment_chain.h"
#include "proto/envelope.pb.h"
#include "storage/memory_store.h"
#include "tests/support/forwarding_store.h"
#include "tests/support/seeded_random.h"

namespace resguardo::commands {
namespace {

const TimePoint kPartsDay = start_of(Day{20700});
constexpr std::size_t kFullSealed = kMediaChunk + kMediaChunkOverhead;

// Reports of another store, with files beside them.
class StoreWithFiles final : public testing_support::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  Result<std::vector<storage::StoredMedia>> media(const ReportId& report) override {
    std::vector<storage::StoredMedia> files;
    for (const auto& file : files_)
      if (file.report == report) files.push_back(file);
    return files;
  }
  Status media_chunks(const MediaId& id, const ChunkVisitor& visit) override {
    const auto file = std::ranges::find(files_, id, &storage::StoredMedia::media);
    if (file == files_.end() || id == gone) return Error{Fault::kNotFound, "gone"};
    std::uint64_t left = file->bytes;
    for (std::uint64_t index = 0; left > 0; ++index) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, kFullSealed));
      RESGUARDO_CHECK(visit(index, Bytes(size, id.bytes[0])));
      left -= size;
    }
    return success();
  }
  MediaId add(const ReportId& report, std::uint64_t bytes) {
    MediaId id;
    id.bytes.fill(static_cast<std::uint8_t>(2 * files_.size() + 1));
    files_.push_back({id, report, bytes, {}});
    return id;
  }
  std::optional<MediaId> gone;

 private:
  std::vector<storage::StoredMedia> files_;
};

class BundlePartsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(keep(*store_, Kept::kQuestionnaire, as_bytes("a form")).ok());
  }
  // A closed report whose segments have rows of these sizes, and files of these.
  ReportId add(const std::vector<std::vector<std::size_t>>& segments,
               const std::vector<std::uint64_t>& files = {}, bool logged = true) {
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
    for (const std::uint64_t bytes : files) {
      added_.push_back(store_->add(id, bytes));
      const Bytes entry = add_addendum(report, added_.back());
      if (logged) report.log_entries.push_back(entry);
    }
    EXPECT_TRUE(store_->record(std::move(turn)).ok());
    return id;
  }
  // Its entry for the log.
  Bytes add_addendum(storage::ReportWrite& report, const MediaId& file) {
    pb::SegmentHeader header;
    header.set_report_id(report.report.str());
    header.set_segment_index(addendum_index(file));
    const auto name = ids_.make<Digest>();
    const Bytes exact = to_bytes(as_bytes(header.SerializeAsString()));
    report.segments.push_back({name, addendum_index(file), exact});
    report.rows.push_back({name, 0, Bytes(50, 7)});
    auto chain = SegmentChain::begin(exact);
    chain.add(report.rows.back().row);
    LogFact fact;
    fact.kind = LogKind::kAddendum;
    fact.id = to_bytes(report.report.view());
    fact.digest = report_digest(std::vector{chain.digest()}, std::vector{Digest{}});
    return make_log_entry(fact, ids_);
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
    std::vector<std::pair<std::string, std::uint32_t>> chunks;  // of which file, its number
    std::size_t bytes = 0;
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
        if (frame->has_media_chunk())
          part.chunks.emplace_back(frame->media_chunk().media_id(), frame->media_chunk().index());
        if (!frame->has_segment()) continue;
        pb::SegmentHeader header;
        EXPECT_TRUE(header.ParseFromString(frame->segment().header()));
        part.reports.push_back(header.report_id());
        part.segments.push_back(frame->segment().header());
      }
    }
    return parts;
  }

  std::unique_ptr<storage::Store> inner_ = storage::make_memory_store();
  std::unique_ptr<StoreWithFiles> store_ = std::make_unique<StoreWithFiles>(*inner_);
  testing_support::SeededRandom ids_{5};
  std::deque<std::ostringstream> files_;
  ExportTotals totals_;
  std::vector<MediaId> added_;
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

TEST_F(BundlePartsTest, FilesComeBehindTheSegmentsEachInOneRun) {
  add({{600}, {70}}, {2 * kFullSealed, kMediaChunkOverhead});
  add({{600}}, {100});
  ASSERT_TRUE(split(1 << 30).ok());
  const auto parts = read();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].segments.size(), 6U);
  EXPECT_EQ(parts[0].chunks.size(), 4U);
  EXPECT_EQ(parts[0].end.media_chunks(), 4U);
  EXPECT_EQ(totals_.files, 3U);
  EXPECT_EQ(totals_.chunks, 4U);
  EXPECT_EQ(totals_.unreadable_files, 0U);
}

TEST_F(BundlePartsTest, AtAnySizeEveryChunkIsThereOnceAndInOrder) {
  for (std::size_t i = 0; i < 6; ++i) {
    std::vector<std::uint64_t> files = {i * kFullSealed + 100 * i + kMediaChunkOverhead};
    if (i % 2 == 0) files.push_back(40'000);
    add({{900}, {300}}, files);
  }
  const std::uint64_t least = smallest_part(*store_, kPartsDay).value();
  ASSERT_TRUE(split(1 << 30).ok());
  auto all = read().front().chunks;
  std::ranges::sort(all);
  for (std::uint64_t bytes = least; bytes < least + 6 * kFullSealed; bytes += 9973) {
    ASSERT_TRUE(split(bytes).ok()) << bytes;
    std::vector<std::pair<std::string, std::uint32_t>> found;
    std::set<std::string> segments;
    for (const auto& part : read()) {
      found.insert(found.end(), part.chunks.begin(), part.chunks.end());
      segments.insert(part.segments.begin(), part.segments.end());
    }
    for (std::size_t at = 1; at < found.size(); ++at)
      if (found[at].second != 0) {
        EXPECT_EQ(found[at], std::pair(found[at - 1].first, found[at - 1].second + 1)) << bytes;
      }
    std::ranges::sort(found);
    EXPECT_EQ(found, all) << bytes;
    EXPECT_EQ(segments.size(), 21U) << bytes;
    for (auto& file : files_) EXPECT_LE(file.str().size(), bytes);
  }
  EXPECT_EQ(split(least - 100).error().fault, Fault::kRefused);
}

TEST_F(BundlePartsTest, AReportsFilesAreInItsPartIfOneCanHoldThem) {
  std::map<std::string, std::string> report_of;
  for (int i = 0; i < 5; ++i) {
    const ReportId id = add({{900}}, {3 * kFullSealed});
    report_of[added_.back().str()] = id.str();
  }
  ASSERT_TRUE(split(5 * kFullSealed).ok());
  const auto parts = read();
  EXPECT_EQ(parts.size(), 5U);
  for (const auto& part : parts) {
    ASSERT_EQ(part.chunks.size(), 3U);
    for (const auto& [file, number] : part.chunks)
      EXPECT_EQ(report_of.at(file), part.reports.at(0));
  }
}

TEST_F(BundlePartsTest, AFileThatIsGoneDoesNotKeepTheOthersHere) {
  add({{900}}, {300, 400});
  store_->gone = added_.front();
  ASSERT_TRUE(split(1 << 30).ok());
  EXPECT_EQ(read().front().chunks.size(), 1U);
  EXPECT_EQ(totals_.unreadable_files, 1U);
}

// It came while the bundle was being written.
TEST_F(BundlePartsTest, AnAddendumThatTheBundlesLogDoesNotNameWaitsForTheNext) {
  add({{900}}, {300}, false);
  add({{900}}, {300}, true);
  ASSERT_TRUE(split(1 << 30).ok());
  const auto parts = read();
  EXPECT_EQ(parts.front().segments.size(), 3U);
  EXPECT_EQ(parts.front().chunks.size(), 1U);
  EXPECT_EQ(totals_.files, 1U);
}

}  // namespace
}  // namespace resguardo::commands
