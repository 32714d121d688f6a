// SPDX-License-Identifier: AGPL-3.0-or-later
// Somebody grabs the phone at every step of the quick way through the whole form: generated.
#include <gtest/gtest.h>

#include "tests/bot/grab/theft.h"

namespace resguardo::testing_support {
namespace {

// So many replies, from the first: 1 is hello.
Moment after_replies(std::size_t replies) {
  const std::string number = std::to_string(replies);
  return {"step" + std::string(replies < 10 ? "0" : "").append(number),
          [replies](Reporter& reporter, const Answers& answers) {
            for (std::size_t i = 0; i < replies; ++i) reporter.answer(answers);
          }};
}

// Until the receipt, and the last words after it.
std::size_t replies_to_the_end(const Manner& manner, const dialogue::Settings& settings) {
  WorldOptions options;
  options.settings = settings;
  options.compiled = whole_form();
  World world(options);
  Reporter reporter(world, settings, "4b6e0f0c-52a1-4d8e-9d3b-77a0c1e2f300");
  Answers answers = quick_answers(manner);
  if (!settings.start_words.empty()) answers[""] = {settings.start_words.front()};
  std::size_t replies = 0;
  while (replies < 40 && reporter.told().fate != ToldReport::Fate::kClosed) {
    reporter.answer(answers);
    ++replies;
  }
  EXPECT_EQ(reporter.told().fate, ToldReport::Fate::kClosed) << reporter.transcript();
  return replies;
}

class GrabTest : public ::testing::TestWithParam<Manner> {};

TEST_P(GrabTest, AtEveryStepOfTheQuickWay) {
  auto settings = settings_of_thefts();
  // Where a start word is needed, all else finds the cover text.
  if (GetParam().shared) settings.start_words = {"mandarina", "sandía"};
  const std::size_t end = replies_to_the_end(GetParam(), settings);
  EXPECT_GE(end, 18U) << "not a long way any more";
  std::vector<Moment> moments;
  for (std::size_t replies = 1; replies <= end + 1; ++replies) {
    moments.push_back(after_replies(replies));
  }
  rob(GetParam(), settings, moments);
}

INSTANTIATE_TEST_SUITE_P(Reporters, GrabTest,
                         ::testing::Values(Manner{"es", false}, Manner{"es", true},
                                           Manner{"ht", false}, Manner{"ht", true}),
                         [](const auto& each) {
                           return each.param.language + (each.param.shared ? "Shared" : "Own");
                         });

}  // namespace
}  // namespace resguardo::testing_support
