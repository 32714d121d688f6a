// SPDX-License-Identifier: AGPL-3.0-or-later
// What is done with a vault is written down in it, and what it keeps can be checked.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/analyst/cli_fixture.h"
#include "tests/analyst/vault_file.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliCustodyTest : public CliTest {
 protected:
  void SetUp() override {
    BundleMaker bundle = maker();
    report_ = to_hex(bundle.add(small_report()).view());
    for (int i = 0; i < 2; ++i) bundle.add(small_report());
    ASSERT_EQ(import(put("b", bundle.bytes()), "ana", "v").code, 0);
  }
  ProgramResult of_vault(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--vault", path("v")});
    return run_unlocked(arguments);
  }
  json::array entries(std::vector<std::string> arguments = {"journal", "--json"}) const {
    return json::parse(of_vault(std::move(arguments)).out).at("entries").as_array();
  }
  std::vector<std::string> deeds() const {
    std::vector<std::string> all;
    for (const auto& entry : entries()) all.emplace_back(entry.at("what").as_string());
    return all;
  }
  void change(StaticText sql) const {
    auto database = vault_file(path("v"), kPassphrase);
    ASSERT_TRUE(database.ok());
    ASSERT_TRUE(database->execute(sql).ok());
  }
  std::string report_;
};

TEST_F(CliCustodyTest, WhatIsDoneIsWrittenDownWithoutTheKeys) {
  ASSERT_EQ(of_vault({"show", report_}).code, 0);
  ASSERT_EQ(of_vault({"search", "CANARYWORD"}).code, 0);
  ASSERT_EQ(of_vault({"incidents"}).code, 0);
  ASSERT_EQ(of_vault({"stats"}).code, 0);
  ASSERT_EQ(
      of_vault({"export", "--format", "csv", "--despite-consent", "--out", path("o.csv")}).code, 0);
  EXPECT_THAT(deeds(),
              ::testing::ElementsAre("made this vault's key for the journal", "imported", "read",
                                     "searched", "searched", "searched", "exported"));
  const json::array all = entries();
  EXPECT_EQ(all.at(1).at("signedBy"), "member");
  EXPECT_EQ(all.at(1).at("reports"), 3);
  EXPECT_EQ(all.at(2).at("signedBy"), "vault");
  EXPECT_EQ(all.at(2).at("report").as_string(), report_);
  EXPECT_EQ(all.at(6).at("reports"), 3);
  for (const auto& entry : all) EXPECT_TRUE(entry.at("signerInRoster").as_bool());
  const auto shown = of_vault({"journal"});
  EXPECT_THAT(shown.out, Not(HasSubstr("CANARYWORD")));
  EXPECT_EQ(entries({"journal", "show", report_.substr(0, 10), "--json"}).size(), 3U)
      << "imported, read, exported";
}

TEST_F(CliCustodyTest, VerifyFindsWhatWasChanged) {
  const auto whole = of_vault({"journal", "verify"});
  ASSERT_EQ(whole.code, 0) << whole.err;
  EXPECT_THAT(whole.out, HasSubstr("3 segments"));
  const std::string head = whole.out.substr(whole.out.find("head      ") + 10, 66);
  EXPECT_EQ(of_vault({"journal", "verify", "--head", head}).code, 0) << head;
  EXPECT_EQ(of_vault({"journal", "verify", "--head", "x"}).code, 2);
  for (const StaticText sql :
       {StaticText("UPDATE packs SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) ||"
                   " CASE substr(sealed, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)"),
        StaticText("UPDATE packs SET records = CAST(substr(records, 1, length(records) - 1) ||"
                   " CASE substr(records, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)"),
        StaticText("UPDATE packs SET header = CAST(header || x'00' AS BLOB)"),
        StaticText("UPDATE questionnaires SET form = CAST(form || x'00' AS BLOB)")}) {
    change(sql);
    const auto changed = of_vault({"journal", "verify"});
    EXPECT_EQ(changed.code, 1) << sql.c_str();
    EXPECT_THAT(changed.err, HasSubstr("were changed"));
  }
  change("DELETE FROM journal WHERE number > 2");
  ASSERT_EQ(of_vault({"show", report_}).code, 0);
  const auto cut = of_vault({"journal", "verify", "--head", head});
  EXPECT_EQ(cut.code, 1);
  change(
      "UPDATE journal SET signed = CAST(substr(signed, 1, 40) || x'00' ||"
      " substr(signed, 42) AS BLOB) WHERE number = 2");
  const auto broken = of_vault({"journal", "verify"});
  EXPECT_EQ(broken.code, 1);
  EXPECT_THAT(broken.err, HasSubstr("journal, entry 2"));
}

TEST_F(CliCustodyTest, AVaultWithoutAKeyGoesOnAndSaysSo) {
  change("DELETE FROM custody_keys");
  const auto shown = of_vault({"show", report_});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.err, HasSubstr("not written into the vault's journal"));
  EXPECT_EQ(of_vault({"show", report_, "--as", "nobody"}).code, 2);
  EXPECT_EQ(entries().size(), 2U);
}

}  // namespace
}  // namespace resguardo::testing_support
