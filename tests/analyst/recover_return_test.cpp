// SPDX-License-Identifier: AGPL-3.0-or-later
// What reporters took back, as both readers judge it: locked, forged, merely claimed, or a purpose.
#include <gmock/gmock.h>

#include "crypto/base/hash.h"
#include "crypto/format/strict_parse.h"
#include "crypto/log/withdrawal.h"
#include "crypto/session/receipt.h"
#include "proto/log.pb.h"
#include "tests/analyst/recover_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace json = boost::json;

class RecoverReturnTest : public RecoverTest {
 protected:
  static SecretBytes seed(std::uint8_t n) {
    Bytes bytes(32, n);
    return SecretBytes::take(bytes).value();
  }
  static Digest key_hash(std::uint8_t n) {
    return sha256(sign_withdrawal(seed(n), {}).value().key);
  }
  static Day day() { return day_of(organisation().now); }
  static Bytes withdrawal(const ReportId& report, std::uint8_t by,
                          std::vector<std::string> purposes = {}) {
    Bytes statement = withdrawal_bytes({report, std::move(purposes), day()}).value();
    auto made = sign_withdrawal(seed(by), statement).value();
    SystemRandom salts;
    return make_withdrawal_entry({std::move(statement), made.key, made.signature}, day(), salts)
        .value();
  }
  static Bytes fact(const ReportId& report, LogKind kind, std::optional<std::uint8_t> key = {},
                    Day when = day()) {
    LogFact said;
    said.kind = kind;
    said.id = to_bytes(report.view());
    said.day = when;
    if (key) said.withdrawal_key_hash = key_hash(*key);
    SystemRandom salts;
    return make_log_entry(said, salts);
  }
  // Of key 1; its consent is to two things.
  ReportId add(BundleMaker& bundle) const {
    ScriptReport told = small_report();
    told.key_hash = key_hash(1);
    pb::Entry consent = answer_entry("what", "", {"extortion", "research"});
    consent.mutable_answer()->set_text_version("abcd");
    told.segments[0].turns.push_back({{consent}, {}, ""});
    return bundle.add(told);
  }
  // Both read it.
  void read(const BundleMaker& bundle) {
    const auto file = put("b", write_bundle(server_.logged(bundle.frames(), after_)));
    const auto came = import(file, "ana", "v");
    ASSERT_EQ(came.code, 0) << came.err;
    const auto result = opened(file, "ana", {"--out", path("o")});
    ASSERT_TRUE(std::filesystem::exists(path("o"))) << result.out << result.err;
    python_ = result.out;
    const auto listed = run_unlocked({"withdrawals", "--vault", path("v"), "--json"});
    const json::value all = json::parse(listed.out);
    const auto& one = all.at("withdrawals").as_array();
    ASSERT_THAT(one, SizeIs(1)) << listed.out;
    theirs_ = one[0].as_object();
    expect_same(by_cplusplus("v"), by_python("o"));
  }
  std::string everything() const { return json::value_to<std::string>(theirs_.at("everything")); }
  std::string not_signed() const {
    return json::value_to<std::string>(theirs_.at("purposesNotSigned"));
  }

  LogServer server_;
  Day after_ = day();  // of the checkpoint
  std::string python_;
  json::object theirs_;
};

TEST_F(RecoverReturnTest, SignedIsLockedForBoth) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = add(bundle);
  bundle.add(small_report());
  bundle.log(withdrawal(report, 1));
  read(bundle);
  EXPECT_EQ(everything(), "signed by the reporter");
  EXPECT_THAT(python_, HasSubstr("report " + to_hex(report.view()) +
                                 ": taken back by its reporter, signed: it is locked"));
  const auto text = path("o") / "reports" / (to_hex(report.view()) + ".txt");
  EXPECT_FALSE(std::filesystem::exists(text)) << "nothing of it is written";
  EXPECT_THAT(by_python("o"), Not(IsEmpty())) << "of the other one it is";
}

TEST_F(RecoverReturnTest, TheOnlyReportMayBeLocked) {
  BundleMaker bundle = logged_maker(server_);
  bundle.log(withdrawal(add(bundle), 1));
  read(bundle);
  EXPECT_EQ(everything(), "signed by the reporter");
  EXPECT_THAT(by_python("o"), IsEmpty());
}

TEST_F(RecoverReturnTest, ForgedLocksNothing) {
  BundleMaker bundle = logged_maker(server_);
  bundle.log(withdrawal(add(bundle), 9));
  read(bundle);
  EXPECT_EQ(everything(), "forged");
  EXPECT_THAT(python_, HasSubstr("the person withdrew it (forged)"));
  EXPECT_THAT(by_python("o"), Not(IsEmpty()));
}

TEST_F(RecoverReturnTest, ClaimedLocksNothing) {
  BundleMaker bundle = logged_maker(server_);
  bundle.log(fact(add(bundle), LogKind::kWithdrawal));
  read(bundle);
  EXPECT_EQ(everything(), "claimed by the server");
  EXPECT_THAT(python_, HasSubstr("the person withdrew it (claimed)"));
  EXPECT_THAT(by_python("o"), Not(IsEmpty()));
}

TEST_F(RecoverReturnTest, AStatementWhereNoKeyIsNamedIsAClaim) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = bundle.add(small_report());
  bundle.log(withdrawal(report, 1));
  read(bundle);
  EXPECT_THAT(python_, HasSubstr(everything() == "forged" ? "(forged)" : "(claimed)"));
}

TEST_F(RecoverReturnTest, AKeyThatIsNamedLaterIsNotTheReporters) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = add(bundle);
  bundle.log(fact(report, LogKind::kAddendum, 9));
  bundle.log(withdrawal(report, 9));
  read(bundle);
  EXPECT_EQ(everything(), "forged");
  EXPECT_THAT(python_, HasSubstr("(forged)"));
}

TEST_F(RecoverReturnTest, AKeyThatComesAfterTheReportWasThereIsNobodys) {
  BundleMaker bundle = logged_maker(server_);
  ScriptReport told = small_report();
  told.complete = false;
  const ReportId report = bundle.add(told);
  after_ = Day{day().number + 1};
  bundle.log(fact(report, LogKind::kReport, 9, after_));
  bundle.log(withdrawal(report, 9));
  read(bundle);
  EXPECT_EQ(everything(), "claimed by the server");
  EXPECT_THAT(python_, HasSubstr("(claimed)"));
}

TEST_F(RecoverReturnTest, TwoKeysOfOneDayAreDisputed) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = add(bundle);
  bundle.log(fact(report, LogKind::kReport, 9));
  bundle.log(withdrawal(report, 1));
  read(bundle);
  EXPECT_THAT(everything(), HasSubstr("disputed"));
  EXPECT_THAT(python_, HasSubstr("(disputed)"));
}

TEST_F(RecoverReturnTest, AKeyThatWaitsTakesNothingBack) {
  BundleMaker bundle = logged_maker(server_);
  ScriptReport told = small_report();
  told.complete = false;
  const ReportId report = bundle.add(told);
  server_.waiting = {fact(report, LogKind::kReport, 9), withdrawal(report, 9)};
  read(bundle);
  EXPECT_EQ(everything(), "claimed by the server");
  EXPECT_THAT(python_, HasSubstr("(claimed)"));
  EXPECT_THAT(by_python("o"), Not(IsEmpty()));
}

TEST_F(RecoverReturnTest, APurposeIsGoneFromWhatBothTell) {
  BundleMaker bundle = logged_maker(server_);
  const ReportId report = add(bundle);
  bundle.log(withdrawal(report, 1, {"research"}));
  bundle.log(withdrawal(report, 9, {"extortion"}));
  read(bundle);
  EXPECT_EQ(json::serialize(theirs_.at("purposes")), R"(["research"])");
  EXPECT_EQ(not_signed(), "forged");
  EXPECT_THAT(python_, HasSubstr("took back, signed, that it is used for: research"));
  EXPECT_THAT(python_, HasSubstr("the person took back a purpose (forged)"));
  EXPECT_THAT(content(path("o") / "reports" / (to_hex(report.view()) + ".txt")),
              HasSubstr("taken back by the reporter: research"));
  std::size_t taken = 0;
  for (const auto& one : by_python("o"))
    taken += json::serialize(one.at("takenBack")) == R"(["research"])" ? 1U : 0U;
  EXPECT_EQ(taken, 1U);
}

// As a restored server does: each entry once more, with a salt of its own.
TEST_F(RecoverReturnTest, WhatTheLogSaysTwiceIsOneThingForBoth) {
  BundleMaker bundle = maker();
  ScriptReport told = small_report();
  told.segments[0].turns.push_back({{sent_entry(media_id(7), "story")}, {}, ""});
  const ReportId report = bundle.add(told);
  bundle.add_file(report, media_id(7), {.content = "a photo"});
  auto frames = bundle.frames();
  std::vector<pb::BundleFrame> twice;
  for (const pb::BundleFrame& frame : frames) {
    twice.push_back(frame);
    if (!frame.has_log_entry()) continue;
    auto entry = parse_strict<pb::LogEntry>(as_bytes(frame.log_entry().entry())).value();
    entry.set_salt(std::string(16, 'x'));
    twice.push_back(frame);
    twice.back().mutable_log_entry()->set_entry(to_string(serialize_canonical(entry)));
  }
  twice.at(0).mutable_header()->clear_log_origin();
  const auto file = put("b", write_bundle(twice));
  ASSERT_EQ(import(file, "ana", "v").code, 0);
  (void)opened(file, "ana", {"--out", path("o")});
  EXPECT_THAT(flags_by_cplusplus("v"), IsEmpty());
  EXPECT_THAT(flags_by_python("o"), IsEmpty());
}

}  // namespace
}  // namespace resguardo::testing_support
