// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

constexpr const char* kLink = "https://signal.me/#eu/AbC-dEf_0123456789=&x\"y";

class CardCliTest : public FormCliTest {
 protected:
  ProgramResult card(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "card",   "--form", (source_dir() / "proto/forms/border_abuse").string(),
        "--link", kLink,    "--organisation",
        "Casa",   "--out",  path(out).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(CardCliTest, ItsCodeIsTheLinkAsATelephoneReadsIt) {
  const auto printed = card("es.html", {"--language", "es"});
  ASSERT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("es.html: 1 sheet, two sides"));
  const auto script = source_dir() / "tests" / "analyst" / "read_code.py";
  const auto read =
      run_program({{"/usr/bin/python3", "-B", script, path("es.html").string()}, {}, {}});
  EXPECT_EQ(read.code, 0) << read.err;
  EXPECT_EQ(read.out, kLink);
}

TEST_F(CardCliTest, PrintsOneSheetForEachLanguageTheSameEachTime) {
  const auto printed = card("all.html", {"--json"});
  ASSERT_EQ(printed.code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr(R"("languages":["es","en","ht","fr","pt"])"));
  ASSERT_EQ(card("again.html").code, 0);
  EXPECT_EQ(content(path("all.html")), content(path("again.html")));
}

TEST_F(CardCliTest, NeverOverwritesAndLeavesNothingHalf) {
  put("there.html", "mine");
  EXPECT_NE(card("there.html").code, 0);
  EXPECT_EQ(content(path("there.html")), "mine");
  EXPECT_NE(card("none.html", {"--language", "de"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(path("none.html")));
}

TEST_F(CardCliTest, SaysWhatIsWrong) {
  const auto unnamed = run({"card", "--form", (source_dir() / "proto/forms/border_abuse").string(),
                            "--link", kLink, "--out", path("x.html").string()});
  EXPECT_EQ(unnamed.code, 2);
  EXPECT_THAT(unnamed.err, HasSubstr("--organisation"));
  const auto link = run({"card", "--form", short_form(), "--link", "javascript:alert(1)", "--out",
                         path("x.html").string()});
  EXPECT_EQ(link.code, 2);
  EXPECT_THAT(link.err, HasSubstr("--link"));
  const auto none =
      run({"card", "--form", short_form(), "--link", kLink, "--out", path("x.html").string()});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no card"));
}

}  // namespace
}  // namespace resguardo::testing_support
