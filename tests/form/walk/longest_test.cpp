// SPDX-License-Identifier: AGPL-3.0-or-later
// The longest way is counted on the engine: it can be walked, and nobody who walks at random takes
// a longer one.
#include "form/walk/longest.h"

#include <gtest/gtest.h>

#include <map>

#include "form/walk/random_walk.h"
#include "tests/bot/dialogue/form_fixture.h"
#include "tests/form/lint/fault_file.h"

namespace resguardo::form {
namespace {

using dialogue::ChannelKind;
using dialogue::Form;

std::shared_ptr<const Form> compiled(const std::string& text) {
  std::vector<dialogue::FormProblem> problems;
  auto form = Form::compile(as_bytes(text), problems);
  for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
  return form.ok() ? std::move(form).value() : nullptr;
}

std::map<pb::Mode, std::size_t> replies_of(const std::vector<LongestPath>& paths) {
  std::map<pb::Mode, std::size_t> replies;
  for (const auto& path : paths) replies[path.mode] = path.replies;
  return replies;
}

// hello, language, safety, depth, consent, event, back (robbery) or fear (threats), story and DONE,
// where, reach, review.
TEST(LongestTest, CountsTheGoodFormByHand) {
  const auto replies =
      replies_of(longest_paths(compiled(testing_support::good_form()), Told::kOneEvent));
  EXPECT_EQ(replies,
            (std::map<pb::Mode, std::size_t>{{pb::MODE_GUIDED, 12}, {pb::MODE_QUICK, 10}}));
}

TEST(LongestTest, EverythingAsksForBothKinds) {
  const auto replies =
      replies_of(longest_paths(compiled(testing_support::good_form()), Told::kEverything));
  EXPECT_EQ(replies.at(pb::MODE_GUIDED), 13U);
}

TEST(LongestTest, ItsTranscriptTakesExactlySoManyReplies) {
  for (const auto& form : {dialogue::short_form(), compiled(testing_support::good_form())}) {
    for (const auto& path : longest_paths(form, Told::kOneEvent)) {
      const Stage stage(form, path.channel);
      Stand stand;
      for (std::size_t i = 0; i < path.lines.size(); ++i) {
        ASSERT_FALSE(stand.over() && i > 0) << path.lines[i - 1];
        stand = stage.say(stand, path.lines[i]);
        EXPECT_EQ(stand.state.misunderstood(), 0U) << path.lines[i];
      }
      EXPECT_TRUE(stand.receipt());
      EXPECT_EQ(stand.mode(), path.mode);
      EXPECT_EQ(path.lines.size(), path.replies);
    }
  }
}

TEST(LongestTest, NobodyAtRandomTakesMore) {
  for (const auto& form : {dialogue::short_form(), compiled(testing_support::good_form())}) {
    const auto longest = replies_of(longest_paths(form, Told::kOneEvent));
    const Reads reads(form->content(), false);
    std::map<pb::Mode, std::size_t> walked;
    for (const auto channel : {ChannelKind::kSignal, ChannelKind::kWhatsApp}) {
      const Stage stage(form, channel);
      Ways ways(stage, reads, Told::kOneEvent);
      for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const auto walk = random_walk(stage, ways, seed);
        if (!walk.receipt) continue;
        ++walked[walk.mode];
        ASSERT_TRUE(longest.contains(walk.mode));
        EXPECT_LE(walk.replies, longest.at(walk.mode)) << mode_name(walk.mode) << " " << seed;
      }
    }
    for (const auto& [mode, replies] : longest) EXPECT_GT(walked[mode], 0U) << mode_name(mode);
  }
}

TEST(RandomWalkTest, TheSameSeedWalksTheSameWay) {
  const Stage stage(dialogue::short_form(), ChannelKind::kSignal);
  const Reads reads(stage.content(), false);
  Ways ways(stage, reads, Told::kEverything);
  EXPECT_EQ(random_walk(stage, ways, 7).lines, random_walk(stage, ways, 7).lines);
}

}  // namespace
}  // namespace resguardo::form
