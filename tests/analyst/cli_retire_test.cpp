// SPDX-License-Identifier: AGPL-3.0-or-later
// `key retire`, on real keys, a real bundle and a log that closes the week.
#include <gmock/gmock.h>

#include "analyst/import/roster_shelf.h"
#include "crypto/open/key_directory.h"
#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/log_server.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

class CliRetireTest : public CliTest {
 protected:
  // Ana's keys begin three weeks ago; the roster names the log of `server_`.
  void SetUp() override {
    std::string words = kPassphrase;
    const auto passphrase =
        SecretBytes::take({reinterpret_cast<std::uint8_t*>(words.data()), words.size()}).value();
    ASSERT_TRUE(open::create_key_directory(path("ana"), {"Ana", week(), 12, {1, kMemory}},
                                           passphrase, server_.salts)
                    .ok());
    must({"key", "public", "--key", path("ana"), "--out", path("ana.txt")});
    must({"roster", "create", "--out", path("draft"), "--add", path("ana.txt"), "--organisation",
          "Casa", "--log-key", to_hex(server_.key.public_key().view()), "--log-origin",
          server_.origin});
    const auto signed_ = run_unlocked({"roster", "sign", path("draft"), "--root-key",
                                       organisation().root(), "--out", path("roster.signed")});
    ASSERT_EQ(signed_.code, 0) << signed_.err;
  }
  static constexpr std::uint64_t kMemory = open::LockCost::kMinMemory;
  static Week week() { return Week{week_of(organisation().now).number - 3}; }
  static Day day() { return day_of(start_of(monday_of(week()))); }
  void must(const std::vector<std::string>& arguments) {
    const auto result = run(arguments);
    ASSERT_EQ(result.code, 0) << result.err;
  }
  static PublicKey<RootRole> root_key() {
    const auto hex = parse_hex(content(organisation().root_public()).substr(0, 64));
    return PublicKey<RootRole>::from_bytes(hex.value()).value();
  }
  VerifiedRoster roster() const {
    const std::string file = content(path("roster.signed"));
    return analyst::verify_alone(as_bytes(file), root_key(), organisation().now).value();
  }
  // The server's log as it is today, where it stands in a bundle.
  std::vector<pb::BundleFrame> with_log(std::vector<pb::BundleFrame> frames) const {
    const Day today = day_of(organisation().now);
    frames.front().mutable_header()->set_day(today.number);
    frames.front().mutable_header()->set_log_origin(server_.origin);
    const auto log = server_.frames(today);
    frames.insert(frames.begin() + 3, log.begin(), log.end() - 1);
    frames.push_back(log.back());  // the checkpoint
    return frames;
  }
  // One report of three weeks ago; `close`: and the log says that the week is closed.
  std::filesystem::path bundle(const std::string& name, bool close) {
    BundleMaker maker(roster(), kSmallForm, start_of(day()), 1);
    report_ = maker.add(small_report());
    auto frames = maker.frames();
    std::erase_if(frames, [&](const pb::BundleFrame& frame) {
      if (frame.has_log_entry()) server_.entries = {to_bytes(as_bytes(frame.log_entry().entry()))};
      return frame.has_log_entry();
    });
    if (close) {
      LogFact fact = server_.fact(0, Day{day().number + 9}, LogKind::kEpochClosed);
      fact.week = week();
      server_.entries.push_back(make_log_entry(fact, server_.salts));
    }
    return put(name, write_bundle(with_log(std::move(frames))));
  }
  ProgramResult bring(const std::filesystem::path& file, const std::string& vault) const {
    return run_unlocked({"import", file, "--vault", path(vault), "--key", path("ana"), "--root",
                         organisation().root_public(), "--memory", "64MiB", "--passes", "1"});
  }
  ProgramResult retire(const std::string& which, std::vector<std::string> more = {},
                       const std::string& passphrase = kPassphrase) const {
    more.insert(more.begin(), {"key", "retire", which, "--key", path("ana"), "--vault", path("v")});
    return run_unlocked(more, passphrase);
  }
  std::filesystem::path key_file() const {
    return path("ana") / "epochs" / (to_string(week()) + ".key");
  }

  LogServer server_;
  ReportId report_;
};

TEST_F(CliRetireTest, ItsReportsOpenFromTheVaultAndNotWithTheKeys) {
  const auto file = bundle("b", true);
  const auto brought = bring(file, "v");
  ASSERT_EQ(brought.code, 0) << brought.err;
  const auto asked = retire(to_string(week()), {"--dry-run"});
  EXPECT_EQ(asked.code, 0) << asked.err;
  EXPECT_TRUE(std::filesystem::exists(key_file()));
  const auto done = retire(to_string(week()));
  ASSERT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("is destroyed"));
  EXPECT_FALSE(std::filesystem::exists(key_file()));
  const auto shown = run_unlocked({"show", to_hex(report_.view()), "--vault", path("v")});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Nos bajaron del autobús"));
  const auto anew = bring(file, "another");
  EXPECT_EQ(anew.code, 1);
  EXPECT_THAT(anew.err, HasSubstr("none of its 1 segments opens with these keys"));
  const auto again = retire(to_string(week()));
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, HasSubstr("retired"));
}

TEST_F(CliRetireTest, EachRefusalLeavesTheKey) {
  const auto refusal = [&](const std::string& which, int code, std::vector<std::string> more = {},
                           const std::string& passphrase = kPassphrase) {
    const auto result = retire(which, std::move(more), passphrase);
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_TRUE(std::filesystem::exists(key_file()));
    return result.err;
  };
  const std::string name = to_string(week());
  EXPECT_THAT(refusal(name, 1), HasSubstr("there is no vault"));
  ASSERT_EQ(bring(bundle("open", false), "v").code, 0);
  EXPECT_THAT(refusal(name, 1), HasSubstr("does not say that week " + name + " is closed"));
  EXPECT_THAT(refusal("reserve", 2), HasSubstr("reserve belongs to no week"));
  EXPECT_THAT(refusal("2026-W99", 2), HasSubstr("not a week"));
  EXPECT_THAT(refusal("1999-W01", 1), HasSubstr("has no key of 1999-W01"));
  EXPECT_THAT(refusal(to_string(week_of(organisation().now)), 1), HasSubstr("is not over"));
  EXPECT_THAT(refusal(name, 1, {}, "not the passphrase"), HasSubstr("wrong passphrase"));
  EXPECT_THAT(refusal(name, 2, {"--gone", server_.origin}), HasSubstr("in use"));
}

TEST_F(CliRetireTest, AReportThatDidNotComeKeepsTheKey) {
  bundle("whole", true);
  const BundleMaker nothing(roster(), kSmallForm, start_of(day()), 2);
  ASSERT_EQ(bring(put("empty", write_bundle(with_log(nothing.frames()))), "v").code, 0);
  const auto refused = retire(to_string(week()));
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr(to_hex(report_.view())));
  EXPECT_TRUE(std::filesystem::exists(key_file()));
  ASSERT_EQ(bring(path("whole"), "v").code, 0);
  EXPECT_EQ(retire(to_string(week())).code, 0);
}

}  // namespace
}  // namespace resguardo::testing_support
