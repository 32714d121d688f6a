// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

bool one_problem(const std::string& err) {
  std::size_t problems = 0;
  std::size_t at = 0;
  while (at < err.size()) {
    const std::size_t end = err.find('\n', at);
    if (err.substr(at, end - at).find(": warning: ") == std::string::npos) ++problems;
    at = end + 1;
  }
  return problems == 1;
}

class CliDamageTest : public CliTest {
 protected:
  void expect_refused(const std::string& bytes, const std::string& what) {
    const auto file = put("b", bytes);
    const auto files = files_here();
    const auto result = import(file, "ana", "v");
    EXPECT_EQ(result.code, 1) << what;
    EXPECT_EQ(result.out, "") << what;
    EXPECT_TRUE(one_problem(result.err)) << what << ": " << result.err;
    EXPECT_EQ(files_here(), files) << what;
  }
};

TEST_F(CliDamageTest, AWrongPassphraseIsOneLineAndWritesNothing) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  const auto result =
      run_unlocked({"import", file, "--vault", path("v"), "--key", organisation().keys("ana"),
                    "--root", organisation().root_public()},
                   "not the passphrase");
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(one_problem(result.err)) << result.err;
  EXPECT_THAT(result.err, HasSubstr("ana"));
  EXPECT_EQ(files_here(), 1U);
  ASSERT_EQ(import(file, "ana", "v").code, 0);
  const auto vault = run_unlocked({"list", "--vault", path("v")}, "not the passphrase");
  EXPECT_EQ(vault.code, 1);
  EXPECT_EQ(vault.out, "");
  EXPECT_TRUE(one_problem(vault.err));
}

TEST_F(CliDamageTest, KeysThatOpenNothingAreOneLineAndWriteNothing) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  const auto result = import(file, "eva", "v");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("sealed for ana, luis"));
  EXPECT_TRUE(one_problem(result.err)) << result.err;
  EXPECT_EQ(files_here(), 1U);
}

TEST_F(CliDamageTest, ABundleCutShortIsRefusedAtEveryLength) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const std::string whole = bundle.bytes();
  for (std::size_t length = 0; length < whole.size(); length += whole.size() / 12 + 1)
    expect_refused(whole.substr(0, length), "cut to " + std::to_string(length));
  expect_refused(whole.substr(0, whole.size() - 1), "without its last byte");
  expect_refused(whole + "x", "with a byte more");
}

TEST_F(CliDamageTest, FlippedBitsAreRefused) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const std::string whole = bundle.bytes();
  for (std::size_t i = 7; i < whole.size(); i += whole.size() / 12) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
    expect_refused(flipped, "byte " + std::to_string(i));
    EXPECT_EQ(run({"verify", path("b")}).code, 1);
  }
}

TEST_F(CliDamageTest, SalvageTakesWhatIsWholeAndSaysWhere) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const std::size_t one_report = bundle.bytes().size();
  bundle.add(small_report());
  const std::string whole = bundle.bytes();
  const auto file = put("b", whole.substr(0, whole.size() - (whole.size() - one_report) / 3));
  EXPECT_EQ(import(file, "ana", "v").code, 1);
  const auto result = import(file, "ana", "v", {"--salvage"});
  EXPECT_EQ(result.code, 0) << result.err;  // what came opened
  EXPECT_THAT(result.err, HasSubstr("damaged at frame "));
  EXPECT_THAT(result.err, HasSubstr(", segment 0 after "));
  EXPECT_THAT(result.err, HasSubstr(" was taken, of report "));
  EXPECT_THAT(result.err, HasSubstr("Import another copy when you have one"));
  const auto verified = run({"verify", file, "--json"});
  EXPECT_EQ(json::parse(verified.out).at("damage").at("cut").at("announced").as_int64(), 3);
  const auto listed = run_unlocked({"list", "--vault", path("v"), "--json"});
  const auto reports = json::parse(listed.out).at("reports").as_array();
  ASSERT_EQ(reports.size(), 2U);
  std::multiset<std::string> flags;
  for (const auto& report : reports) flags.insert(json::serialize(report.at("flags")));
  EXPECT_EQ(flags, (std::multiset<std::string>{R"(["unreadable","log-differs"])", "[]"}));
  // The whole bundle mends it.
  ASSERT_EQ(import(put("c", whole), "ana", "v").code, 0);
  const auto mended = run_unlocked({"list", "--vault", path("v"), "--json"});
  const json::value mended_json = json::parse(mended.out);
  for (const auto& report : mended_json.at("reports").as_array())
    EXPECT_EQ(json::serialize(report.at("flags")), "[]");
}

// Whoever rewrites the frame checks still cannot change what was sealed.
TEST_F(CliDamageTest, AForgedRowCostsTheRestOfItsSegment) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  auto& row = *bundle.rows().at(2).mutable_row()->mutable_row();
  row.at(row.size() / 2) = static_cast<char>(row.at(row.size() / 2) ^ 1);
  const auto file = put("b", bundle.bytes());
  EXPECT_EQ(run({"verify", file}).code, 1);
  const auto result = import(file, "ana", "v");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("do not open to their end"));
  const auto listed = run_unlocked({"list", "--vault", path("v"), "--json"});
  const auto report = json::parse(listed.out).at("reports").at(0);
  EXPECT_EQ(json::serialize(report.at("flags")), R"(["unreadable","log-differs"])");
  EXPECT_EQ(report.at("answers").as_int64(), 1);
}

TEST_F(CliDamageTest, ALostRowIsNoticedByTheLogAndTheTotals) {
  BundleMaker bundle = maker();
  bundle.add({{{{say("what", "", {"extortion"}), say("story", "x"), say("name", "y")}, false},
               {{say("name", "z")}, true}},
              true,
              true});
  bundle.rows().erase(bundle.rows().begin() + 3);  // the last row of the first segment
  bundle.rows().front().mutable_segment()->set_rows(2);
  const auto result = import(put("b", bundle.bytes()), "ana", "v");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("not what the server's log says"));
  const auto listed = run_unlocked({"list", "--vault", path("v"), "--json"});
  EXPECT_EQ(json::serialize(json::parse(listed.out).at("reports").at(0).at("flags")),
            R"(["interrupted","totals-differ","log-differs"])");
}

TEST_F(CliDamageTest, ARosterOfAnotherRootIsRefused) {
  ASSERT_EQ(
      run_unlocked({"root", "create", "--out", path("other"), "--memory", "64MiB", "--passes", "1"})
          .code,
      0);
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  const auto files = files_here();
  const auto result = run_unlocked({"import", file, "--vault", path("v"), "--key",
                                    organisation().keys("ana"), "--root", path("other.pub")});
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(one_problem(result.err)) << result.err;
  EXPECT_EQ(files_here(), files);
  EXPECT_EQ(run({"verify", file, "--root", path("other.pub")}).code, 1);
}

TEST_F(CliDamageTest, VerifySaysWhatItDidNotCheck) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bundle.bytes());
  const auto without = run({"verify", file});
  EXPECT_EQ(without.code, 0) << without.err;
  EXPECT_THAT(without.out, HasSubstr("not checked: give --root"));
  const auto with = run({"verify", file, "--root", organisation().root_public(), "--json"});
  EXPECT_EQ(with.code, 0);
  const auto found = json::parse(with.out);
  EXPECT_TRUE(found.at("whole").as_bool());
  EXPECT_EQ(found.at("reportsThatFitTheLog").as_int64(), 1);
  EXPECT_EQ(found.at("segmentsForOtherMembers").as_int64(), 0);
}

}  // namespace
}  // namespace resguardo::testing_support
