// SPDX-License-Identifier: AGPL-3.0-or-later
#include "bot/dialogue/resources.h"

#include <gtest/gtest.h>

#include "tests/bot/dialogue/form_fixture.h"

namespace resguardo::dialogue {
namespace {

class ResourcesTest : public ::testing::Test {
 protected:
  ResourcesTest() {
    resources_.add("doctor", {{"MX"}, {"México"}});
    resources_.add("doctor", {{"mx-reynosa", "MX-CHH"}, {"aquí cerca"}});
    resources_.add("doctor", {{}, {"en todas partes"}});
    resources_.add("shelter", {{"US"}, {"US"}});
  }
  std::string near(std::vector<std::string_view> around, std::string_view need = "doctor") const {
    return std::string(resources_.text(need, around, 0));
  }
  Resources resources_;
};

TEST_F(ResourcesTest, TheNarrowestPlaceCounts) {
  EXPECT_EQ(near({"mx-reynosa", "MX-TAM", "MX"}), "aquí cerca");
  EXPECT_EQ(near({"mx-juarez", "MX-CHH", "MX"}), "aquí cerca");
  EXPECT_EQ(near({"mx-tijuana", "MX-BCN", "MX"}), "México");
  EXPECT_EQ(near({"us-el-paso", "US-TX", "US"}), "en todas partes");
  EXPECT_EQ(near({}), "en todas partes");
}

TEST_F(ResourcesTest, TheSurestPlaceCounts) {
  EXPECT_EQ(near({"mx-tijuana", "MX-BCN", "MX", "mx-reynosa"}), "México");
  EXPECT_EQ(near({"us-el-paso", "US-TX", "US", "MX"}), "México") << "where it happened, at least";
}

TEST_F(ResourcesTest, WhatIsNotThereIsEmpty) {
  EXPECT_EQ(near({"MX"}, "lawyer"), "");
  EXPECT_EQ(near({"MX"}, "shelter"), "");
  EXPECT_FALSE(resources_.has("lawyer"));
}

TEST_F(ResourcesTest, TheLongestIsCountedInSigns) {
  EXPECT_EQ(resources_.longest("doctor", 0), 15U);
  EXPECT_EQ(resources_.longest("lawyer", 0), 0U);
}

}  // namespace
}  // namespace resguardo::dialogue
