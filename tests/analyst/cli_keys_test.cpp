// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
const std::vector<std::string> kCheap = {"--memory", "64MiB", "--passes", "1"};

std::vector<std::string> cheap(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), kCheap.begin(), kCheap.end());
  return arguments;
}

bool one_line(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') == 1 && text.back() == '\n';
}

const std::vector<std::vector<std::string>> kCommands = {{},
                                                         {"root"},
                                                         {"root", "create"},
                                                         {"root", "split"},
                                                         {"root", "join"},
                                                         {"key"},
                                                         {"key", "extend"},
                                                         {"key", "paper"},
                                                         {"key", "retire"},
                                                         {"key", "split"},
                                                         {"key", "join"},
                                                         {"key", "create"},
                                                         {"key", "public"},
                                                         {"key", "fingerprint"},
                                                         {"roster"},
                                                         {"roster", "create"},
                                                         {"roster", "add"},
                                                         {"roster", "renew"},
                                                         {"roster", "revoke"},
                                                         {"roster", "suspend"},
                                                         {"roster", "restore"},
                                                         {"roster", "reads"},
                                                         {"roster", "sign"},
                                                         {"roster", "show"},
                                                         {"roster", "verify"},
                                                         {"verify"},
                                                         {"import"},
                                                         {"list"},
                                                         {"show"},
                                                         {"export"}};

TEST_F(CliTest, HelpAndVersionAreEverywhere) {
  for (std::vector<std::string> command : kCommands) {
    command.emplace_back("--help");
    const auto help = run(command);
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("Usage: resguardo-analyst"));
    EXPECT_EQ(help.err, "");
    command.back() = "--version";
    const auto version = run(command);
    EXPECT_EQ(version.code, 0);
    EXPECT_THAT(version.out, StartsWith("resguardo-analyst "));
  }
}

TEST_F(CliTest, AWrongCommandLineIsOneLineAndTwo) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"frobnicate"},
      {"key"},
      {"key", "create", "--out", path("x")},
      {"list", "--vault"},
      {"list", "--vault", "v", "--nonsense"},
      {"export", "--vault", "v", "--format", "xyz", "--out", path("x")},
      {"list", "--vault", "v", "--passphrase-fd", "-1"},
      {"list", "--vault", "v", "--passphrase-fd", "3", "--passphrase-file", "p"},
      cheap({"root", "create", "--out", path("x")}),  // nowhere to ask for a passphrase
      {"root", "create", "--out", path("x"), "--memory", "63MiB"},
      {"root", "create", "--out", path("x"), "--passes", "11"}};
  for (const auto& arguments : wrong) {
    const auto result = run(arguments);
    EXPECT_EQ(result.code, 2) << ::testing::PrintToString(arguments);
    EXPECT_EQ(result.out, "");
    EXPECT_THAT(result.err, HasSubstr("resguardo-analyst: "));
  }
  EXPECT_EQ(files_here(), 0U);
  EXPECT_TRUE(one_line(run({"frobnicate"}).err));
  EXPECT_THAT(run({"frobnicate"}).err, HasSubstr("frobnicate"));
}

TEST_F(CliTest, AShortPassphraseMakesNoKey) {
  for (const char* command : {"root", "key"}) {
    std::vector<std::string> arguments = cheap({command, "create", "--out", path("k")});
    arguments.insert(arguments.end(), {"--label", "x"});
    const auto result = run_unlocked(arguments, "elevenchars");
    EXPECT_EQ(result.code, 1);
    EXPECT_THAT(result.err, HasSubstr("passphrase"));
    EXPECT_EQ(files_here(), 0U);
  }
}

TEST_F(CliTest, KeysAreNeverOverwritten) {
  const auto before = content(organisation().root());
  const auto root = run_unlocked(cheap({"root", "create", "--out", organisation().root()}));
  EXPECT_EQ(root.code, 1);
  EXPECT_THAT(root.err, HasSubstr("exists already"));
  EXPECT_EQ(content(organisation().root()), before);
  const auto key =
      run_unlocked(cheap({"key", "create", "--label", "ana", "--out", organisation().keys("ana")}));
  EXPECT_EQ(key.code, 1);
  EXPECT_THAT(key.err, HasSubstr("exists already"));
}

TEST_F(CliTest, ThePublicHalfHasTheFingerprintOfTheKeys) {
  const auto of_keys = run({"key", "fingerprint", organisation().keys("ana"), "--json"});
  const auto of_text = run({"key", "fingerprint", organisation().keys("ana.txt"), "--json"});
  EXPECT_EQ(of_keys.code, 0);
  EXPECT_EQ(of_keys.out, of_text.out);
  const auto json = boost::json::parse(of_keys.out);
  EXPECT_EQ(json.at("label").as_string(), "ana");
  EXPECT_EQ(json.at("fingerprint").as_string().size(), 29U);
  EXPECT_EQ(run({"key", "public", "--key", organisation().keys("ana")}).out,
            content(organisation().keys("ana.txt")));
}

TEST_F(CliTest, KeysAreExtendedAndTheRosterTakesTheNewList) {
  const auto keys = path("keys");
  ASSERT_EQ(
      run_unlocked(cheap({"key", "create", "--out", keys, "--label", "zoe", "--weeks", "3"})).code,
      0);
  ASSERT_EQ(run({"key", "public", "--key", keys, "--out", path("first.txt")}).code, 0);
  ASSERT_EQ(run({"roster", "create", "--out", path("draft"), "--add", path("first.txt"),
                 "--organisation", "Casa"})
                .code,
            0);
  const auto extended = run_unlocked({"key", "extend", "--key", keys});
  ASSERT_EQ(extended.code, 0) << extended.err;
  EXPECT_THAT(extended.err, HasSubstr("roster renew"));
  ASSERT_EQ(run({"roster", "renew", keys / "public.txt", "--from", path("draft"), "--out",
                 path("renewed")})
                .code,
            0);
  const auto shown = run({"roster", "show", path("renewed")});
  EXPECT_THAT(shown.out, HasSubstr("52 weeks + reserve"));
  const auto again = run_unlocked({"key", "extend", "--key", keys});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("reach that far already"));
  const auto wrong = run_unlocked({"key", "extend", "--key", keys}, "not the passphrase");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_TRUE(one_line(wrong.err));
}

TEST_F(CliTest, EveryKindOfKeyHasItsFingerprint) {
  ASSERT_EQ(run_unlocked(cheap({"key", "create", "--researcher", "--label", "Eva", "--out",
                                path("field.key")}))
                .code,
            0);
  const auto fingerprint_of = [&](const std::filesystem::path& file) {
    const auto result = run({"key", "fingerprint", file, "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return std::string(boost::json::parse(result.out).at("fingerprint").as_string());
  };
  EXPECT_EQ(fingerprint_of(path("field.key")), fingerprint_of(path("field.key.pub")));
  EXPECT_EQ(fingerprint_of(organisation().root()), fingerprint_of(organisation().root_public()));
  EXPECT_EQ(fingerprint_of(organisation().keys("ana") / "identity.key"),
            fingerprint_of(organisation().keys("ana")));
  const std::string hex = content(organisation().root_public()).substr(0, 64);
  EXPECT_EQ(fingerprint_of(hex), fingerprint_of(organisation().root())) << "as read from a screen";
  EXPECT_EQ(run({"key", "fingerprint", hex.substr(2)}).code, 1);
  const auto none = run({"key", "fingerprint", organisation().keys("ana") / "wrapping.key"});
  EXPECT_EQ(none.code, 1);
  EXPECT_TRUE(one_line(none.err));
}

TEST_F(CliTest, ARosterIsShownAndVerified) {
  const auto shown = run({"roster", "show", organisation().roster(), "--json"});
  const auto json = boost::json::parse(shown.out);
  EXPECT_EQ(json.at("number").as_int64(), 1);
  EXPECT_EQ(json.at("members").as_array().size(), 2U);
  const auto verified = run({"roster", "verify", organisation().roster(), "--root",
                             organisation().root_public(), "--json"});
  EXPECT_EQ(verified.code, 0);
  EXPECT_EQ(boost::json::parse(verified.out).at("activeMembers").as_int64(), 2);
}

TEST_F(CliTest, ARosterOfAnotherRootIsRefused) {
  ASSERT_EQ(run_unlocked(cheap({"root", "create", "--out", path("other")})).code, 0);
  const auto result =
      run({"roster", "verify", organisation().roster(), "--root", path("other.pub")});
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(one_line(result.err));
}

TEST_F(CliTest, AWrongPassphraseSignsNothing) {
  const auto result = run_unlocked({"roster", "sign", organisation().keys("draft"), "--root-key",
                                    organisation().root(), "--out", path("signed")},
                                   "not the passphrase");
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(one_line(result.err));
  EXPECT_THAT(result.err, HasSubstr("root.key"));
  EXPECT_EQ(files_here(), 0U);
}

TEST_F(CliTest, TheNextRosterRevokes) {
  const auto shown = run({"roster", "show", organisation().roster(), "--json"});
  const auto members = boost::json::parse(shown.out).at("members").as_array();
  std::string luis;
  for (const auto& member : members)
    if (member.at("label").as_string() == "luis") luis = member.at("member").as_string();
  ASSERT_EQ(run({"roster", "create", "--from", organisation().roster(), "--root",
                 organisation().root_public(), "--revoke", luis, "--add",
                 organisation().keys("eva.txt"), "--organisation", "Casa", "--out", path("d2")})
                .code,
            0);
  ASSERT_EQ(run_unlocked({"roster", "sign", path("d2"), "--root-key", organisation().root(),
                          "--out", path("r2")})
                .code,
            0);
  const auto verified =
      run({"roster", "verify", path("r2"), "--root", organisation().root_public(), "--json"});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_EQ(boost::json::parse(verified.out).at("number").as_int64(), 2);
  EXPECT_EQ(boost::json::parse(verified.out).at("activeMembers").as_int64(), 2);
}

}  // namespace
}  // namespace resguardo::testing_support
