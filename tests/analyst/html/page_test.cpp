// SPDX-License-Identifier: AGPL-3.0-or-later
#include "analyst/html/page.h"

#include <gmock/gmock.h>

#include "analyst/html/outlines.h"
#include "analyst/html/words.h"
#include "tests/analyst/html/sample_contents.h"

namespace resguardo::analyst {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing_support::page_of;
using testing_support::sample_contents;

TEST(PageTest, TheSameContentsGiveTheSameBytes) {
  EXPECT_EQ(page_of(sample_contents(60, true)), page_of(sample_contents(60, true)));
}

TEST(PageTest, SaysWhetherNumbersAreExact) {
  EXPECT_THAT(page_of(sample_contents(3, true)), HasSubstr("Internal copy: exact numbers"));
  const std::string page = page_of(sample_contents(3, false));
  EXPECT_THAT(page, HasSubstr("Small numbers are protected"));
  EXPECT_THAT(page, HasSubstr("&lt;5"));
}

TEST(PageTest, AProtectedPageHasNoIncidentByName) {
  const std::string name = incident_name(ReportId{}, 1);
  EXPECT_THAT(page_of(sample_contents(200, true)), HasSubstr(name));
  EXPECT_THAT(page_of(sample_contents(200, false)), Not(HasSubstr(name)));
}

TEST(PageTest, ATableThatNoChapterNamesIsAmongTheLast) {
  PageContents contents = sample_contents(3, true);
  contents.statistics.tables.push_back(
      {"quite_new", "Quite new", {"incidents"}, {{"a", {3}, 3}}, 3});
  const std::string page = page_of(contents);
  EXPECT_THAT(page, HasSubstr("<h2>Other counts</h2>"));
  EXPECT_THAT(page, HasSubstr("t-quite_new"));
}

TEST(PageTest, EveryTableOfTheStatisticsHasItsPlaceAndItsTitle) {
  const PageContents contents = sample_contents(3, true);
  const std::string page = page_of(contents);
  EXPECT_THAT(page, Not(HasSubstr("Other counts")));
  for (const StatTable& table : contents.statistics.tables) {
    EXPECT_THAT(page, HasSubstr("id=\"t-" + table.id + "\""));
    EXPECT_TRUE(Words::in("en").has("table." + table.id)) << table.id;
  }
}

TEST(PageTest, WithoutAnyIncidentItSaysSo) {
  EXPECT_THAT(page_of(sample_contents(0, true)), HasSubstr("There is no incident in it."));
}

TEST(PageTest, WhatIsThereDespiteConsentIsSaidAloud) {
  PageContents contents = sample_contents(3, true);
  contents.facts.despite_consent = true;
  contents.facts.without_purpose = 2;
  EXPECT_THAT(page_of(contents), HasSubstr("did not agree to its purpose: 2 of them"));
}

TEST(PageTest, WhatIsLeftOutIsCountedIfThereIsAny) {
  PageContents contents = sample_contents(3, true);
  EXPECT_THAT(page_of(contents), Not(HasSubstr("if it were known when they were")));
  contents.facts.without_form = 31;
  contents.facts.without_day = 17;
  EXPECT_THAT(page_of(contents), HasSubstr("did not come along</th><td>31</td>"));
  EXPECT_THAT(page_of(contents), HasSubstr("if it were known when they were</th><td>17</td>"));
}

TEST(WordsTest, EveryLanguageHasTheSameKeysAndPlaceholders) {
  const Words english = Words::in("en"), spanish = Words::in("es");
  ASSERT_EQ(spanish.language(), "es");
  ASSERT_EQ(english.all().size(), spanish.all().size());
  for (const auto& [key, text] : english.all()) {
    ASSERT_TRUE(spanish.has(key)) << key;
    for (const char* part : {"{1}", "{2}", "{3}"})
      EXPECT_EQ(text.find(part) == std::string::npos, spanish(key).find(part) == std::string::npos)
          << key;
  }
  EXPECT_EQ(Words::in("xx").language(), "en");
}

// By the rule of crossings, with a margin for what was made simpler: a border city is on the
// border.
bool inside(const Outline& outline, double x, double y) {
  bool in = false;
  for (std::size_t i = 0, j = outline.ring.size() - 1; i < outline.ring.size(); j = i++) {
    const auto [ax, ay] = outline.ring[i];
    const auto [bx, by] = outline.ring[j];
    if ((ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) in = !in;
  }
  return in;
}

TEST(OutlinesTest, EveryPlaceOfTheGazetteerLiesInItsCountry) {
  const auto& form = testing_support::page_forms().begin()->second;
  int looked_at = 0;
  for (const std::string code :
       {"mx-reynosa", "mx-tijuana", "mx-juarez", "mx-tapachula", "us-san-diego", "cr-san-jose",
        "mx-monterrey", "mx-villahermosa"}) {
    const pb::GazetteerPlace* place = form.gazetteer(code);
    ASSERT_NE(place, nullptr) << code;
    bool found = false;
    for (const double east : {-0.1, 0.0, 0.1})
      for (const double north : {-0.1, 0.0, 0.1})
        for (const Outline& outline : outlines())
          found = found || (outline.kind == "country" && outline.code == place->country() &&
                            inside(outline, place->longitude() + east, place->latitude() + north));
    EXPECT_TRUE(found) << code;
    ++looked_at;
  }
  EXPECT_EQ(looked_at, 8);
}

TEST(OutlinesTest, NorthIsUpAndWestIsLeft) {
  const MapBox box{-110, 20, -100, 30};
  EXPECT_LT(box.y(29), box.y(21));
  EXPECT_LT(box.x(-109), box.x(-101));
  EXPECT_DOUBLE_EQ(box.x(-100), kMapWidth);
}

}  // namespace
}  // namespace resguardo::analyst
