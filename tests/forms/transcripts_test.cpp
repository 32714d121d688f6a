// SPDX-License-Identifier: AGPL-3.0-or-later
// People's stories on the whole form, as tests/scenario/README.md writes them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "form/transcript/transcript.h"
#include "tests/forms/whole_form.h"
#include "tests/support/paths.h"

namespace resguardo::forms {
namespace {

std::shared_ptr<const dialogue::Form> compiled() {
  static const std::shared_ptr<const dialogue::Form> kForm = [] {
    std::vector<dialogue::FormProblem> problems;
    auto form = dialogue::Form::compile(as_bytes(whole_form_text()), problems);
    for (const auto& each : problems) ADD_FAILURE() << each.where << ": " << each.what;
    return form.ok() ? form.value() : nullptr;
  }();
  return kForm;
}
std::vector<std::filesystem::path> transcripts() {
  std::vector<std::filesystem::path> files;
  const auto folder = testing_support::source_dir() / "tests/forms/transcripts";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".txt") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(WholeForm, Compiles) {
  EXPECT_NE(compiled(), nullptr);
}

class StoryTest : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(StoryTest, GoesAsWritten) {
  ASSERT_NE(compiled(), nullptr);
  const auto transcript = form::read_transcript(GetParam());
  ASSERT_TRUE(transcript.ok());
  form::TranscriptPlayer player(compiled());
  for (const auto& failure : player.play(*transcript)) ADD_FAILURE() << failure;
  EXPECT_EQ(player.log().find("CANARY"), std::string::npos) << "the bot echoed a person's words";
}

INSTANTIATE_TEST_SUITE_P(All, StoryTest, ::testing::ValuesIn(transcripts()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace resguardo::forms
