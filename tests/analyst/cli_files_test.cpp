// SPDX-License-Identifier: AGPL-3.0-or-later
// Photos and voice notes as an analyst meets them, through the real program.
#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "crypto/base/hash.h"
#include "crypto/base/sha256.h"
#include "tests/analyst/cli_fixture.h"

namespace resguardo::testing_support {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CliFilesTest : public CliTest {
 protected:
  // A report with a photo, a voice note that was lost, and a video that nobody has fetched yet.
  BundleMaker with_files() {
    BundleMaker bundle = maker();
    ScriptTurn turn = say("story", "con fotos");
    for (const int file : {1, 2, 3})
      turn.testimony.push_back(
          sent_entry(media_id(static_cast<std::uint8_t>(file)), "story", "mi \x1B[2J foto"));
    id_ = bundle.add({{{{turn, say("end", "y")}, true}}, true, true});
    bundle.add_file(id_, media_id(1), {photo_, "image/jpeg", "../../evil.html", false, true});
    bundle.add_file(id_, media_id(2), {"", "audio/ogg", "", true, true});
    return bundle;
  }
  ProgramResult vault(const std::string& command, std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {command, "--vault", path("vault")});
    return run_unlocked(more);
  }
  ReportId id_;
  const std::string photo_ = std::string(70'000, 'p') + "hoto";
};

TEST_F(CliFilesTest, AFileIsListedShownAndWrittenUnderANameOfOurs) {
  const auto file = put("b", with_files().bytes());
  const auto verified = run({"verify", file});
  EXPECT_EQ(verified.code, 0) << verified.err;
  EXPECT_THAT(verified.out, HasSubstr("files          1 in 2 chunks; 0 that the log names"));
  const auto imported = import(file, "ana", "vault");
  ASSERT_EQ(imported.code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("1 files came whole and open, 0 here already"));
  EXPECT_THAT(vault("list").out, HasSubstr("1 of 3"));
  const auto shown = vault("show", {to_hex(id_.view())});
  EXPECT_THAT(shown.out, HasSubstr("here, as it was sent"));
  EXPECT_THAT(shown.out, HasSubstr("lost: over the server"));
  EXPECT_THAT(shown.out, HasSubstr("sent; the server had not fetched it"));
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1B")));

  const auto written =
      vault("export", {"--format", "csv", "--out", path("out.csv"), "--media", path("media")});
  ASSERT_EQ(written.code, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("1 files written to"));
  EXPECT_THAT(written.err, HasSubstr("2 files that were sent are not in it"));
  const std::string name = to_hex(id_.view()) + "-" + to_hex(media_id(1).view()) + ".jpg";
  EXPECT_EQ(content(path("media") / name), photo_);
  const auto manifest = json::parse(content(path("out.csv.manifest.json")));
  const auto& media = manifest.at("media").as_array();
  ASSERT_EQ(media.size(), 3U);
  EXPECT_EQ(media.at(0).at("file").as_string(), name);
  EXPECT_EQ(media.at(0).at("sha256").as_string(), to_hex(sha256(as_bytes(photo_)).view()));
  EXPECT_EQ(media.at(1).at("state").as_string(), "lost");
  EXPECT_THAT(content(path("out.csv")), HasSubstr("here sha256:"));
  EXPECT_EQ(
      vault("export", {"--format", "csv", "--out", path("b.csv"), "--media", path("media")}).code,
      1)
      << "never over something else";
  EXPECT_FALSE(std::filesystem::exists(path("b.csv")));
}

TEST_F(CliFilesTest, OfADamagedFileTheReportIsTakenAndTheFileNamed) {
  BundleMaker bundle = with_files();
  bundle.chunks().at(1).mutable_media_chunk()->mutable_ciphertext()->front() ^= 1;
  const auto imported = import(put("b", bundle.bytes()), "ana", "vault");
  EXPECT_EQ(imported.code, 1);
  EXPECT_THAT(imported.err, HasSubstr("1 files came whole and do not open"));
  EXPECT_THAT(vault("list").out, HasSubstr("file-damaged"));
  ASSERT_EQ(vault("export", {"--format", "ndjson", "--out", path("o"), "--media", path("m")}).code,
            0);
  EXPECT_TRUE(std::filesystem::is_empty(path("m")));
  EXPECT_EQ(json::parse(content(path("o"))).at("media").at(0).at("state").as_string(), "damaged");
}

TEST_F(CliFilesTest, AFileOfNobodyStopsVerifyAtItsFrame) {
  auto frames = with_files().frames();
  frames.push_back(frames.back());
  frames.back().mutable_media_chunk()->set_media_id(std::string(16, 'n'));
  frames.back().mutable_media_chunk()->set_index(0);
  const auto verified = run({"verify", put("b", write_bundle(frames))});
  EXPECT_EQ(verified.code, 1);
  EXPECT_THAT(verified.err, HasSubstr("the first at frame " + std::to_string(frames.size() - 1)));
}

TEST_F(CliFilesTest, AnAcknowledgementNamesAnAddendumOnlyWithItsFile) {
  BundleMaker bundle = with_files();
  auto frames = bundle.frames();
  frames.at(0).mutable_header()->clear_log_origin();  // the roster names none
  const std::string whole = write_bundle(frames);
  frames.pop_back();
  const auto ack = [&](const std::string& out) {
    return run_unlocked({"ack", "--vault", path("vault"), "--key", organisation().keys("ana"),
                         "--out", path(out), "--json"});
  };
  ASSERT_EQ(import(put("cut", write_bundle(frames)), "ana", "vault").code, 0);
  const auto without = json::parse(ack("one").out);
  EXPECT_EQ(without.at("segments").as_int64(), 2);
  ASSERT_EQ(without.at("notAcknowledged").as_array().size(), 1U);
  EXPECT_TRUE(without.at("notAcknowledged").at(0).at("withoutFile").as_bool());
  ASSERT_EQ(import(put("whole", whole), "ana", "vault").code, 0);
  EXPECT_EQ(json::parse(ack("two").out).at("segments").as_int64(), 3);
}

}  // namespace
}  // namespace resguardo::testing_support
