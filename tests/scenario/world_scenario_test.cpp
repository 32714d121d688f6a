// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenario/world_player.h"

namespace resguardo::testing_support {
namespace {

using Delivery = WorldPlayer::Delivery;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A transcript that stands in a test; one line each.
Transcript written(const std::vector<std::string>& lines) {
  Transcript transcript{"written", {}};
  for (const std::string& line : lines) {
    const auto space = std::min(line.find(' '), line.size());
    transcript.lines.push_back({transcript.lines.size() + 1, line.substr(0, space),
                                space < line.size() ? line.substr(space + 1) : std::string()});
  }
  return transcript;
}

const std::vector<std::string> kConsent = {"> hello",         "> english",   "> yes",
                                           "> only i use it", "> to me",     "> adult",
                                           "> i understand",  "> yes to all"};

Transcript after_consent(const std::vector<std::string>& lines) {
  auto all = kConsent;
  all.insert(all.end(), lines.begin(), lines.end());
  return written(all);
}

class WorldScenarioTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(WorldScenarioTest, EndsWithEveryEntryOpenedAndNoCanaryFound) {
  const auto transcript = read_transcript(GetParam());
  if (!WorldPlayer::playable(transcript)) GTEST_SKIP() << "for the engine alone";
  for (const auto delivery : {Delivery::kAsWritten, Delivery::kBatchedTwiceAndLate}) {
    WorldPlayer player(delivery);
    for (const auto& failure : player.play(transcript))
      ADD_FAILURE() << failure << (delivery == Delivery::kAsWritten ? "" : " (batched)");
  }
}

INSTANTIATE_TEST_SUITE_P(All, WorldScenarioTest, ::testing::ValuesIn(transcripts()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(WorldScenarioSuiteTest, HasAtLeastTwentyFiveConversations) {
  const auto files = transcripts();
  EXPECT_GE(
      std::count_if(files.begin(), files.end(),
                    [](const auto& file) { return WorldPlayer::playable(read_transcript(file)); }),
      25);
}

// The suite can fail: each kind of expectation, wrong.
TEST(WorldScenarioSuiteTest, FailsWhereATranscriptIsWrong) {
  for (const char* wrong : {"< event_harm", "~ No such text", "!~ ?", "choices a b", "silence",
                            "= forget", "= close", "sealed 8", "durable nothing", "no-such-verb"}) {
    WorldPlayer player(Delivery::kAsWritten);
    EXPECT_THAT(player.play(after_consent({wrong})), Contains(HasSubstr("line 9"))) << wrong;
  }
}

TEST(WorldScenarioSuiteTest, FindsAPlantedCanary) {
  WorldPlayer player(Delivery::kAsWritten);
  ASSERT_THAT(player.play(after_consent({"> CANARY"})), IsEmpty());
  ASSERT_TRUE(player.world().store().set_fact("planted", as_bytes("some CANARY")).ok());
  EXPECT_THAT(player.world().hunt({"CANARY"}), Not(IsEmpty()));
}

// Two conversations that differ in one word; what the store got of them.
std::vector<TurnShape> shapes_after(const std::string& word) {
  WorldPlayer player(Delivery::kAsWritten);
  EXPECT_THAT(player.play(after_consent({"> never", word})), IsEmpty());
  return player.ledger().shapes();
}

TEST(WorldScenarioSuiteTest, ExitAndDuressLookTheSameToTheStore) {
  const auto exit = shapes_after("> exit");
  EXPECT_EQ(exit, shapes_after("> thanks for the recipe"));
  EXPECT_NE(exit, shapes_after("> delete"));
}

}  // namespace
}  // namespace resguardo::testing_support
