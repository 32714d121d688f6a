// SPDX-License-Identifier: AGPL-3.0-or-later
// Pairs of incidents that may be one, on the terminal: found, seen side by side, decided.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"
#include "tests/forms/whole_form.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

// Who tells what: a kidnapping as one person tells it.
struct Teller {
  std::string nationality = "HT", gender = "woman", age = "25_34";
  std::string place = "mx-reynosa", day = "2025-05-03", story;
};

pb::Entry told_entry(const std::string& node, const std::string& code, bool in_event = true) {
  pb::Entry entry = answer_entry(node, "", {code});
  if (in_event) entry.mutable_answer()->add_instance(0);
  return entry;
}

ScriptReport report_of(const Teller& teller) {
  pb::Entry day = told_entry("when", "");
  day.mutable_answer()->clear_codes();
  day.mutable_answer()->mutable_date()->set_edtf(teller.day);
  day.mutable_answer()->mutable_date()->set_precision("day");
  pb::Entry place = told_entry("place_city", "");
  place.mutable_answer()->clear_codes();
  place.mutable_answer()->mutable_place()->set_code(teller.place);
  place.mutable_answer()->mutable_place()->set_precision("city");
  pb::Entry story = answer_entry("story", teller.story);
  story.mutable_answer()->add_instance(0);
  return {
      {{{{{told_entry("role", "self", false), told_entry("nationality", teller.nationality, false),
           told_entry("gender", teller.gender, false), told_entry("age", teller.age, false)},
          {},
          ""},
         {{told_entry("event_what", "kidnapping"), day, place, story}, {}, ""}},
        true}},
      true,
      true};
}

class CliDuplicatesTest : public CliTest {
 protected:
  // Two tell of one day in Reynosa, one of them twice, among many who tell of other things.
  CliDuplicatesTest() {
    BundleMaker bundle(organisation().verified(), forms::whole_form_text(), organisation().now, 3);
    const std::string words =
        "CANARYSTORY nos bajaron del autobús tres hombres y nos llevaron a una casa amarilla";
    first_ = name(bundle.add(report_of({.story = words})));
    again_ = name(bundle.add(report_of({.story = words + " en Reynosa"})));
    other_ = name(bundle.add(report_of({.nationality = "VE",
                                        .gender = "man",
                                        .age = "45_59",
                                        .story = "a mi lado iba una señora"})));
    const std::vector<std::string> places{"mx-tijuana", "mx-juarez", "mx-matamoros", "mx-acuna"};
    for (int n = 0; n < 24; ++n)
      bundle.add(
          report_of({.nationality = n % 3 == 0 ? "HN" : "GT",
                     .gender = n % 2 == 0 ? "man" : "woman",
                     .age = n % 4 == 0 ? "18_24" : "35_44",
                     .place = places[static_cast<std::size_t>(n) % 4],
                     .day = (n < 12 ? "2023-" : "2024-") + std::string(n % 12 < 9 ? "0" : "") +
                            std::to_string(n % 12 + 1) + "-11",
                     .story = ""}));
    EXPECT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  }
  static std::string name(const ReportId& report) {
    return to_hex(report.view()).substr(0, 8) + "-1";
  }
  ProgramResult duplicates(std::vector<std::string> more) const {
    more.insert(more.begin(), "duplicates");
    more.insert(more.end(), {"--vault", path("v")});
    return run_unlocked(more);
  }
  std::string proposal(const std::string& one, const std::string& other) const {
    return json::parse(duplicates({one, other, "--json"}).out).at("proposal").as_string().c_str();
  }
  std::string first_, again_, other_;
};

TEST_F(CliDuplicatesTest, WhatIsToldTwiceAndByTwoIsFoundAmongOthers) {
  EXPECT_EQ(proposal(first_, again_), "same-person");
  EXPECT_EQ(proposal(other_, first_), proposal(first_, other_));
  EXPECT_THAT(proposal(first_, other_), ::testing::AnyOf("others", "same-incident"));
  const auto listed = duplicates({});
  ASSERT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("same-person"));
  EXPECT_THAT(listed.out, HasSubstr(first_));
  EXPECT_THAT(listed.out, HasSubstr(other_));
  EXPECT_THAT(listed.out, Not(HasSubstr("CANARYSTORY"))) << "a list quotes nobody";
  const auto pairs = json::parse(duplicates({"--json"}).out).at("pairs").as_array();
  EXPECT_EQ(pairs.size(), 3U) << "those who told of other things are no pair";
  EXPECT_THAT(duplicates({"--limit", "1"}).err, HasSubstr("2 more: --limit shows them"));
}

TEST_F(CliDuplicatesTest, TwoAreSeenSideBySideInTheirOwnWords) {
  const auto seen = duplicates({first_, again_});
  ASSERT_EQ(seen.code, 0) << seen.err;
  EXPECT_THAT(seen.out, HasSubstr("2025-05-03"));
  EXPECT_THAT(seen.out, HasSubstr("CANARYSTORY nos bajaron"));
  EXPECT_THAT(seen.out, HasSubstr("one person"));
  // Whose words were read is in the journal, as after `show`.
  const auto journal = run_unlocked({"journal", "show", first_.substr(0, 8), "--vault", path("v")});
  EXPECT_THAT(journal.out, HasSubstr("read"));
  EXPECT_THAT(journal.out, HasSubstr("duplicates"));
}

TEST_F(CliDuplicatesTest, WhatIsDecidedIsWrittenDownAndNotAskedAgain) {
  const auto twice =
      duplicates({again_, first_, "--decide", "duplicate", "--reason", "same words"});
  ASSERT_EQ(twice.code, 0) << twice.err;
  EXPECT_THAT(twice.out, HasSubstr("told in 2 reports by 1 independent sources"));
  const auto both =
      duplicates({first_, other_, "--decide", "corroboration", "--reason", "his seat"});
  EXPECT_THAT(both.out, HasSubstr("told in 3 reports by 2 independent sources"));
  EXPECT_THAT(duplicates({}).err, HasSubstr("2 pairs are decided"));
  EXPECT_THAT(duplicates({first_, again_}).out, HasSubstr("duplicate: same words"));
  const auto clusters = json::parse(duplicates({"--clusters", "--json"}).out);
  EXPECT_EQ(clusters.at("clusters").as_array().size(), 1U);
  EXPECT_EQ(clusters.at("clusters").at(0).at("independentSources").as_int64(), 2);
  // What contradicts it is taken, and said.
  const auto against =
      duplicates({again_, other_, "--decide", "unrelated", "--reason", "another bus"});
  EXPECT_EQ(against.code, 0);
  EXPECT_THAT(against.err, HasSubstr("this contradicts what was decided"));
  EXPECT_THAT(duplicates({"--clusters"}).out, HasSubstr("unrelated"));
  const auto journal = run_unlocked({"journal", "--vault", path("v"), "--json"});
  EXPECT_THAT(journal.out, HasSubstr("corroboration: "));
  EXPECT_THAT(journal.out, Not(HasSubstr("his seat"))) << "reasons go with their reports";
}

TEST_F(CliDuplicatesTest, WhatMakesNoSenseIsRefusedAndNothingIsWritten) {
  const auto refused = [&](std::vector<std::string> arguments, const std::string& words) {
    const auto result = duplicates(std::move(arguments));
    EXPECT_NE(result.code, 0) << words;
    EXPECT_THAT(result.err, HasSubstr(words));
  };
  refused({first_}, "two of them are compared");
  refused({first_, first_}, "both are of one report");
  refused({first_, "nonsense"}, "is no incident");
  refused({first_, again_.substr(0, 8) + "-7", "--decide", "duplicate", "--reason", "x"},
          "there is no such incident");
  refused({first_, again_, "--decide", "same", "--reason", "x"}, "is no outcome");
  refused({first_, again_, "--decide", "duplicate"}, "--reason: is needed");
  refused({"--decide", "duplicate"}, "of which two incidents?");
  EXPECT_EQ(json::parse(duplicates({"--clusters", "--json"}).out).at("decisions").as_array().size(),
            0U);
}

}  // namespace
}  // namespace resguardo::testing_support
