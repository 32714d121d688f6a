// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/bot/dialogue/form_fixture.h"
#include "tests/scenario/transcript.h"

namespace resguardo::dialogue {
namespace {

TEST(ShortFormTest, HasNoProblems) {
  EXPECT_EQ(problems_of(short_form_source()), "");
}

TEST(ShortFormTest, DigestIsOfTheExactBytes) {
  std::vector<FormProblem> problems;
  const auto changed = Form::compile(as_bytes(short_form_source() + "\n"), problems);
  ASSERT_TRUE(changed.ok());
  EXPECT_NE(changed.value()->digest(), short_form()->digest());
  EXPECT_EQ(as_text(short_form()->source()), short_form_source());
}

class ScenarioTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(ScenarioTest, GoesAsWritten) {
  ASSERT_NE(short_form(), nullptr);
  const auto transcript = testing_support::read_transcript(GetParam());
  testing_support::TranscriptPlayer player(short_form());
  for (const auto& failure : player.play(transcript)) ADD_FAILURE() << failure;
  EXPECT_EQ(player.log().find("CANARY"), std::string::npos) << "the bot echoed a person's words";
  testing_support::TranscriptPlayer again(short_form());
  again.play(transcript);
  EXPECT_EQ(again.log(), player.log());
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioTest, ::testing::ValuesIn(testing_support::transcripts()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace resguardo::dialogue
