// SPDX-License-Identifier: AGPL-3.0-or-later
// The stick that was pulled out early: wherever a bundle ends or is spoilt, the place is named,
// what came before it is kept, and a second copy goes on from there.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "analyst/import/bundle_check.h"
#include "analyst/import/importer.h"
#include "crypto/format/bundle.h"
#include "tests/analyst/bundle_maker.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::BundleMaker;
using testing_support::say;
using testing_support::ScriptReport;

const TimePoint kStickDay = start_of(Day{20700});

// A frame of a whole bundle: where it lies, and what had come before it.
struct Frame {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;
  std::optional<CutSegment> cut;  // whose rows were on their way
};

std::vector<Frame> frames_of(const std::string& bundle) {
  std::istringstream in(bundle);
  BundleReader reader(in);
  std::vector<Frame> frames;
  Frame now;
  while (!reader.finished()) {
    now.begin = reader.place().offset;
    const auto frame = reader.next().value();
    now.end = reader.place().offset;
    frames.push_back(now);
    if (frame.has_segment()) {
      ++now.segments;
      const auto claims = open::read_claims(as_bytes(frame.segment().header())).value();
      now.cut = CutSegment{claims.report, claims.index, 0, frame.segment().rows()};
    }
    if (frame.has_row()) {
      ++now.rows;
      if (++now.cut->rows == now.cut->announced) now.cut.reset();
    }
  }
  return frames;
}

class StickTest : public ::testing::Test {
 protected:
  StickTest()
      : fixture_(testing_support::make_roster({.analysts = 1,
                                               .first_week = week_of(kStickDay),
                                               .weeks = 1,
                                               .reserve = false,
                                               .valid_days = 365,
                                               .log_keys = {},
                                               .log_origin = ""})) {}

  BundleMaker maker() const {
    return BundleMaker(fixture_.roster, R"(id: "f" version: "1")", kStickDay, 7);
  }
  // Two reports: of two segments, and of one.
  BundleMaker two_reports() const {
    BundleMaker made = maker();
    made.add({{{{say("a", "x"), say("b", "y")}, true}, {{say("c", "z")}, true}}, true, true});
    made.add({{{{say("a", "v"), say("b", "w")}, true}}, true, true});
    return made;
  }
  Vault empty_vault() {
    std::string words = "a passphrase of tests";
    const auto passphrase =
        SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()});
    return Vault::create(directory_.path() / std::to_string(++vaults_), fixture_.root.public_key(),
                         *passphrase, {1, open::LockCost::kMinMemory})
        .value();
  }
  BundleFindings check(const std::string& bytes) {
    std::istringstream in(bytes);
    return BundleCheck(nullptr, nullptr).run(in).value();
  }
  ImportCounts import(Vault& vault, const std::string& bytes) {
    const auto file = directory_.path() / "bundle";
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    RosterShelf shelf(fixture_.root.public_key());
    const auto found = BundleCheck(&shelf, nullptr).run(file).value();
    return Importer(vault, shelf, fixture_.analysts.front(), found.log)
        .run(file, found.damage)
        .value();
  }
  void expect_whole(Vault& vault, const std::vector<ReportId>& reports) {
    for (const ReportId& id : reports) {
      for (const StoredSegment& segment : vault.segments(id).value())
        EXPECT_EQ(segment.opened, segment.rows);
      EXPECT_EQ(vault.report(id).value().log, LogVerdict::kFits);
    }
  }

  testing_support::TemporaryDirectory directory_;
  testing_support::RosterFixture fixture_;
  int vaults_ = 0;
};

void expect_place(const std::optional<Damage>& found, const std::vector<Frame>& frames,
                  std::size_t frame, const std::string& what) {
  ASSERT_TRUE(found.has_value()) << what;
  const Frame& wanted = frames.at(frame);
  EXPECT_EQ(found->place.frame, frame) << what;
  EXPECT_EQ(found->place.offset, wanted.begin) << what;
  ASSERT_EQ(found->cut.has_value(), wanted.cut.has_value()) << what;
  if (!wanted.cut) return;
  EXPECT_EQ(found->cut->report, wanted.cut->report) << what;
  EXPECT_EQ(found->cut->index, wanted.cut->index) << what;
  EXPECT_EQ(found->cut->rows, wanted.cut->rows) << what;
  EXPECT_EQ(found->cut->announced, wanted.cut->announced) << what;
}

TEST_F(StickTest, EveryCutAndEveryFlippedByteIsNamedByFrameByteReportAndSegment) {
  const std::string whole = two_reports().bytes();
  const auto frames = frames_of(whole);
  for (std::size_t frame = 0; frame < frames.size(); ++frame)
    for (std::size_t at = frames[frame].begin; at < frames[frame].end; ++at) {
      const std::string what = "byte " + std::to_string(at);
      expect_place(check(whole.substr(0, at)).damage, frames, frame, "cut at " + what);
      if (at % 5 != 0 && at != frames[frame].begin) continue;
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      expect_place(check(flipped).damage, frames, frame, "flipped " + what);
      if (HasFailure()) return;
    }
}

TEST_F(StickTest, AtEveryFramesBorderAndInItsMiddleASecondCopyGoesOnFromThere) {
  const std::string whole = two_reports().bytes();
  const auto frames = frames_of(whole);
  for (std::size_t i = 0; i < 2 * frames.size(); ++i) {
    const Frame& frame = frames[i / 2];
    const std::size_t at = i % 2 == 0 ? frame.begin : (frame.begin + frame.end) / 2;
    Vault vault = empty_vault();
    const ImportCounts first = import(vault, whole.substr(0, at));
    EXPECT_EQ(first.new_segments, frame.segments) << at;
    EXPECT_EQ(first.rows, frame.rows) << at;
    EXPECT_EQ(first.cut_segments, frame.cut ? 1U : 0U) << at;
    EXPECT_EQ(first.unreadable_segments, 0U) << at;
    const ImportCounts second = import(vault, whole);
    EXPECT_EQ(second.known_segments, frame.segments - first.cut_segments) << at;
    EXPECT_EQ(second.more_of_segments, first.cut_segments) << at;
    const auto reports = vault.ids().value();
    EXPECT_EQ(reports.size(), 2U) << at;
    expect_whole(vault, reports);
    if (HasFailure()) return;
  }
}

TEST_F(StickTest, PartsInEveryOrderGiveTheSameVault) {
  const auto parts = testing_support::write_parts(two_reports().frames(), 1);
  ASSERT_EQ(parts.size(), 3U);
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    Vault vault = empty_vault();
    for (const std::size_t part : order) EXPECT_EQ(import(vault, parts[part]).new_segments, 1U);
    const auto reports = vault.ids().value();
    EXPECT_EQ(reports.size(), 2U);
    expect_whole(vault, reports);
  } while (std::next_permutation(order.begin(), order.end()));
}

// Two days, two exports, two sticks that each lost another part: together they hold everything.
TEST_F(StickTest, PartsOfTwoExportsOfOneServerCompleteEachOther) {
  BundleMaker made = two_reports();
  const auto today = testing_support::write_parts(made.frames(), 1);
  made.add({{{{say("a", "u")}, true}}, true, true});
  auto frames = made.frames();
  frames.at(0).mutable_header()->set_bundle_id(std::string(16, 'c'));
  const auto tomorrow = testing_support::write_parts(frames, 3);
  ASSERT_EQ(today.size(), 3U);
  ASSERT_EQ(tomorrow.size(), 2U);
  Vault vault = empty_vault();
  EXPECT_EQ(import(vault, tomorrow[1]).new_segments, 1U);
  EXPECT_EQ(import(vault, today[2]).new_segments, 1U);
  EXPECT_EQ(import(vault, today[0]).new_segments, 1U);
  const ImportCounts last = import(vault, tomorrow[0]);
  EXPECT_EQ(last.new_segments, 1U);
  EXPECT_EQ(last.known_segments, 2U);
  const auto reports = vault.ids().value();
  EXPECT_EQ(reports.size(), 3U);
  expect_whole(vault, reports);
  const auto old = vault.parts(Bytes(16, 'b')).value();
  EXPECT_EQ(old.size(), 2U);  // its second never came, and the vault says so
}

}  // namespace
}  // namespace resguardo::analyst
