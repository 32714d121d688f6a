// SPDX-License-Identifier: AGPL-3.0-or-later
// A page by the program, against what the program says otherwise, read by a program that is not
// ours.
#include <gmock/gmock.h>

#include "tests/analyst/cli_fixture.h"
#include "tests/forms/whole_form.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

pb::Entry of_event(pb::Entry entry) {
  entry.mutable_answer()->add_instance(0);
  return entry;
}

class CliHtmlTest : public CliTest {
 protected:
  static ScriptReport told(const std::string& place, const std::string& month, int victims,
                           const std::vector<std::string>& consent = {"research"}) {
    pb::Entry day = of_event(answer_entry("when", ""));
    day.mutable_answer()->mutable_date()->set_edtf(month + "-03");
    day.mutable_answer()->mutable_date()->set_precision("day");
    pb::Entry where = of_event(answer_entry("place_city", ""));
    where.mutable_answer()->mutable_place()->set_code(place);
    where.mutable_answer()->mutable_place()->set_precision("city");
    const char* count = victims == 1 ? "1" : "2_5";
    ScriptReport report{
        {{{{{answer_entry("role", "", {"self"}), answer_entry("nationality", "", {"HN"})}, {}, ""},
           {{of_event(answer_entry("event_what", "", {"kidnapping"})), day, where}, {}, ""},
           {{of_event(answer_entry("us_link", "", {"returned"})),
             of_event(answer_entry("vic_count", "", {count})),
             of_event(answer_entry("perp_kind", "", {"organised_crime"}))},
            {answer_entry("group_name", "CANARYGROUP")},
            ""}},
          true}},
        true,
        true};
    report.consent = consent;
    return report;
  }
  void fill() {
    BundleMaker bundle(organisation().verified(), forms::whole_form_text(), organisation().now, 3);
    for (int i = 0; i < 6; ++i) bundle.add(told("mx-reynosa", "2025-05", 1));
    for (int i = 0; i < 3; ++i) bundle.add(told("mx-juarez", "2025-07", 2));
    bundle.add(told("mx-tijuana", "2025-07", 2, {"publish"}));
    ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  }
  ProgramResult of_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("v")});
    return run_unlocked(arguments);
  }
  std::string page(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"export", "--format", "html", "--out", path(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = of_vault(arguments);
    EXPECT_EQ(result.code, 0) << result.err;
    return content(path(name));
  }
};

TEST_F(CliHtmlTest, AnExactPageSaysWhatTheStatisticsSay) {
  fill();
  page("exact.html", {"--exact", "--purpose", "research"});
  const auto statistics = of_vault({"stats", "--purpose", "research", "--json"});
  ASSERT_EQ(statistics.code, 0) << statistics.err;
  put("stats.json", statistics.out);
  const std::string reader = std::string(RESGUARDO_SOURCE) + "/tests/analyst/html/page_check.py";
  const auto checked = run_program(
      {{RESGUARDO_PYTHON, "-B", reader, path("exact.html"), "--stats", path("stats.json")},
       "",
       {}});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
}

TEST_F(CliHtmlTest, SmallNumbersAreProtectedUnlessExactIsAsked) {
  fill();
  const std::string page_shown = page("shown.html");
  EXPECT_THAT(page_shown, HasSubstr("&lt;5"));
  EXPECT_THAT(page_shown, Not(HasSubstr("Internal copy")));
  EXPECT_THAT(page("exact.html", {"--exact"}), Not(HasSubstr("&lt;5</td>")));
}

TEST_F(CliHtmlTest, WhoDidNotAgreeIsNotInIt) {
  fill();
  const std::string research = page("research.html", {"--exact"});
  EXPECT_THAT(research, Not(HasSubstr("Tijuana")));
  EXPECT_THAT(research, Not(HasSubstr("CANARYGROUP")));
  EXPECT_THAT(page("publish.html", {"--exact", "--purpose", "publish"}), HasSubstr("Tijuana"));
}

TEST_F(CliHtmlTest, ItSpeaksSpanishToo) {
  fill();
  const std::string spanish = page("es.html", {"--language", "es", "--exact"});
  EXPECT_THAT(spanish, HasSubstr("<html lang=\"es\">"));
  EXPECT_THAT(spanish, HasSubstr("Secuestro"));
  EXPECT_THAT(page("fr.html", {"--language", "fr", "--exact"}), HasSubstr("Enlèvement"));
}

}  // namespace
}  // namespace resguardo::testing_support
