// SPDX-License-Identifier: AGPL-3.0-or-later
// The second reader, analyst/recover/recover.py, on bundles that C++ sealed: the same words as
// resguardo-analyst's, and the same places of damage.
#include <gmock/gmock.h>

#include "crypto/open/analyst_keys.h"
#include "tests/analyst/recover_fixture.h"

namespace resguardo::testing_support {
namespace {

using ::testing::HasSubstr;

const std::string kHostile =
    "Año 2026: «¡Ñandú!» \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xF0\x9F\x95\x8A\r\nsegunda "
    "línea\t"
    "=cmd|'/c calc'!A1 \x1b[2J\xE2\x80\xAEtrebla" +
    std::string(1, '\0') + std::string(4000, 'x');

// Accents, emoji, NUL, 4,000 characters; a name in the identity; three segments, one interrupted;
// a report that never ended.
BundleMaker hostile_bundle(BundleMaker bundle) {
  ScriptTurn told = say("story", kHostile, {"=1+1", "b|c"});
  told.message = std::string("\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f", 16);
  told.identity.push_back(answer_entry("name", "Ana \xC3\x91" + std::string(1, '\0') + "úñez"));
  bundle.add({{{{say("what", "", {"extortion"}), told}, true},
               {{say("story", "interrumpido")}, false},
               {{say("story", "y después"), {}}, true}},
              true,
              true});
  bundle.add({{{{say("story", "sin final")}, false}}, false, true});
  bundle.add(small_report());
  return bundle;
}

TEST_F(RecoverTest, ReadsWordForWordWhatTheAnalystsProgramReads) {
  const auto file = put("b", hostile_bundle(maker()).bytes());
  for (const std::string who : {"ana", "luis"}) {
    ASSERT_EQ(import(file, who, who + "-vault").code, 0);
    const auto result = opened(file, who, {"--out", path(who)});
    EXPECT_EQ(result.code, 0) << result.out << result.err;
    expect_same(by_cplusplus(who + "-vault"), by_python(who));
    EXPECT_THAT(result.out, HasSubstr("interrupted"));
    EXPECT_THAT(result.out, HasSubstr("incomplete"));
  }
  std::size_t hostile = 0;
  for (const auto& one : by_python("ana"))
    hostile += one.at("text").as_string() == kHostile ? 1U : 0U;
  EXPECT_EQ(hostile, 1U);
}

TEST_F(RecoverTest, ItsTextCannotActOnATerminal) {
  const auto file = put("b", hostile_bundle(maker()).bytes());
  ASSERT_EQ(opened(file, "ana", {"--out", path("o")}).code, 0);
  for (const auto& one : std::filesystem::recursive_directory_iterator(path("o"))) {
    if (!one.is_regular_file()) continue;
    const std::string text = content(one.path());
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << one.path();
    EXPECT_EQ(text.find("\xE2\x80\xAE"), std::string::npos) << one.path();
    EXPECT_EQ(text.find('\0'), std::string::npos) << one.path();
  }
}

TEST_F(RecoverTest, SaysTheSamePlaceOfDamageAndWritesNothing) {
  const std::string whole = hostile_bundle(maker()).bytes();
  for (std::size_t at = 7; at < whole.size(); at += whole.size() / 9) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    const auto file = put("b", flipped);
    const auto theirs = run({"verify", file});
    EXPECT_EQ(theirs.code, 1);
    const auto result = opened(file, "ana", {"--out", path("o")});
    EXPECT_EQ(result.code, 1);
    const auto start = result.err.find("frame ");
    ASSERT_NE(start, std::string::npos) << result.err;
    const std::string place = result.err.substr(start, result.err.find(':', start) - start);
    EXPECT_THAT(theirs.out + theirs.err, HasSubstr(place)) << result.err;
    EXPECT_FALSE(std::filesystem::exists(path("o")));
  }
}

TEST_F(RecoverTest, WhatIsWholeOfADamagedBundleComesWhenAsked) {
  const std::string whole = hostile_bundle(maker()).bytes();
  const auto file = put("b", whole.substr(0, whole.size() - 40));
  EXPECT_EQ(opened(file, "ana", {"--out", path("o"), "--damaged"}).code, 1);  // and says so
  (void)import(file, "ana", "v", {"--salvage"});
  EXPECT_FALSE(by_python("o").empty());
  expect_same(by_cplusplus("v"), by_python("o"));
}

// Whoever rewrites the frames' checks still cannot change, move or drop what was sealed.
TEST_F(RecoverTest, AForgedRowIsNamedAndTheRestIsKept) {
  BundleMaker bundle = hostile_bundle(maker());
  auto& row = *bundle.rows().at(2).mutable_row()->mutable_row();
  row.at(row.size() / 2) = static_cast<char>(row.at(row.size() / 2) ^ 1);
  const auto file = put("b", bundle.bytes());
  const auto result = opened(file, "ana", {"--out", path("o")});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("row 1 and all after it"));
  EXPECT_THAT(result.out, HasSubstr("the log says other bytes"));
  (void)import(file, "ana", "v");
  expect_same(by_cplusplus("v"), by_python("o"));
}

TEST_F(RecoverTest, WhatTheLogOrTheRosterContradictsIsAFault) {
  BundleMaker bundle = maker();
  const ReportId id = bundle.add(small_report());
  bundle.add_segment(id, 1, {{say("story", "añadido")}, true});
  const auto file = put("b", bundle.bytes());
  EXPECT_THAT(opened(file, "ana", {"--out", path("o")}).out, HasSubstr("the log says other bytes"));
  // A root that signed nothing here: the rosters are not believed, so neither are the readers.
  const auto key = open::SecretKey<RootRole>::generate().value().public_key();
  const auto others = recover({file, "--root", to_hex(key.view())});
  EXPECT_EQ(others.code, 1);
  EXPECT_THAT(others.out, HasSubstr("not signed by the root key given"));
  EXPECT_THAT(others.out, HasSubstr("sealed under a roster that did not come along"));
}

TEST_F(RecoverTest, PartsComeInAnyOrderAndWhatIsMissingOrForeignIsNamed) {
  BundleMaker bundle = maker();
  for (int i = 0; i < 4; ++i) bundle.add(small_report());
  std::vector<std::string> files;
  for (const std::string& part : write_parts(bundle.frames(), 1))
    files.push_back(put("p" + std::to_string(files.size()), part).string());
  ASSERT_EQ(opened(put("whole", bundle.bytes()), "ana", {"--out", path("whole-out")}).code, 0);
  const auto any_order =
      opened(files[2], "ana", {files[0], files[3], files[1], files[3], "--out", path("any")});
  EXPECT_EQ(any_order.code, 0) << any_order.out << any_order.err;
  EXPECT_THAT(any_order.out, HasSubstr("given more than once: 4"));
  expect_same(by_python("whole-out"), by_python("any"));
  const auto missing = opened(files[2], "ana", {"--out", path("missing")});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.out, HasSubstr("missing: 1 to 2; the last part has not come"));
  EXPECT_EQ(by_python("missing").size(), by_python("any").size() / 4);
  auto other = bundle.frames();
  other.at(0).mutable_header()->set_bundle_id(std::string(16, 'c'));
  const auto mixed = recover({files[0], put("other", write_bundle(other))});
  EXPECT_EQ(mixed.code, 1);
  EXPECT_THAT(mixed.err, HasSubstr("open one bundle at a time"));
}

TEST_F(RecoverTest, RemarksDoNotDrownFaults) {
  BundleMaker bundle = maker();
  for (int i = 0; i < 9; ++i) bundle.add({{{{say("what", "x")}, false}}, false, true});
  const auto result = opened(put("b", bundle.bytes()), "ana", {"--out", path("o")});
  EXPECT_THAT(result.out, HasSubstr("remark: … and 6 more of the same"));
  EXPECT_EQ(flags_by_python("o"), (std::set<std::string>{"incomplete", "interrupted"}));
}

TEST_F(RecoverTest, WrongKeysPassphrasesAndCommandLines) {
  const auto file = put("b", hostile_bundle(maker()).bytes());
  const auto stranger = opened(file, "eva", {"--out", path("o")});
  EXPECT_EQ(stranger.code, 1);
  EXPECT_THAT(stranger.err, HasSubstr("these keys open nothing"));
  const auto wrong = recover({file, "--keys", organisation().keys("ana"), "--passphrase-file",
                              put("wrong", "not the passphrase\n"), "--out", path("o")});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("wrapping.key: wrong passphrase"));
  EXPECT_EQ(recover({file, "--keys", organisation().keys("ana")}).code, 2);
  EXPECT_EQ(recover({}).code, 2);
  EXPECT_EQ(opened(file, "ana", {"--out", path("b")}).code, 2);  // exists
  EXPECT_FALSE(std::filesystem::exists(path("o")));
  EXPECT_EQ(recover({file, "--root", root()}).code, 0);  // checks without any key
}

}  // namespace
}  // namespace resguardo::testing_support
