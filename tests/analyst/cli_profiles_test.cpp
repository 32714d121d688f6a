// SPDX-License-Identifier: AGPL-3.0-or-later
// For whom an export is, and what of the reports is in it, through the program.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "analyst/export/export_check.h"
#include "analyst/export/exporter.h"
#include "tests/analyst/cli_told.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliProfilesTest : public CliToldTest {
 protected:
  // Seven who say the same, in a city of their area; one who says more, elsewhere.
  void SetUp() override {
    BundleMaker bundle = whole_maker();
    for (int i = 0; i < 7; ++i) ids_.push_back(to_hex(bundle.add(kidnapping()).view()));
    ids_.push_back(to_hex(bundle.add(kidnapping({"research"}, "mx-tijuana")).view()));
    keep(bundle);
  }
  static std::string written(const fs::path& out) {
    if (out.extension() == ".xlsx") {
      const auto read = run_program(
          {{RESGUARDO_PYTHON, "-B", source_dir() / "tests/analyst/read_sheets.py", out}, "", {}});
      EXPECT_EQ(read.code, 0) << read.err;
      return read.out + content(analyst::manifest_of(out));
    }
    if (!fs::is_directory(out)) return content(out) + content(analyst::manifest_of(out));
    std::string all;
    for (const auto& entry : fs::directory_iterator(out)) all += content(entry.path());
    return all;
  }
  ProgramResult give(const std::string& format, const std::string& profile,
                     std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"export", "--format", format, "--profile", profile, "--out",
                               path(profile + "." + format)});
    return of_vault(more);
  }
  std::filesystem::path exact_csv() const {
    EXPECT_EQ(of_vault({"stats", "--out", path("exact.csv")}).code, 0);
    return path("exact.csv");
  }
  std::vector<std::string> ids_;
};

TEST_F(CliProfilesTest, EachFormatHoldsWhatItsProfileAllows) {
  for (const auto& entry : analyst::exporters()) {
    const std::string format(entry.name);
    for (const std::string profile : {"internal", "partner", "public"}) {
      const auto told = give(format, profile);
      if (format == "csv" || format == "ndjson") {
        EXPECT_EQ(told.code, 2) << format;
        EXPECT_FALSE(fs::exists(path(profile + "." + format)));
        continue;
      }
      ASSERT_EQ(told.code, 0) << format << ' ' << profile << ": " << told.err;
      const std::string text = written(path(profile + "." + format));
      EXPECT_THAT(text, Not(HasSubstr("CANARYGROUP"))) << format << ' ' << profile;
      if (profile == "internal") continue;
      for (const std::string& id : ids_) EXPECT_THAT(text, Not(HasSubstr(id))) << format;
      if (format == "html") continue;  // its table of places has the places that many tell of
      EXPECT_THAT(text, Not(HasSubstr("2025-05-03"))) << format << ' ' << profile;
      if (profile == "public") {
        EXPECT_THAT(text, Not(HasSubstr("mx-tijuana"))) << format;
        EXPECT_THAT(text, Not(HasSubstr("MX-BCN"))) << format;
        EXPECT_THAT(text, Not(HasSubstr("perpetrator"))) << format;
      }
    }
  }
  EXPECT_THAT(written(path("internal.tables")), HasSubstr(ids_[0]));
  EXPECT_THAT(written(path("internal.tables")), HasSubstr("2025-05-03"));
  EXPECT_THAT(written(path("partner.tables")), HasSubstr("2025-04-28/2025-05-04"));
  EXPECT_THAT(written(path("public.tables")), HasSubstr(R"("2025-05","month","MX","MX-TAM")"));
}

TEST_F(CliProfilesTest, TheManifestSaysProfileAndRowsBeforeAndAfter) {
  ASSERT_EQ(give("tables", "public").code, 0);
  const auto said = json::parse(content(path("public.tables") / "manifest.json"));
  EXPECT_EQ(said.at("profile").as_string(), "public");
  EXPECT_EQ(json::serialize(said.at("suppression")),
            R"({"k":5,"rowsBefore":8,"rowsAfter":7,"sexualViolence":0,"tooFew":1})");
  ASSERT_EQ(give("geojson", "partner").code, 0);
  const auto partner = json::parse(content(path("partner.geojson.manifest.json")));
  EXPECT_EQ(
      json::serialize(partner.at("suppression")),
      R"({"k":5,"rowsBefore":8,"rowsAfter":8,"sexualViolence":0,"rowsBelowK":1,"rowsAlone":1})");
  ASSERT_EQ(of_vault({"export", "--format", "csv", "--out", path("x.csv")}).code, 0);
  const auto full = json::parse(content(path("x.csv.manifest.json")));
  EXPECT_EQ(full.at("profile").as_string(), "full");
  EXPECT_EQ(full.as_object().find("suppression"), full.as_object().end());
  EXPECT_EQ(run({"verify-export", path("public.tables")}).code, 0);
}

TEST_F(CliProfilesTest, WhatContradictsAProfileIsRefused) {
  EXPECT_EQ(give("tables", "everybody").code, 2);
  EXPECT_EQ(give("html", "public", {"--exact"}).code, 2);
  EXPECT_EQ(give("tables", "partner", {"--despite-consent"}).code, 2);
  EXPECT_EQ(give("tables", "internal", {"--media", path("media")}).code, 2);
  EXPECT_FALSE(fs::exists(path("media")));
}

// Two files that differ by one incident would tell of it what neither does.
TEST_F(CliProfilesTest, TheLedgerRefusesAReleaseThatDiffersByFew) {
  ASSERT_EQ(give("tables", "public").code, 0);
  const auto close = give("geojson", "public", {"--place", "MX-TAM"});
  EXPECT_EQ(close.code, 1);
  EXPECT_THAT(close.err, HasSubstr("differs by fewer than 5 incidents from release 1"));
  EXPECT_FALSE(fs::exists(path("public.geojson")));
  EXPECT_EQ(give("geojson", "partner", {"--place", "MX-TAM"}).code, 0) << "it is no publication";
  EXPECT_EQ(give("geojson", "public").code, 0) << "the same incidents again";
  EXPECT_EQ(give("hxl", "public", {"--place", "mx-tijuana"}).code, 0) << "clearly others";
  const auto listed = json::parse(of_vault({"releases", "--json"}).out);
  EXPECT_EQ(listed.at("releases").as_array().size(), 3U);
  EXPECT_EQ(listed.at("releases").at(0).at("incidents"), 8);
  EXPECT_THAT(of_vault({"journal"}).out, HasSubstr("tables for research, public"));
  EXPECT_EQ(of_vault({"journal", "verify"}).code, 0);
}

TEST_F(CliProfilesTest, NumbersForThePublicAreProtectedAndInTheLedger) {
  const auto told = of_vault({"stats", "--profile", "public", "--out", path("s.csv")});
  ASSERT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out, HasSubstr("8 incidents"));
  const std::string cells = content(path("s.csv"));
  EXPECT_THAT(cells, HasSubstr(R"("category_by_month","kidnapping","2025-05","8","8")"));
  EXPECT_THAT(cells, Not(HasSubstr("place_by_category"))) << "7 and 1 of 8: 1 would follow";
  EXPECT_THAT(told.out, HasSubstr("place_by_category (8 incidents)\n  too few to be shown"));
  EXPECT_THAT(content(exact_csv()),
              HasSubstr(R"("place_by_category","mx-tijuana","kidnapping","1")"));
  EXPECT_EQ(of_vault({"stats", "--profile", "public", "--place", "MX-TAM"}).code, 1);
  EXPECT_EQ(give("tables", "public").code, 0);
  const auto exact = of_vault({"stats", "--json", "--place", "mx-tijuana"});
  EXPECT_EQ(json::parse(exact.out).at("totals").at("incidents"), 1);
  EXPECT_EQ(of_vault({"stats", "--profile", "full"}).code, 2);
  EXPECT_THAT(of_vault({"releases"}).out, HasSubstr("stats"));
}

}  // namespace
}  // namespace resguardo::testing_support
