// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/report/form_texts.h"

#include <gtest/gtest.h>

namespace resguardo::analyst {
namespace {

constexpr const char* kForm = R"(
id: "f" version: "2" languages: "es" languages: "en"
taxonomies { id: "t" rows { code: "mx" titles { language: "es" title: "México" } } }
sections { id: "s"
  nodes { id: "q" texts { language: "es" full: "¿Qué?" } texts { language: "en" full: "What?" }
          multiple_choice { taxonomy: "t" choices { code: "a"
            titles { language: "es" title: "Una" } titles { language: "en" title: "One" } } } }
  nodes { id: "g" group { nodes { id: "inner" texts { language: "es" full: "Dentro" } } } }
  nodes { id: "c" consent { purposes { choice { code: "p"
            titles { language: "es" title: "Sí" } } } } }
})";

FormTexts form() {
  return FormTexts::parse(as_bytes(kForm)).value();
}

TEST(FormTextsTest, FallsBackToTheFormsFirstLanguage) {
  EXPECT_EQ(form().question("q", "en"), "What?");
  EXPECT_EQ(form().question("q", "ht"), "¿Qué?");
  EXPECT_EQ(form().choice("q", "a", "en"), "One");
  EXPECT_EQ(form().choice("q", "mx", "en"), "México");
  EXPECT_EQ(form().choice("c", "p", "es"), "Sí");
}

TEST(FormTextsTest, KnowsNothingOfWhatIsNotThere) {
  EXPECT_EQ(form().question("x", "es"), "");
  EXPECT_EQ(form().choice("q", "zz", "es"), "");
  EXPECT_FALSE(form().place("x").has_value());
}

TEST(FormTextsTest, QuestionsStandInTheirOrderGroupsIncluded) {
  EXPECT_LT(form().place("q"), form().place("g"));
  EXPECT_LT(form().place("g"), form().place("inner"));
  EXPECT_LT(form().place("inner"), form().place("c"));
}

TEST(FormTextsTest, RefusesWhatIsNoForm) {
  EXPECT_FALSE(FormTexts::parse(as_bytes("id: 7")).ok());
  EXPECT_FALSE(FormTexts::parse(as_bytes("no_such_field: 1")).ok());
  std::string deep = "sections { nodes { ";
  for (int i = 0; i < 1000; ++i) deep += "group { nodes { ";
  EXPECT_FALSE(FormTexts::parse(as_bytes(deep)).ok());
  EXPECT_FALSE(FormTexts::parse(Bytes(FormTexts::kMaxSource + 1, ' ')).ok());
}

}  // namespace
}  // namespace resguardo::analyst
