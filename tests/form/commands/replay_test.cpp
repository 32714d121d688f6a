// SPDX-License-Identifier: AGPL-3.0-or-later
#include "tests/form/form_cli.h"
#include "tests/scenario/transcript.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class ReplayTest : public FormCliTest {
 protected:
  static ProgramResult replay(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"replay", "--form", short_form()});
    return run(std::move(arguments));
  }
};

TEST_F(ReplayTest, AllTranscriptsOfTheShortFormGoAsWritten) {
  std::vector<std::string> files;
  for (const auto& file : transcripts()) files.push_back(file.string());
  ASSERT_GT(files.size(), 40U);
  const auto result = replay(files);
  EXPECT_EQ(result.code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr(" 0 differ"));
}

TEST_F(ReplayTest, ADifferenceIsToldAsOne) {
  const auto result = replay({put("t.txt", "> hola\n< safety_now\n~ Bonjour\n")});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("t.txt:2: here it begins; what comes later may follow from it\n"
                                    "- < safety_now\n+ < start_language\n"));
  EXPECT_THAT(result.out, HasSubstr("t.txt:3\n- ~ Bonjour\n+ ~ Hola."));
}

TEST_F(ReplayTest, OneIsCountedAsOne) {
  EXPECT_EQ(replay({put("t.txt", "> hola\r\n< start_language\r\n")}).out,
            "1 transcript, 0 differ\n");
  const std::string wrong = put("u.txt", "> hola\n< safety_now\n");
  EXPECT_THAT(replay({wrong}).out, HasSubstr("1 transcript, 1 differs\n"));
  EXPECT_THAT(replay({wrong}).out, Not(HasSubstr("here it begins")));
}

TEST_F(ReplayTest, AButtonThatIsNotThereIsToldWithThoseThatAre) {
  const std::string file = put("t.txt", "> hola\ntap nosuch\ntap es\n< safety_now\n");
  const auto result = replay({file});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("t.txt:2\n- tap nosuch\n+ no button has the code nosuch; "
                                    "there are es en\n1 transcript, 1 differs"));
  EXPECT_EQ(replay({file, "--update"}).code, 1);
  EXPECT_THAT(content(file), HasSubstr("tap nosuch\n"));  // only its author knows what was meant
}

TEST_F(ReplayTest, UpdatesLinesAndLeavesTexts) {
  const std::string file = put("t.txt", "# why\n> hola\n< safety_now\nchoices a b\n~ Bonjour\n");
  EXPECT_EQ(replay({file, "--update"}).code, 1);
  EXPECT_EQ(content(file), "# why\n> hola\n< start_language\nchoices es en\n~ Bonjour\n");
}

TEST_F(ReplayTest, ALineThatIsNotUnderstoodIsToldWithItsNumber) {
  const auto result = replay({put("t.txt", "> hola\nsay what\n")});
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("t.txt:2: no such verb: say"));
  EXPECT_THAT(replay({put("u.txt", "later soon\n")}).err, HasSubstr("no number of minutes"));
  EXPECT_THAT(replay({put("w.txt", "channel wasap\n> hola\n")}).err,
              HasSubstr("w.txt:1: no such channel: wasap; there are whatsapp, signal and plain"));
  EXPECT_THAT(replay({put("x.txt", "set medias yes\n")}).err,
              HasSubstr("x.txt:1: no such setting: medias; there are cover, "));
  EXPECT_THAT(replay({put("v.txt", "> {{9999999*x}}\n")}).err, HasSubstr("a repetition"));
}

}  // namespace
}  // namespace resguardo::testing_support
