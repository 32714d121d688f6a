// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kOver = "> hola\ntap es\n< safety_now\n> CANARY & <b>\n";

class PictureTest : public FormCliTest {
 protected:
  ProgramResult draw(const std::string& transcript, std::vector<std::string> more = {},
                     const std::string& form = short_form()) const {
    more.insert(more.begin(), {"picture", "--form", form, "--out", path("p.svg").string(),
                               put("t.txt", transcript)});
    return run(std::move(more));
  }
  static std::string whole_form() { return (source_dir() / "proto/forms/border_abuse").string(); }
  std::string svg() const { return content(path("p.svg")); }
};

TEST_F(PictureTest, ShowsWhatATelephoneShows) {
  const auto result = draw("channel whatsapp\n> hola\ntap es\ntap safe\n");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(svg(), HasSubstr(">hola</text>"));
  EXPECT_THAT(svg(), HasSubstr("fill=\"#d9fdd3\"/>\n<text x=\"350\"")) << "said by the person";
  EXPECT_THAT(svg(), HasSubstr(">Sí, puedo escribir</text>"));  // pressed: its title, not its code
}

TEST_F(PictureTest, AListIsShownOpen) {
  ASSERT_EQ(draw("channel whatsapp\n> hola\n", {}, whole_form()).code, 0);
  EXPECT_THAT(svg(), HasSubstr("≡ Ver opciones"));
  EXPECT_THAT(svg(), HasSubstr("○ Kreyòl ayisyen"));
}

TEST_F(PictureTest, NothingThatIsWrittenBecomesMarkup) {
  ASSERT_EQ(draw(kOver).code, 0);
  EXPECT_THAT(svg(), HasSubstr("CANARY &amp; &lt;b&gt;"));
  EXPECT_THAT(svg(), Not(HasSubstr("<b>")));
}

// On Signal the questions go when somebody leaves; WhatsApp does not let us.
TEST_F(PictureTest, WhatWasTakenBackIsGone) {
  const std::string leaving = std::string(kOver) + "> salir\n";
  ASSERT_EQ(draw("channel signal\n" + leaving).code, 0);
  EXPECT_THAT(svg(), Not(HasSubstr("Elija su idioma")));
  EXPECT_THAT(svg(), HasSubstr("Hasta luego"));
  std::filesystem::remove(path("p.svg"));
  ASSERT_EQ(draw("channel whatsapp\n" + leaving).code, 0);
  EXPECT_THAT(svg(), HasSubstr("Elija su idioma"));
}

TEST_F(PictureTest, DrawsAStretchOfIt) {
  ASSERT_EQ(draw(kOver, {"--from", "2", "--to", "2"}).code, 0);
  EXPECT_THAT(svg(), Not(HasSubstr(">hola<")));
  EXPECT_THAT(svg(), HasSubstr(">Español</text>"));
  EXPECT_THAT(svg(), Not(HasSubstr("CANARY")));
  std::filesystem::remove(path("p.svg"));
  EXPECT_EQ(draw(kOver, {"--from", "9"}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("p.svg")));
}

TEST_F(PictureTest, AConversationThatDoesNotGoSoIsNotDrawn) {
  const auto result = draw("> hola\n< consent\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("line 2: < start_language instead of < consent"));
  EXPECT_FALSE(std::filesystem::exists(path("p.svg")));
}

TEST_F(PictureTest, NeverOverwritesAndDrawsTheSameTwice) {
  ASSERT_EQ(draw(kOver).code, 0);
  const std::string first = svg();
  EXPECT_EQ(draw(kOver).code, 1);
  std::filesystem::remove(path("p.svg"));
  ASSERT_EQ(draw(kOver).code, 0);
  EXPECT_EQ(svg(), first);
}

}  // namespace
}  // namespace resguardo::testing_support
