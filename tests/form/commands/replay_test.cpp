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
  EXPECT_THAT(result.out, HasSubstr("t.txt:2\n- < safety_now\n+ < start_language\n"));
  EXPECT_THAT(result.out, HasSubstr("t.txt:3\n- ~ Bonjour\n+ ~ Hola."));
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
  EXPECT_THAT(replay({put("v.txt", "> {{9999999*x}}\n")}).err, HasSubstr("a repetition"));
}

}  // namespace
}  // namespace resguardo::testing_support
