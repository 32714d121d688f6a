// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/import/bundle_check.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "crypto/format/strict_parse.h"
#include "tests/analyst/bundle_maker.h"
#include "tests/support/roster_fixture.h"
#include "tests/support/temporary_directory.h"

namespace resguardo::analyst {
namespace {

using testing_support::answer_entry;
using testing_support::BundleMaker;
using testing_support::say;

const TimePoint kNow = start_of(Day{20700});

class BundleCheckTest : public ::testing::Test {
 protected:
  BundleCheckTest()
      : fixture_(testing_support::make_roster({.analysts = 1,
                                               .first_week = week_of(kNow),
                                               .weeks = 1,
                                               .reserve = false,
                                               .valid_days = 365,
                                               .log_keys = {},
                                               .log_origin = ""})),
        maker_(fixture_.roster, R"(id: "f" version: "1")", kNow, 7) {}

  program::Outcome<BundleFindings> check(const std::string& bytes) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
    RosterShelf shelf(fixture_.root.public_key());
    return BundleCheck(&shelf, &fixture_.analysts.front()).run(file_);
  }
  // Frames only: neither rosters nor keys.
  std::optional<Damage> damage(const std::string& bytes) {
    std::istringstream in(bytes);
    return BundleCheck(nullptr, nullptr).run(in).value().damage;
  }
  testing_support::TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_.path() / "bundle";
  testing_support::RosterFixture fixture_;
  BundleMaker maker_;
};

TEST_F(BundleCheckTest, AWholeBundleIsCountedAndFits) {
  maker_.add({{{{say("a", "x"), {}}, true}}, true, true});
  const auto found = check(maker_.bytes());
  ASSERT_TRUE(found.ok()) << found.error().what;
  EXPECT_FALSE(found->damage.has_value());
  EXPECT_EQ(found->reports, 1U);
  EXPECT_EQ(found->rows, 2U);
  EXPECT_EQ(found->openable, 1U);
  EXPECT_EQ(found->logged, 1U);
  EXPECT_EQ(found->unknown_roster + found->other_members, 0U);
}

TEST_F(BundleCheckTest, EveryFlippedBitIsDamageAtItsFrame) {
  maker_.add({{{{say("a", "x")}, true}}, true, true});
  const std::string whole = maker_.bytes();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto found = damage(flipped);
    ASSERT_TRUE(found.has_value()) << "bit " << bit;
    ASSERT_LE(found->place.offset, bit / 8) << "bit " << bit;
  }
}

TEST_F(BundleCheckTest, EveryLengthButTheWholeIsDamage) {
  maker_.add({{{{say("a", "x")}, true}}, true, true});
  const std::string whole = maker_.bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto found = damage(whole.substr(0, length));
    ASSERT_TRUE(found.has_value()) << length;
    ASSERT_LE(found->place.offset, length);
  }
}

// Each part of a split bundle is held as a whole one is: every bit, and every length.
TEST_F(BundleCheckTest, DamageOfAPartIsFoundAtItsFrame) {
  for (int i = 0; i < 3; ++i) maker_.add({{{{say("a", "x")}, true}}, true, true});
  const auto parts = testing_support::write_parts(maker_.frames(), 1);
  ASSERT_EQ(parts.size(), 3U);
  for (const std::string& whole : parts) {
    ASSERT_FALSE(damage(whole).has_value());
    for (std::size_t at = 0; at < whole.size(); ++at) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
      const auto found = damage(flipped);
      ASSERT_TRUE(found && found->place.offset <= at) << at;
      const auto cut = damage(whole.substr(0, at));
      ASSERT_TRUE(cut && cut->place.offset <= at) << at;
    }
  }
}

TEST_F(BundleCheckTest, AReportOverTheBorderOfAPartIsNotTakenForAChangedOne) {
  maker_.add({{{{say("a", "x")}, true}}, true, true});
  maker_.add({{{{say("a", "x")}, true}, {{say("b", "y")}, true}}, true, true});
  maker_.add({{{{say("a", "x")}, true}}, true, true});
  const auto parts = testing_support::write_parts(maker_.frames(), 2);
  ASSERT_EQ(parts.size(), 2U);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto found = check(parts[i]);
    ASSERT_TRUE(found.ok() && !found->damage) << i;
    EXPECT_EQ(found->part, i);
    EXPECT_EQ(found->last_part, i == 1);
    EXPECT_EQ(found->logged, 1U);
    EXPECT_EQ(found->goes_on_elsewhere, 1U);
    EXPECT_EQ(found->log_differs, 0U);
  }
}

TEST_F(BundleCheckTest, InsideAPartAChangedReportIsOne) {
  for (int i = 0; i < 4; ++i)
    maker_.add({{{{say("a", "x")}, true}, {{say("b", "y")}, true}}, true, true});
  auto frames = maker_.frames();
  std::size_t segment = 0;
  std::erase_if(frames, [&](const auto& frame) {  // the second segment of the second report
    if (frame.has_segment()) ++segment;
    return (frame.has_segment() || frame.has_row()) && segment == 4;
  });
  const auto found = check(testing_support::write_parts(frames, 5).at(0));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->log_differs, 1U);
  EXPECT_EQ(found->goes_on_elsewhere, 0U);
}

// Found by comparing verify with import and with the second reader.
TEST_F(BundleCheckTest, ASegmentThatComesTwiceOrFirstInPartStillFitsTheLog) {
  maker_.add({{{{say("a", "x"), say("b", "y")}, true}}, true, true});
  const auto frames = maker_.frames();
  const auto begin = frames.end() - 3;  // a segment and two rows
  auto twice = frames;
  twice.insert(twice.end(), begin, frames.end());
  auto part_first = frames;
  part_first.insert(part_first.end() - 3, begin, frames.end() - 1);
  part_first.at(frames.size() - 3).mutable_segment()->set_rows(1);
  auto part_last = frames;
  part_last.insert(part_last.end(), begin, frames.end() - 1);
  part_last.at(frames.size()).mutable_segment()->set_rows(1);
  for (const auto& copies : {twice, part_first, part_last}) {
    const auto found = check(testing_support::write_bundle(copies));
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(found->logged, 1U);
    EXPECT_EQ(found->log_differs, 0U);
  }
}

TEST_F(BundleCheckTest, AQuestionnaireMustBeWhatItsDigestSays) {
  auto frames = maker_.frames();
  frames.at(2).mutable_questionnaire()->mutable_form()->append(" ");
  const auto found = check(testing_support::write_bundle(frames));
  ASSERT_TRUE(found.ok() && found->damage);
  EXPECT_EQ(found->damage->place.frame, 2U);
}

TEST_F(BundleCheckTest, AHeaderThatIsNoneIsDamage) {
  maker_.add({{{{say("a", "x")}, true}}, true, true});
  maker_.rows().front().mutable_segment()->set_header("nonsense");
  const auto found = check(maker_.bytes());
  ASSERT_TRUE(found.ok() && found->damage);
}

TEST_F(BundleCheckTest, ARosterRootDidNotSignStopsIt) {
  auto frames = maker_.frames();
  auto& signature = *frames.at(1)
                         .mutable_roster()
                         ->mutable_file()
                         ->mutable_roster()
                         ->mutable_signatures(0)
                         ->mutable_signature();
  signature.at(5) = static_cast<char>(signature.at(5) ^ 1);
  EXPECT_FALSE(check(testing_support::write_bundle(frames)).ok());
}

TEST_F(BundleCheckTest, ASegmentForOthersThanTheRostersMembersIsSaid) {
  const auto other = testing_support::make_roster({.analysts = 1,
                                                   .first_week = week_of(kNow),
                                                   .weeks = 1,
                                                   .reserve = false,
                                                   .valid_days = 365,
                                                   .log_keys = {},
                                                   .log_origin = ""});
  BundleMaker forger(other.roster, R"(id: "f" version: "1")", kNow, 8);
  forger.add({{{{say("a", "x")}, true}}, true, true});
  auto frames = forger.frames();
  frames.at(1) = maker_.frames().at(1);
  const auto found = check(testing_support::write_bundle(frames));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->unknown_roster, 1U);
  EXPECT_EQ(found->openable, 0U);
  EXPECT_EQ(found->not_for_these_keys, 1U);
}

}  // namespace
}  // namespace resguardo::analyst
