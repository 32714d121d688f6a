// SPDX-License-Identifier: AGPL-3.0-or-later
// People's stories on the whole form, as tests/scenario/README.md writes them.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "bot/dialogue/fold.h"
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

// What a phone shows of a report by card: no word that betrays it, in whatever language.
class CardTranscriptTest : public ::testing::TestWithParam<const char*> {};

std::vector<std::string> betrayals(const std::string& shown) {
  std::vector<std::string> found;
  const std::string words = " " + dialogue::fold_name(shown) + " ";
  for (const auto& list : whole_form().sensitive()) {
    for (const auto& word : list.words()) {
      if (words.find(" " + dialogue::fold_name(word) + " ") != std::string::npos)
        found.push_back(word);
    }
  }
  return found;
}

TEST_P(CardTranscriptTest, HoldsNoSensitiveWordOnEitherSide) {
  ASSERT_NE(compiled(), nullptr);
  const auto file = testing_support::source_dir() / "tests/forms/transcripts/es_by_card.txt";
  auto transcript = form::read_transcript(file);
  ASSERT_TRUE(transcript.ok());
  std::size_t said = 0;
  for (auto& line : transcript->lines) {
    if (line.verb != ">") continue;
    if (++said == 1) {
      line.rest = GetParam();
    } else {
      EXPECT_EQ(line.rest.find_first_not_of("0123456789 ,/"), std::string::npos) << line.rest;
    }
    EXPECT_TRUE(betrayals(line.rest).empty()) << line.rest;
  }
  EXPECT_GT(said, 15U);
  form::TranscriptPlayer player(compiled());
  for (const auto& failure : player.play(*transcript)) ADD_FAILURE() << failure;
  std::istringstream log(player.log());
  std::size_t answers = 0;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("< ") || line.starts_with("= ")) continue;  // names nobody is shown
    ++answers;
    EXPECT_TRUE(betrayals(line).empty()) << line;
    const bool receipt = line.find(dialogue::kReceiptMark) != std::string::npos;
    EXPECT_TRUE(receipt || line.find_first_not_of("0123456789?!#+.") == std::string::npos) << line;
  }
  EXPECT_EQ(answers, said);
}

INSTANTIATE_TEST_SUITE_P(Words, CardTranscriptTest,
                         ::testing::Values("TARJETA", "CARD", "KAT", "CARTE", "CARTÃO"));

TEST(CardTranscript, TheCheckFindsAWordInASentence) {
  EXPECT_FALSE(betrayals("9 ¿Hubo Violación?").empty());
  EXPECT_FALSE(betrayals("¿qué... SECUESTRO!").empty());
  EXPECT_TRUE(betrayals("Hay sol.").empty());
}

}  // namespace
}  // namespace resguardo::forms
