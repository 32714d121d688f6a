// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
namespace json = boost::json;

class CliRosterTest : public CliTest {
 protected:
  json::object member(const std::filesystem::path& roster, const std::string& label) const {
    const json::object all = shown(roster);
    for (const auto& one : all.at("members").as_array())
      if (one.at("label").as_string() == label.c_str()) return one.as_object();
    ADD_FAILURE() << "nobody is called " << label;
    return {};
  }
  std::string id_of(const std::filesystem::path& roster, const std::string& label) const {
    return std::string(member(roster, label).at("member").as_string());
  }
  json::object shown(const std::filesystem::path& roster) const {
    const auto result = run({"roster", "show", roster, "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out).as_object();
  }
  // roster COMMAND … --from FROM --root ROOT --out OUT
  ProgramResult change(std::vector<std::string> command, const std::filesystem::path& from,
                       const std::string& out) const {
    command.insert(command.begin(), "roster");
    for (const std::string& word : {std::string("--from"), from.string(), std::string("--root"),
                                    root_.string(), std::string("--out"), path(out).string()})
      command.push_back(word);
    return run(command);
  }
  ProgramResult sign(const std::string& draft, const std::filesystem::path& root,
                     const std::string& out) const {
    return run_unlocked({"roster", "sign", path(draft), "--root-key", root, "--out", path(out)});
  }
  void new_root(const std::string& name) const {
    ASSERT_EQ(
        run_unlocked({"root", "create", "--out", path(name), "--memory", "64MiB", "--passes", "1"})
            .code,
        0);
  }
  std::filesystem::path root_ = organisation().root_public();
};

TEST_F(CliRosterTest, ARootIsReplacedInThreeRosters) {
  new_root("new");
  const auto first = organisation().roster();
  ASSERT_EQ(change({"create", "--next-root", path("new.pub")}, first, "d2").code, 0);
  ASSERT_EQ(sign("d2", organisation().root(), "r2").code, 0);
  ASSERT_EQ(change({"create"}, path("r2"), "d3").code, 0);
  EXPECT_EQ(shown(path("d3")).at("toBeSignedBy").as_array().size(), 2U);
  const auto half = sign("d3", organisation().root(), "half");
  EXPECT_EQ(half.code, 0);
  EXPECT_THAT(half.err, HasSubstr("Not finished"));
  EXPECT_EQ(run({"roster", "verify", path("half"), "--root", root_}).code, 1);
  const auto again = sign("half", organisation().root(), "wrong");
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("has signed it already"));
  ASSERT_EQ(sign("half", path("new"), "r3").code, 0);
  const auto verified = run(
      {"roster", "verify", path("r3"), "--root", root_, "--after", first, path("r2"), "--json"});
  ASSERT_EQ(verified.code, 0) << verified.err;
  EXPECT_EQ(json::parse(verified.out).at("root").as_string(),
            content(path("new.pub")).substr(0, 64));
  // The old root alone does not go on.
  ASSERT_EQ(change({"create"}, path("r3"), "d4").code, 0);
  EXPECT_EQ(sign("d4", organisation().root(), "r4").code, 1);
  EXPECT_EQ(sign("d4", path("new"), "r4").code, 0);
  EXPECT_EQ(run({"roster", "verify", path("r4"), "--root", root_, "--after", first, path("r2"),
                 path("r3")})
                .code,
            0);
  EXPECT_EQ(run({"roster", "verify", path("r4"), "--root", root_}).code, 1);
}

TEST_F(CliRosterTest, ALostRootIsReplacedByHand) {
  new_root("new");
  const auto draft =
      change({"create", "--replace-root", path("new.pub")}, organisation().roster(), "d2");
  ASSERT_EQ(draft.code, 0);
  EXPECT_THAT(draft.err, HasSubstr("by hand"));
  ASSERT_EQ(sign("d2", path("new"), "r2").code, 0);
  const auto after = [&](const std::string& root) {
    return run({"roster", "verify", path("r2"), "--root", root, "--after", organisation().roster()})
        .code;
  };
  EXPECT_EQ(after(root_), 1);
  EXPECT_EQ(run({"roster", "verify", path("r2"), "--root", path("new.pub")}).code, 0);
}

TEST_F(CliRosterTest, MembersAreSuspendedAndRestored) {
  const auto first = organisation().roster();
  ASSERT_EQ(change({"suspend", id_of(first, "luis")}, first, "d2").code, 0);
  EXPECT_EQ(member(path("d2"), "luis").at("state").as_string(), "suspended");
  EXPECT_FALSE(member(path("d2"), "luis").at("readsTestimony").as_bool());
  ASSERT_EQ(sign("d2", organisation().root(), "r2").code, 0);
  ASSERT_EQ(
      change({"restore", organisation().keys("luis.txt"), "--reads", "identity"}, path("r2"), "d3")
          .code,
      0);
  EXPECT_EQ(member(path("d3"), "luis").at("state").as_string(), "active");
  EXPECT_FALSE(member(path("d3"), "luis").at("readsTestimony").as_bool());
  EXPECT_TRUE(member(path("d3"), "luis").at("readsIdentity").as_bool());
  // A draft is changed further.
  ASSERT_EQ(
      change({"add", organisation().keys("eva.txt"), "--organisation", "Otra"}, path("d3"), "d3b")
          .code,
      0);
  ASSERT_EQ(change({"revoke", id_of(first, "luis")}, path("d3b"), "d3c").code, 0);
  EXPECT_EQ(member(path("d3c"), "luis").at("state").as_string(), "revoked");
  EXPECT_EQ(member(path("d3c"), "eva").at("organisation").as_string(), "Otra");
  EXPECT_EQ(shown(path("d3c")).at("number").as_int64(), 3);
}

TEST_F(CliRosterTest, ARosterIsShownAsAPersonChecksIt) {
  const auto text = run({"roster", "show", organisation().roster()}).out;
  EXPECT_THAT(text, HasSubstr("testimony   any one of 2 of Casa"));
  EXPECT_THAT(text, HasSubstr("2 weeks + reserve"));
  EXPECT_THAT(text, HasSubstr("signed by   "));
  EXPECT_THAT(text, HasSubstr("days left)"));
}

TEST_F(CliRosterTest, AWrongChangeIsOneLine) {
  const auto first = organisation().roster();
  const auto refused = [&](std::vector<std::string> command, int code, const char* why) {
    const auto result = change(std::move(command), first, "out");
    EXPECT_EQ(result.code, code) << why;
    EXPECT_THAT(result.err, HasSubstr(why));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(path("out")));
  };
  refused({"revoke", std::string(32, '0')}, 1, "no active member");
  refused({"revoke", "luis"}, 2, "32 hex digits");
  refused({"restore", organisation().keys("luis.txt")}, 1, "nobody suspended or revoked");
  refused({"add", organisation().keys("ana.txt"), "--organisation", "Casa"}, 1, "already");
  refused({"renew", organisation().keys("ana.txt")}, 1, "does not follow");
  refused({"reads", id_of(first, "ana"), "--reads", "all"}, 2, "testimony, identity or both");
  refused({"create", "--next-root", root_}, 2, "is the root that signs");
}

}  // namespace
}  // namespace resguardo::testing_support
