// SPDX-License-Identifier: AGPL-3.0-or-later
// Questions that are kept by a name, and what is asked with them.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "analyst/export/export_check.h"
#include "analyst/export/exporter.h"
#include "tests/analyst/cli_told.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliSetsTest : public CliToldTest {
 protected:
  void SetUp() override {
    BundleMaker bundle = whole_maker();
    here_ = to_hex(bundle.add(kidnapping()).view());
    elsewhere_ = to_hex(bundle.add(kidnapping({"research"}, "mx-tijuana")).view());
    keep(bundle);
  }
  std::size_t incidents(std::vector<std::string> filters) const {
    filters.insert(filters.begin(), {"incidents", "--json"});
    const auto told = of_vault(filters);
    EXPECT_EQ(told.code, 0) << told.err;
    return json::parse(told.out).at("incidents").as_array().size();
  }
  std::string here_, elsewhere_;
};

TEST_F(CliSetsTest, ASetIsAskedAnewEachTimeAndJoinedWithFurtherFilters) {
  const auto saved =
      of_vault({"set", "save", "tamaulipas", "--place", "MX-TAM", "--since", "2025-01-01"});
  ASSERT_EQ(saved.code, 0) << saved.err;
  EXPECT_EQ(incidents({"--set", "tamaulipas"}), 1U);
  EXPECT_EQ(incidents({"--set", "tamaulipas", "--until", "2025-02-01"}), 0U);
  EXPECT_EQ(incidents({"--set", "tamaulipas", "--place", "mx-tijuana"}), 0U) << "both hold";
  BundleMaker later(organisation().verified(), forms::whole_form_text(), organisation().now, 4);
  later.add(kidnapping());
  ASSERT_EQ(import(put("later", later.bytes()), "ana", "v").code, 0);
  EXPECT_EQ(incidents({"--set", "tamaulipas"}), 2U) << "it is no list";
  const auto stats = of_vault({"stats", "--json", "--set", "tamaulipas"});
  EXPECT_EQ(json::parse(stats.out).at("totals").at("incidents"), 2);
}

TEST_F(CliSetsTest, AnExportNamesItsSetAndWhatItAskedFor) {
  ASSERT_EQ(of_vault({"set", "save", "tamaulipas", "--place", "MX-TAM"}).code, 0);
  for (const auto& entry : analyst::exporters()) {
    const auto out = path("out." + std::string(entry.name));
    const auto told = of_vault({"export", "--format", std::string(entry.name), "--set",
                                "tamaulipas", "--since", "2025-01-01", "--out", out});
    ASSERT_EQ(told.code, 0) << told.err;
    const auto said = json::parse(content(analyst::manifest_of(out)));
    EXPECT_EQ(json::serialize(said.at("set")),
              R"({"name":"tamaulipas","filter":{"place":"MX-TAM"}})");
    EXPECT_EQ(json::serialize(said.at("filter")), R"({"since":"2025-01-01"})");
    EXPECT_EQ(said.at("incidents"), 1) << entry.name;
    EXPECT_EQ(run({"verify-export", out}).code, 0) << entry.name;
  }
  EXPECT_THAT(content(path("out.csv")), Not(HasSubstr(elsewhere_)));
  EXPECT_THAT(content(path("out.html")), HasSubstr("set: tamaulipas"));
}

TEST_F(CliSetsTest, SetsAreListedShownAndRemovedWithCustody) {
  ASSERT_EQ(of_vault({"set", "save", "b-set", "--actor", "MX-GOV", "--tag", "canary"}).code, 0);
  ASSERT_EQ(of_vault({"set", "save", "a-set", "--place", "MX"}).code, 0);
  const auto listed = of_vault({"set", "list"});
  EXPECT_LT(listed.out.find("a-set"), listed.out.find("b-set"));
  EXPECT_THAT(listed.out, HasSubstr("actor MX-GOV"));
  EXPECT_THAT(of_vault({"set", "show", "b-set"}).out, HasSubstr("tag canary"));
  const auto shown = json::parse(of_vault({"set", "show", "b-set", "--json"}).out);
  EXPECT_EQ(json::serialize(shown.at("filter")), R"({"actor":"MX-GOV","tag":"canary"})");
  ASSERT_EQ(of_vault({"set", "remove", "b-set"}).code, 0);
  EXPECT_EQ(of_vault({"set", "show", "b-set"}).code, 1);
  EXPECT_EQ(of_vault({"set", "remove", "b-set"}).code, 1);
  const auto journal = of_vault({"journal"});
  EXPECT_THAT(journal.out, HasSubstr("kept a set"));
  EXPECT_THAT(journal.out, HasSubstr("removed a set"));
  EXPECT_THAT(journal.out, Not(HasSubstr("canary")));
  EXPECT_EQ(of_vault({"journal", "verify"}).code, 0);
}

TEST_F(CliSetsTest, WhatIsNoSetIsRefused) {
  const auto missing = of_vault({"incidents", "--set", "nobody-kept"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("there is no set of that name"));
  EXPECT_EQ(of_vault({"stats", "--set", "nobody-kept"}).code, 1);
  EXPECT_EQ(
      of_vault({"export", "--format", "csv", "--set", "nobody-kept", "--out", path("x")}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(path("x")));
  for (const char* name : {"Big", "two words", "-a", "a--b", "\xC3\xA1", "a\nb", ""})
    EXPECT_EQ(of_vault({"set", "save", name, "--place", "MX"}).code, 2) << name;
  EXPECT_EQ(of_vault({"set", "save", std::string(41, 'a'), "--place", "MX"}).code, 2);
  EXPECT_EQ(of_vault({"set", "save", std::string(40, 'a'), "--place", "MX"}).code, 0);
  EXPECT_EQ(of_vault({"set", "save", "empty"}).code, 2);
  EXPECT_EQ(of_vault({"set", "save", "wrong", "--actor", "nobody"}).code, 2);
  ASSERT_EQ(of_vault({"set", "save", "mine", "--place", "MX"}).code, 0);
  EXPECT_EQ(of_vault({"set", "save", "mine", "--place", "MX-TAM"}).code, 1) << "never replaced";
  EXPECT_THAT(of_vault({"set", "show", "mine"}).out, Not(HasSubstr("MX-TAM")));
}

}  // namespace
}  // namespace resguardo::testing_support
