// SPDX-License-Identifier: AGPL-3.0-or-later
// `reply` and `withdrawals`, with the real program.
#include <gmock/gmock.h>

#include "analyst/vault/vault_withdrawals.h"
#include "crypto/base/hash.h"
#include "crypto/log/withdrawal.h"
#include "crypto/mailbox/mailbox_opener.h"
#include "crypto/mailbox/reply.h"
#include "crypto/session/receipt.h"
#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/log_server.h"
#include "tests/support/at_terminal.h"
#include "tests/support/paths.h"

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
  const auto searched = in_vault({"search", "AUTOBUS"});
  EXPECT_THAT(searched.out, Not(HasSubstr(id.substr(0, 8))));
  EXPECT_THAT(searched.out, HasSubstr(other.substr(0, 8)));
  const auto shown = in_vault({"show", id});
  EXPECT_EQ(shown.code, 1);
  EXPECT_THAT(shown.err, HasSubstr("locked"));
  EXPECT_THAT(reply(id, "words").err, HasSubstr("locked"));
  ASSERT_EQ(in_vault({"export", "--format", "ndjson", "--out", path("x")}).code, 0);
  EXPECT_THAT(content(path("x")), Not(HasSubstr(id)));
  EXPECT_THAT(content(path("x")), HasSubstr(other));
  EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("signed by the reporter"));
}

TEST_F(CliReturnTest, AHoldIsInTheJournalWithItsReasonOrIsNot) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = bundle.add(report_with_keys());
  const std::string id = to_hex(report.view());
  bundle.log(withdrawal(report, 1));
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 0);
  const std::string until =
      to_string(Day{day_of(organisation().now).number + 2 * analyst::kWithdrawalHoldDays});
  const auto hold = [&](const std::string& day, std::vector<std::string> more) {
    more.insert(more.begin(), {"withdrawals", "--hold", id.substr(0, 8), "--until", day});
    return in_vault(more);
  };
  const std::string key = organisation().keys("ana");
  EXPECT_EQ(hold(until, {"--key", key}).code, 2) << "not without a reason";
  EXPECT_EQ(hold(until, {"--reason", "the court asks"}).code, 2) << "nor unsigned";
  EXPECT_EQ(hold("2020-01-01", {"--key", key, "--reason", "too early"}).code, 1);
  EXPECT_THAT(in_vault({"journal"}).out, Not(HasSubstr("held")));
  const auto held = hold(until, {"--key", key, "--reason", "the court asks"});
  EXPECT_EQ(held.code, 0) << held.err;
  EXPECT_THAT(held.out, HasSubstr(until));
  const auto journal = in_vault({"journal"});
  EXPECT_EQ(journal.code, 0) << journal.err;
  EXPECT_THAT(journal.out, HasSubstr("held a withdrawal"));
  EXPECT_THAT(journal.out, HasSubstr("until " + until + ": the court asks"));
  EXPECT_THAT(journal.out, Not(HasSubstr("too early")));
  EXPECT_THAT(in_vault({"journal", "--json"}).out, HasSubstr(id));
}

TEST_F(CliReturnTest, WhatNobodyVerifiedPeopleSettleAtATerminal) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = bundle.add(report_with_keys());
  const std::string id = to_hex(report.view()).substr(0, 8);
  bundle.log(withdrawal(report, 9));
  const auto file = put("b", bytes_of(bundle));
  ASSERT_THAT(import(file, "ana", "v").err, HasSubstr("--settle"));
  const auto words = put("words", kPassphrase);
  const auto settle = [&](const std::string& how, const std::string& why) {
    return std::vector<std::string>{"withdrawals", "--settle", id,
                                    "--as",        how,        "--reason",
                                    why,           "--key",    organisation().keys("ana")};
  };
  EXPECT_EQ(in_vault(settle("perhaps", "why")).code, 2);
  const auto kept = in_vault(settle("keep", "she says she did not"));
  EXPECT_EQ(kept.code, 0) << kept.err;
  EXPECT_THAT(kept.out, HasSubstr("stays: settled"));
  EXPECT_THAT(import(file, "ana", "v").err, Not(HasSubstr("claims"))) << "nobody is asked again";
  const auto alone = in_vault(settle("erase", "a script"));
  EXPECT_EQ(alone.code, 2);
  EXPECT_THAT(alone.err, HasSubstr("there is none to ask on"));
  const auto at_terminal = [&](const std::string& typed) {
    auto arguments = settle("erase", "she says she did");
    arguments.insert(arguments.begin(), bin_dir() / "resguardo-analyst");
    arguments.insert(arguments.end(), {"--vault", path("v"), "--passphrase-file", words});
    return run_at_terminal(arguments, "to go on: ", typed);
  };
  EXPECT_EQ(at_terminal("yes\n").code, 1);
  EXPECT_EQ(in_vault({"show", id}).code, 0);
  const auto erased = at_terminal("erase " + id + "\n");
  EXPECT_EQ(erased.code, 0) << erased.screen;
  EXPECT_EQ(in_vault({"show", id}).code, 1);
  EXPECT_THAT(in_vault({"withdrawals"}).out, HasSubstr("erased"));
  const auto journal = in_vault({"journal"}).out;
  EXPECT_THAT(journal, HasSubstr("settled a withdrawal: nothing goes"));
  EXPECT_THAT(journal, HasSubstr("settled a withdrawal: erased"));
  EXPECT_THAT(journal, HasSubstr("she says she did not"));
  EXPECT_THAT(journal, Not(HasSubstr("a script")));
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
  const auto left_out = in_vault({"export", "--format", "ndjson", "--out", path("none")});
  EXPECT_THAT(left_out.err, HasSubstr("1 reports are left out"));
  EXPECT_EQ(content(path("none")), "");
  // And where it is written all the same, it is not said to be allowed.
  ASSERT_EQ(
      in_vault({"export", "--format", "csv", "--despite-consent", "--out", path("c.csv")}).code, 0);
  EXPECT_THAT(content(path("c.csv")), Not(HasSubstr("research")));
  ASSERT_EQ(
      in_vault({"export", "--format", "ndjson", "--despite-consent", "--out", path("x")}).code, 0);
  EXPECT_THAT(content(path("x")), Not(HasSubstr("\"codes\":[\"extortion\",\"research\"]")));
  EXPECT_THAT(content(path("x")), HasSubstr("\"takenBack\":[\"research\"]"));
}

}  // namespace
}  // namespace resguardo::testing_support
