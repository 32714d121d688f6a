// SPDX-License-Identifier: AGPL-3.0-or-later
// A root among several people, and keys on paper.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>

#include "tests/analyst/cli_fixture.h"
#include "tests/support/paths.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class CliPaperTest : public CliTest {
 protected:
  ProgramResult split(const std::string& shares, const std::string& threshold) const {
    return run_unlocked({"root", "split", "--root-key", organisation().root(), "--shares", shares,
                         "--threshold", threshold, "--out", path("share")});
  }
  ProgramResult join(const std::vector<std::string>& shares, const std::string& out) const {
    std::vector<std::string> arguments = {"key",      "join",  "--out",    path(out),
                                          "--memory", "64MiB", "--passes", "1"};
    for (const auto& share : shares) arguments.push_back(path(share));
    return run_unlocked(arguments);
  }
  static ProgramResult read_code(std::vector<std::string> arguments) {
    const auto script = source_dir() / "tests" / "analyst" / "read_code.py";
    arguments.insert(arguments.begin(), {"/usr/bin/python3", "-B", script});
    return run_program({arguments, "", {}});
  }
  // The lines of a page, as somebody types them.
  static std::string lines_of(const std::string& html) {
    const auto begin = html.find("RESGUARDO PAPER");
    return html.substr(begin, html.find("</pre>") - begin);
  }
};

TEST_F(CliPaperTest, ARootIsDividedAndJoined) {
  const auto done = split("3", "2");
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("any 2 of 3"));
  ASSERT_EQ(join({"share-3.txt", "share-1.txt"}, "again").code, 0);
  EXPECT_EQ(content(path("again.pub")), content(organisation().root_public()));
  const auto few = join({"share-3.txt"}, "few");
  EXPECT_EQ(few.code, 1);
  EXPECT_THAT(few.err, HasSubstr("it takes 2 of 3 shares"));
  EXPECT_FALSE(std::filesystem::exists(path("few")));
  std::string forged = content(path("share-2.txt"));
  const auto end = forged.find("\n-----END") - 8;
  forged[end] = forged[end] == 'A' ? 'B' : 'A';
  put("forged.txt", forged);
  const auto wrong = join({"share-1.txt", "forged.txt"}, "wrong");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("forged.txt: "));
  EXPECT_EQ(split("3", "1").code, 2);
  EXPECT_EQ(split("33", "2").code, 2);
}

TEST_F(CliPaperTest, APageGivesBackExactlyTheFile) {
  ASSERT_EQ(split("2", "2").code, 0);
  const std::vector<std::pair<std::filesystem::path, std::filesystem::path>> cases = {
      {organisation().root(), organisation().root()},
      {organisation().keys("ana"), organisation().keys("ana") / "identity.key"},
      {path("share-1.txt"), path("share-1.txt")}};
  int n = 0;
  for (const auto& [given, file] : cases) {
    const std::string page = path("page" + std::to_string(++n) + ".html");
    const auto made = run({"key", "paper", given, "--out", page});
    ASSERT_EQ(made.code, 0) << made.err;
    const std::string html = content(page);
    EXPECT_EQ(html.find("http-equiv=\"refresh\""), std::string::npos);
    EXPECT_EQ(html.find("src="), std::string::npos);
    put("typed" + std::to_string(n), lines_of(html));
    const std::string again = path("again" + std::to_string(n));
    const auto read =
        run({"key", "paper", "--read", path("typed" + std::to_string(n)), "--out", again});
    ASSERT_EQ(read.code, 0) << read.err;
    EXPECT_EQ(content(again), content(file));
  }
}

TEST_F(CliPaperTest, AMistypedLineIsNamed) {
  const std::string page = path("page.html");
  ASSERT_EQ(run({"key", "paper", organisation().root(), "--out", page}).code, 0);
  std::string typed = lines_of(content(page));
  for (const char* line : {"\n02 ", "\n05 "}) {
    char& letter = typed[typed.find(line) + 4];
    letter = letter == 'Q' ? 'R' : 'Q';
  }
  put("typed", typed);
  const auto read = run({"key", "paper", "--read", path("typed"), "--out", path("again")});
  EXPECT_EQ(read.code, 1);
  EXPECT_THAT(read.err, HasSubstr("line 2, 5"));
  EXPECT_FALSE(std::filesystem::exists(path("again")));
}

TEST_F(CliPaperTest, WhatOpensReportsIsNotForPaper) {
  for (const char* name : {"wrapping.key", "reserve.key"}) {
    const auto page =
        run({"key", "paper", organisation().keys("ana") / name, "--out", path("page.html")});
    EXPECT_EQ(page.code, 1);
    EXPECT_THAT(page.err, HasSubstr("never backed up"));
  }
  EXPECT_EQ(run({"key", "paper", "--out", path("page.html")}).code, 2);
  EXPECT_EQ(files_here(), 0U);
}

// ZBar, which is none of ours, reads the code; --read takes what it read, with a scanner's line
// ends.
TEST_F(CliPaperTest, ThePagesCodeHoldsTheFile) {
  ASSERT_EQ(split("32", "32").code, 0);  // the largest there is
  for (const auto& file : {organisation().root(), path("share-32.txt")}) {
    const std::string name = file.filename().string();
    ASSERT_EQ(run({"key", "paper", file, "--out", path(name + ".html")}).code, 0);
    const auto read = read_code({path(name + ".html")});
    ASSERT_EQ(read.code, 0) << read.err;
    EXPECT_EQ(read.out, content(file));
    put("scanned", "\r\n" + std::regex_replace(read.out, std::regex("\n"), "\r\n") + "  ");
    const auto again = run({"key", "paper", "--read", path("scanned"), "--out", path("again")});
    ASSERT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(content(path("again")), content(file));
    for (const char* used : {"scanned", "again"}) std::filesystem::remove(path(used));
  }
}

TEST_F(CliPaperTest, AStainedCodeIsStillRead) {
  ASSERT_EQ(run({"key", "paper", organisation().root(), "--out", path("page.html")}).code, 0);
  const auto read = read_code({path("page.html"), "15"});
  ASSERT_EQ(read.code, 0) << read.err;
  EXPECT_EQ(read.out, content(organisation().root()));
}

TEST_F(CliPaperTest, EachWrongSetOfSharesHasItsOwnWords) {
  ASSERT_EQ(split("3", "2").code, 0);
  const auto refusal = [&](const std::vector<std::string>& shares) {
    const auto result = join(shares, "again");
    EXPECT_EQ(result.code, 1);
    EXPECT_FALSE(std::filesystem::exists(path("again")));
    EXPECT_FALSE(std::filesystem::exists(path("again.pub")));
    return result.err;
  };
  EXPECT_THAT(refusal({"share-2.txt"}), HasSubstr("share 2: it takes 2 of 3 shares"));
  put("copy.txt", content(path("share-2.txt")));
  EXPECT_THAT(refusal({"share-2.txt", "copy.txt"}), HasSubstr("the same share was given twice"));
  const auto second = run_unlocked({"root", "split", "--root-key", organisation().root(),
                                    "--shares", "3", "--threshold", "2", "--out", path("later")});
  ASSERT_EQ(second.code, 0) << second.err;
  const std::string mixed = refusal({"share-1.txt", "later-2.txt"});
  EXPECT_THAT(mixed, HasSubstr("share-1.txt and "));
  EXPECT_THAT(mixed, HasSubstr("divided at two times"));
  ASSERT_EQ(run_unlocked({"root", "create", "--out", path("other.key"), "--memory", "64MiB",
                          "--passes", "1"})
                .code,
            0);
  ASSERT_EQ(run_unlocked({"root", "split", "--root-key", path("other.key"), "--shares", "2",
                          "--threshold", "2", "--out", path("other")})
                .code,
            0);
  EXPECT_THAT(refusal({"share-1.txt", "other-2.txt"}), HasSubstr("two different roots"));
  put("no-share.txt", content(organisation().root()));
  EXPECT_THAT(refusal({"share-1.txt", "no-share.txt"}), HasSubstr("no-share.txt: "));
}

TEST_F(CliPaperTest, ASplitIsWholeOrNotAtAll) {
  put("share-3.txt", "something of mine");
  const auto refused = split("3", "2");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("share-3.txt"));
  EXPECT_EQ(files_here(), 1U);
  const auto wrong = run_unlocked({"root", "split", "--root-key", organisation().root(), "--shares",
                                   "2", "--threshold", "2", "--out", path("mine")},
                                  "not the passphrase");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(files_here(), 1U);
}

TEST_F(CliPaperTest, AShareHasAFingerprintOfItsOwn) {
  const auto done = split("2", "2");
  ASSERT_EQ(done.code, 0);
  for (const char* name : {"share-1.txt", "share-2.txt"}) {
    const auto shown = run({"key", "fingerprint", path(name)});
    ASSERT_EQ(shown.code, 0) << shown.err;
    const std::regex line("fingerprint  (\\d{5}( \\d{5}){4})\n");
    std::smatch found;
    ASSERT_TRUE(std::regex_search(shown.out, found, line)) << shown.out;
    EXPECT_THAT(done.out, HasSubstr(found[1].str()));
    ASSERT_EQ(run({"key", "paper", path(name), "--out", path(std::string(name) + ".html")}).code,
              0);
    EXPECT_THAT(content(path(std::string(name) + ".html")), HasSubstr(found[1].str()));
  }
}

}  // namespace
}  // namespace resguardo::testing_support
