// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/intake/glossary.h"

#include <gtest/gtest.h>

#include "tests/bot/dialogue/small_form.h"

namespace resguardo::intake {
namespace {

TEST(GlossaryTest, ANumberMeansTheSameAfterAnotherForm) {
  const auto form = dialogue::repeating_form();
  ASSERT_NE(form, nullptr);
  Glossary glossary;
  glossary.learn(form);
  std::optional<std::uint32_t> number;
  {
    const Glossary::Reading reading(glossary);
    number = reading.number_of("consent");
    EXPECT_FALSE(reading.number_of("what somebody said"));
    EXPECT_EQ(reading.word(1'000'000), "");
  }
  ASSERT_TRUE(number);
  glossary.learn(form);
  const Glossary::Reading reading(glossary);
  EXPECT_EQ(reading.number_of("consent"), number);
  EXPECT_EQ(reading.word(*number), "consent");
  EXPECT_TRUE(reading.number_of(as_text(form->digest().view())));
}

TEST(GlossaryTest, KnowsToWhomSegmentsAreSealed) {
  Glossary glossary;
  const SealedFor first{{}, {}, Week{1}};
  const SealedFor second{{}, {}, Week{2}};
  const auto one = glossary.number_of(first);
  const auto two = glossary.number_of(second);
  EXPECT_NE(one, two);
  EXPECT_EQ(glossary.number_of(first), one);
  EXPECT_EQ(Glossary::Reading(glossary).sealed_for(two), second);
}

}  // namespace
}  // namespace resguardo::intake
