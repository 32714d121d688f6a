// SPDX-License-Identifier: AGPL-3.0-or-later
#include "form/lint/reading_level.h"

#include <gtest/gtest.h>

namespace resguardo::form {
namespace {

TEST(ReadingLevelTest, CountsSpanishSyllables) {
  const auto syllables = [](const char* text) { return read_text(text, "es").syllables; };
  EXPECT_EQ(syllables("caballo"), 3U);
  EXPECT_EQ(syllables("teatro"), 3U);   // two open vowels
  EXPECT_EQ(syllables("tienda"), 2U);   // a diphthong
  EXPECT_EQ(syllables("policía"), 4U);  // an accent parts it
  EXPECT_EQ(syllables("MÉXICO"), 3U);
}

TEST(ReadingLevelTest, CountsEnglishSyllables) {
  const auto syllables = [](const char* text) { return read_text(text, "en").syllables; };
  EXPECT_EQ(syllables("home"), 1U);
  EXPECT_EQ(syllables("little"), 2U);
  EXPECT_EQ(syllables("today"), 2U);
}

TEST(ReadingLevelTest, CountsSentencesAndLeavesPlaceholdersOut) {
  const auto reading = read_text("Uno dos. ¿Tres?\n• Cuatro {resources:general}", "es");
  EXPECT_EQ(reading.words, 4U);
  EXPECT_EQ(reading.sentences, 3U);
}

TEST(ReadingLevelTest, ShortWordsAreEasierThanLongOnes) {
  const auto ease = [](const char* text, const char* language) {
    return reading_ease(read_text(text, language), language).value();
  };
  EXPECT_GT(ease("No le diga a nadie. Vaya con su mamá.", "es"), 80);
  EXPECT_LT(ease("La confidencialidad de las comunicaciones interinstitucionales constituye una "
                 "obligación administrativa.",
                 "es"),
            40);
  EXPECT_GT(ease("Do not tell. Go to the car.", "en"), 90);
}

TEST(ReadingLevelTest, DoesNotMeasureWhatNobodyHasAFormulaFor) {
  EXPECT_EQ(reading_ease(read_text("Bonjou tout moun", "ht"), "ht"), std::nullopt);
  EXPECT_EQ(reading_ease(read_text("", "es"), "es"), std::nullopt);
}

}  // namespace
}  // namespace resguardo::form
