// SPDX-License-Identifier: AGPL-3.0-or-later
// `reply` and `withdrawals`, with the real program.
#include <gmock/gmock.h>

#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/mailbox/mailbox_opener.h"
#include "crypto/mailbox/reply.h"
#include "crypto/session/receipt.h"
#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/log_server.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SecretBytes seed_of(std::uint8_t n) {
  Bytes bytes(32, n);
  return SecretBytes::take(bytes).value();
}

class CliReturnTest : public CliTest {
 protected:
  std::string bytes_of(const BundleMaker& bundle) {
    return write_bundle(server_.logged(bundle.frames(), day_of(organisation().now)));
  }
  static ScriptReport report_with_keys() {
    ScriptReport report = small_report();
    report.mailbox = to_string(MailboxOpener::from_seed(seed_of(5)).value().public_key().view());
    report.key_hash = sha256(sign_withdrawal(seed_of(1), {}).value().key);
    return report;
  }
  static Bytes withdrawal(const ReportId& report, std::uint8_t by,
                          std::vector<std::string> purposes = {}) {
    const Day day = day_of(organisation().now);
    Bytes statement = withdrawal_bytes({report, std::move(purposes), day}).value();
    auto made = sign_withdrawal(seed_of(by), statement).value();
    SystemRandom salts;
    return make_withdrawal_entry({std::move(statement), made.key, made.signature}, day, salts)
        .value();
  }
  ProgramResult in_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("v")});
    return run_unlocked(arguments);
  }
  ProgramResult reply(const std::string& id, const std::string& text) const {
    return in_vault({"reply", id, "--text-file", put("text", text), "--out", path("r"), "--key",
                     organisation().keys("ana")});
  }

  LogServer server_;
};

TEST_F(CliReturnTest, AReplyIsSignedAndOpensInTheReportersMailboxAlone) {
  BundleMaker bundle = logged_maker(server_);
  const std::string id = to_hex(bundle.add(report_with_keys()).view());
  const std::string without = to_hex(bundle.add(small_report()).view());
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 0);
  const auto result = reply(id, "¿Puede decirnos el día?\n");
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("no names"));
  const std::string file = content(path("r"));
  EXPECT_THAT(file, Not(HasSubstr("Puede")));
  const auto replies = verify_replies(as_bytes(file), roster_with_log(server_)).value();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(to_hex(replies[0].report.view()), id);
  const auto read = MailboxOpener::from_seed(seed_of(5)).value().open(replies[0].sealed).value();
  EXPECT_EQ(read.text.reveal(), "¿Puede decirnos el día?");
  EXPECT_EQ(read.language, "es");
  EXPECT_FALSE(read.organisation.empty());

  std::filesystem::remove(path("r"));
  EXPECT_THAT(reply(without, "words").err, HasSubstr("no mailbox"));
  EXPECT_EQ(reply(id, std::string(1601, 'x')).code, 1);
  EXPECT_FALSE(std::filesystem::exists(path("r")));
}

TEST_F(CliReturnTest, WhatItsReporterTookBackIsLockedAtOnce) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = bundle.add(report_with_keys());
  const std::string id = to_hex(report.view());
  const std::string other = to_hex(bundle.add(small_report()).view());
  bundle.log(withdrawal(report, 1));
  const auto came = import(put("b", bytes_of(bundle)), "ana", "v");
  EXPECT_EQ(came.code, 0) << came.err;
  EXPECT_THAT(came.err, HasSubstr(id.substr(0, 8) + " was taken back by its reporter"));
  const auto list = in_vault({"list"});
  EXPECT_THAT(list.out, Not(HasSubstr(id.substr(0, 8))));
  EXPECT_THAT(list.out, HasSubstr(other.substr(0, 8)));
  EXPECT_THAT(list.err, HasSubstr("1 reports were taken back"));
  const auto shown = in_vault({"show", id});
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.err, HasSubstr("locked"));
  EXPECT_THAT(reply(id, "words").err, HasSubstr("locked"));
  ASSERT_EQ(in_vault({"export", "--format", "ndjson", "--out", path("x")}).code, 0);
  EXPECT_THAT(content(path("x")), Not(HasSubstr(id)));
  EXPECT_THAT(content(path("x")), HasSubstr(other));
  EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("signed by the reporter"));
  EXPECT_EQ(in_vault({"withdrawals", "--hold", id, "--until", "2020-01-01", "--reason", "x"}).code,
            1);
}

TEST_F(CliReturnTest, WhatIsForgedIsShownAndTakesNothingAway) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = bundle.add(report_with_keys());
  const std::string id = to_hex(report.view());
  bundle.log(withdrawal(report, 9));
  const auto came = import(put("b", bytes_of(bundle)), "ana", "v");
  EXPECT_EQ(came.code, 0) << came.err;
  EXPECT_THAT(came.err, HasSubstr("the server claims that report " + id.substr(0, 8)));
  EXPECT_THAT(in_vault({"list"}).out, HasSubstr(id.substr(0, 8)));
  EXPECT_EQ(in_vault({"show", id}).code, 0);
  EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("forged"));
}

// Anybody can put entries that wait onto a stick, in any log's name.
TEST_F(CliReturnTest, WhatNobodySignedTakesNothingBackAndGivesNothingBack) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId stays = bundle.add(report_with_keys());
  const ReportId taken = bundle.add(report_with_keys());
  bundle.log(withdrawal(taken, 1));
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 0);
  for (const char* origin : {"x/y", "resguardo.example/log"}) {
    BundleMaker evil = logged_maker(server_);
    for (const ReportId& report : {stays, taken}) {
      LogFact fact;
      fact.id = to_bytes(report.view());
      fact.day = day_of(organisation().now);
      fact.withdrawal_key_hash = sha256(sign_withdrawal(seed_of(9), {}).value().key);
      evil.log(make_log_entry(fact, server_.salts));
      evil.log(withdrawal(report, 9));
    }
    auto frames = evil.frames();
    auto& header = *frames.front().mutable_header();
    header.set_log_origin(origin);
    header.set_bundle_id(std::string(16, origin[0]));
    if (origin == server_.origin) {  // slipped into what the server signed
      for (const auto& frame : frames)
        if (frame.has_log_entry())
          server_.waiting.push_back(to_bytes(as_bytes(frame.log_entry().entry())));
      std::erase_if(frames, [](const auto& frame) { return frame.has_log_entry(); });
      frames = server_.logged(frames, day_of(organisation().now));
    }
    const auto came =
        import(put(std::string("evil") + origin[0], write_bundle(frames)), "ana", "v");
    EXPECT_EQ(came.code, 0) << came.err;
    EXPECT_THAT(came.err, Not(HasSubstr("was taken back by its reporter")));
    EXPECT_EQ(in_vault({"show", to_hex(stays.view())}).code, 0);
    EXPECT_THAT(in_vault({"show", to_hex(taken.view())}).err, HasSubstr("locked"));
    EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("signed by the reporter"));
  }
}

TEST_F(CliReturnTest, APurposeThatWasTakenBackIsInNoExport) {
  BundleMaker bundle = logged_maker(server_);
  ScriptReport told = report_with_keys();
  pb::Entry consent = answer_entry("what", "", {"extortion", "research"});
  consent.mutable_answer()->set_text_version("abcd");
  told.segments[0].turns.push_back({{consent}, {}, ""});
  const ReportId report = bundle.add(told);
  bundle.log(withdrawal(report, 1, {"research"}));
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 0);
  const auto json = in_vault({"show", to_hex(report.view()), "--json"}).out;
  EXPECT_THAT(json, HasSubstr("\"consent\":[]"));
  EXPECT_THAT(json, HasSubstr("\"codes\":[\"extortion\"],\"takenBack\":[\"research\"]"));
  const auto shown = in_vault({"show", to_hex(report.view())}).out;
  EXPECT_THAT(shown, HasSubstr("Extorsión [extortion]\n    taken back: research\n"));
  EXPECT_THAT(shown, Not(HasSubstr("consent   ")));
  EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("research"));
  ASSERT_EQ(in_vault({"export", "--format", "csv", "--out", path("c.csv")}).code, 0);
  EXPECT_THAT(content(path("c.csv")), Not(HasSubstr("research")));
  ASSERT_EQ(in_vault({"export", "--format", "ndjson", "--out", path("x")}).code, 0);
  EXPECT_THAT(content(path("x")), Not(HasSubstr("\"codes\":[\"extortion\",\"research\"]")));
  EXPECT_THAT(content(path("x")), HasSubstr("\"takenBack\":[\"research\"]"));
}

}  // namespace
}  // namespace resguardo::testing_support
