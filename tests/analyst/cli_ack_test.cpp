// SPDX-License-Identifier: AGPL-3.0-or-later
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "crypto/log/acknowledgement.h"
#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class CliAckTest : public CliTest {
 protected:
  // Of the organisation's roster, which names no log.
  static std::string bytes_of(const BundleMaker& bundle) {
    auto frames = bundle.frames();
    frames.at(0).mutable_header()->clear_log_origin();
    return write_bundle(frames);
  }
  ProgramResult ack(const std::string& who, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"ack", "--vault", path("v"), "--key", organisation().keys(who)});
    return run_unlocked(more);
  }
  Acknowledgement verified(const std::string& name) const {
    return verify_acknowledgement(as_bytes(content(path(name))), organisation().verified()).value();
  }
};

TEST_F(CliAckTest, SignsWhatOpenedAndTheServersSideBelievesIt) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  bundle.add(small_report());
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 0);
  const auto result = ack("ana", {"--out", path("a")});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("2 segments"));
  EXPECT_THAT(result.out, HasSubstr("for the server's operator"));
  const Acknowledgement said = verified("a");
  ASSERT_EQ(said.segments.size(), 2U);
  EXPECT_TRUE(said.segments[0].testimony && said.segments[0].identity);
  EXPECT_EQ(said.log_size, 0U);  // its entries wait for a checkpoint
  EXPECT_EQ(said.roster, organisation().verified().anchor().digest);
  const auto shown = run({"ack", "--show", path("a"), "--json"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_EQ(json::parse(shown.out).at("acknowledged").as_array().size(), 2U);
}

TEST_F(CliAckTest, WhatDidNotOpenIsToldAndNotSigned) {
  BundleMaker bundle = maker();
  const ReportId spoilt = bundle.add(small_report());
  auto& row = *bundle.rows().at(2).mutable_row()->mutable_row();
  row.at(row.size() / 2) = static_cast<char>(row.at(row.size() / 2) ^ 1);
  bundle.add(small_report());
  ASSERT_EQ(import(put("b", bytes_of(bundle)), "ana", "v").code, 1);
  const auto result = ack("ana", {"--out", path("a"), "--json"});
  EXPECT_EQ(result.code, 0) << result.err;
  const auto left_out = json::parse(result.out).at("notAcknowledged").as_array();
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_EQ(left_out[0].at("report").as_string(), to_hex(spoilt.view()));
  EXPECT_EQ(left_out[0].at("opened").as_int64(), 1);
  EXPECT_EQ(verified("a").segments.size(), 1U);
}

// A vault two members work on: each signs what their own keys opened.
TEST_F(CliAckTest, OneMembersOpeningIsNotAnothers) {
  BundleMaker bundle = maker();
  bundle.add(small_report());
  const auto file = put("b", bytes_of(bundle));
  ASSERT_EQ(import(file, "ana", "v").code, 0);
  const auto before = ack("luis", {"--out", path("a")});
  EXPECT_EQ(before.code, 1);
  EXPECT_THAT(before.err, HasSubstr("holds nothing that these keys opened"));
  EXPECT_FALSE(std::filesystem::exists(path("a")));
  ASSERT_EQ(import(file, "luis", "v").code, 0);
  EXPECT_EQ(ack("luis", {"--out", path("a")}).code, 0);
  EXPECT_EQ(verified("a").segments.size(), 1U);
}

TEST_F(CliAckTest, AskForWhatIsMissing) {
  EXPECT_EQ(run({"ack"}).code, 2);
  EXPECT_EQ(run({"ack", "--vault", path("v")}).code, 2);
  EXPECT_EQ(run({"ack", "--show", path("none")}).code, 1);
  EXPECT_EQ(run({"ack", "--show", put("x", "-----BEGIN RESGUARDO ROSTER-----\n")}).code, 1);
}

}  // namespace
}  // namespace resguardo::testing_support
