// SPDX-License-Identifier: AGPL-3.0-or-later
// What analysts decide of incidents, and where it shows.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"
#include "tests/forms/whole_form.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliDecideTest : public CliTest {
 protected:
  void SetUp() override {
    BundleMaker bundle(organisation().verified(), forms::whole_form_text(), organisation().now, 3);
    pb::Entry what = answer_entry("event_what", "", {"kidnapping"});
    what.mutable_answer()->add_instance(0);
    ScriptReport report{
        {{{{{answer_entry("role", "", {"self"})}, {}, ""}, {{what}, {}, ""}}, true}}, true, true};
    report.consent = {"research"};
    id_ = to_hex(bundle.add(report).view()).substr(0, 8);
    other_ = to_hex(bundle.add(report).view()).substr(0, 8);
    ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  }
  ProgramResult of_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("v")});
    return run_unlocked(arguments);
  }
  std::string id_, other_;
};

TEST_F(CliDecideTest, WhatIsDecidedShowsEverywhere) {
  ASSERT_EQ(of_vault({"code", id_ + "-1", "violation", "torture", "--confirm"}).code, 0);
  ASSERT_EQ(of_vault({"level", id_ + "-1", "credible", "--reason", "CANARYREASON"}).code, 0);
  ASSERT_EQ(of_vault({"tag", id_, "to-call", "laredo"}).code, 0);
  const auto linked = of_vault({"link", id_ + "-1", "precedes", other_ + "-1"});
  ASSERT_EQ(linked.code, 0) << linked.err;
  ASSERT_EQ(of_vault({"note", id_, "--text-file", put("note", "CANARYNOTE\n")}).code, 0);
  const auto shown = of_vault({"show", id_});
  for (const char* part : {"Decided by analysts, not told by the reporter", "torture", "credible",
                           "CANARYREASON", "CANARYNOTE", "laredo", "precedes"})
    EXPECT_THAT(shown.out, HasSubstr(part));
  EXPECT_THAT(of_vault({"incidents", "--tag", "laredo"}).out, HasSubstr("credible"));
  EXPECT_THAT(of_vault({"incidents", "--level", "credible"}).out, HasSubstr(id_));
  EXPECT_THAT(of_vault({"incidents", "--level", "credible"}).out, Not(HasSubstr(other_)));
  EXPECT_THAT(of_vault({"incidents", "--violation", "torture"}).out, HasSubstr(id_));
  const auto journal = of_vault({"journal"});
  EXPECT_THAT(journal.out, HasSubstr("set the level"));
  EXPECT_THAT(journal.out, Not(HasSubstr("CANARY")));
  EXPECT_THAT(journal.out, Not(HasSubstr("laredo")));
  ASSERT_EQ(of_vault({"tag", id_, "laredo", "--remove"}).code, 0);
  EXPECT_THAT(of_vault({"incidents", "--tag", "laredo"}).out, Not(HasSubstr(id_)));
  EXPECT_EQ(of_vault({"journal", "verify"}).code, 0);
}

TEST_F(CliDecideTest, ANoteIsTakenFromAPipe) {
  const auto noted =
      run_program({{(bin_dir() / "resguardo-analyst").string(), "note", id_, "--text-file", "-",
                    "--vault", path("v"), "--passphrase-fd", "9"},
                   "CANARYPIPED\n",
                   {{9, std::string(kPassphrase) + "\n"}}});
  ASSERT_EQ(noted.code, 0) << noted.err;
  const auto shown = of_vault({"show", id_});
  EXPECT_THAT(shown.out, HasSubstr("CANARYPIPED"));
  EXPECT_THAT(shown.out, HasSubstr("note  by ana")) << "who wrote it";
  const auto nothing =
      run_program({{(bin_dir() / "resguardo-analyst").string(), "note", id_, "--text-file", "-",
                    "--vault", path("v"), "--passphrase-fd", "9"},
                   "",
                   {{9, std::string(kPassphrase) + "\n"}}});
  EXPECT_EQ(nothing.code, 2);
}

TEST_F(CliDecideTest, ExportsSayWhoDecided) {
  ASSERT_EQ(of_vault({"code", id_ + "-1", "violation", "torture", "--confirm", "--reason",
                      "CANARYREASON"})
                .code,
            0);
  ASSERT_EQ(of_vault({"link", id_ + "-1", "precedes", other_ + "-1"}).code, 0);
  ASSERT_EQ(of_vault({"export", "--format", "tables", "--out", path("t")}).code, 0);
  EXPECT_THAT(content(path("t") / "codings.csv"), HasSubstr("CANARYREASON"));
  EXPECT_THAT(content(path("t") / "links.csv"), HasSubstr(R"(-1","precedes",")" + other_));
  ASSERT_EQ(of_vault({"export", "--format", "ndjson", "--out", path("n")}).code, 0);
  const std::string lines = content(path("n"));
  EXPECT_THAT(lines, HasSubstr(R"("code":"torture","reason":"CANARYREASON")"));
  EXPECT_EQ(lines.find("decisions"), lines.rfind("decisions")) << "only where there are any";
  const auto internal =
      of_vault({"export", "--format", "tables", "--profile", "internal", "--out", path("i")});
  ASSERT_EQ(internal.code, 0) << internal.err;
  EXPECT_THAT(content(path("i") / "codings.csv"), Not(HasSubstr("CANARYREASON")));
}

TEST_F(CliDecideTest, WhatMeansNothingIsRefused) {
  EXPECT_EQ(of_vault({"code", id_ + "-9", "violation", "torture", "--confirm"}).code, 1);
  EXPECT_EQ(of_vault({"code", id_, "violation", "torture", "--confirm"}).code, 2);
  EXPECT_EQ(of_vault({"code", id_ + "-1", "violation", "nonsense", "--confirm"}).code, 2);
  EXPECT_EQ(of_vault({"code", id_ + "-1", "violation", "torture"}).code, 2);
  EXPECT_EQ(of_vault({"code", id_ + "-1", "weather", "torture", "--undo"}).code, 2);
  EXPECT_EQ(of_vault({"level", id_ + "-1", "credible"}).code, 2) << "without a reason";
  EXPECT_EQ(of_vault({"tag", id_, "Not A Tag"}).code, 2);
  EXPECT_EQ(of_vault({"link", id_ + "-1", "precedes", id_ + "-1"}).code, 2);
  EXPECT_THAT(of_vault({"show", id_}).out, Not(HasSubstr("Decided by analysts")));
}

}  // namespace
}  // namespace resguardo::testing_support
